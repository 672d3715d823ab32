// Which atomics a thread was at of late: a wake may come when its word is gone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <heddle/engine/operation.hpp>

namespace heddle::unmodified {

/// The atomics of a thread's latest steps, by their addresses. Whoever wakes has changed the word before, when it was there, and
/// may have done some other steps since, such as to give a lock back.
class LatestAtomics {
  public:
    void note(std::uintptr_t address, engine::Object* object) {
        Step& latest = steps_[(next_ + kept - 1) % kept];
        if (latest.address == address) latest.object = object;
        else steps_[next_++ % kept] = {address, object};
    }
    /// Of the latest step; zero if there was none.
    std::uintptr_t address() const { return steps_[(next_ + kept - 1) % kept].address; }
    /// Returns: the atomic that was there at the thread's latest step there; null if that is too long ago.
    engine::Object* at(std::uintptr_t address) const {
        for (std::size_t back = 1; back <= kept; ++back) {
            const Step& step = steps_[(next_ + kept - back) % kept];
            if (step.address == address) return step.object;
        }
        return nullptr;
    }

  private:
    static constexpr std::size_t kept = 8;  // a wake comes some steps after the change, not many

    struct Step {
        std::uintptr_t address = 0;
        engine::Object* object = nullptr;
    };
    std::array<Step, kept> steps_{};
    std::size_t next_ = 0;
};

}  // namespace heddle::unmodified

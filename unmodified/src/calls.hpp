// The calls that a thread is in, as the hooks of the functions tell.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "digest.hpp"

namespace heddle::unmodified {

class Calls {
  public:
    struct Call {
        std::uintptr_t called_from = 0;  ///< where the function returns to
        std::uintptr_t code = 0;         ///< in the function
        std::uintptr_t frame = 0;        ///< below the function's frame, and that of no function that it calls
        std::uintptr_t frame_top = 0;    ///< of the function's frame, as debugging information counts from it
    };

    /// A function with hooks begins.
    void enter(const Call& call) {
        leave_below(call.frame);  // what a jump or an exception has left has told nothing
        ++entered_;
        if (depth_ < most_kept) kept_[depth_] = {call, hash_, entered_};
        ++depth_;
        hash_ = mixed(hash_, call.called_from);
    }
    void leave() {
        if (depth_ == 0) return;
        --depth_;
        if (depth_ < most_kept) hash_ = kept_[depth_].hash_before;
    }
    void clear() {
        depth_ = 0;
        hash_ = 0;
    }

    /// The calls as one number: two calling contexts with one number are taken for the same.
    std::uint64_t context() const { return hash_; }

    /// How many have begun, those that have ended included.
    std::uint64_t entered() const { return entered_; }
    /// Of the calls that go on, the oldest that began after the first `entered`: where its frame ends, and its caller's
    /// begins. 0 if there is none.
    std::uintptr_t top_of_first_after(std::uint64_t entered) const {
        std::uintptr_t top = 0;
        for (std::size_t at = size(); at != 0 && kept_[at - 1].number > entered; --at)
            top = kept_[at - 1].call.frame_top;
        return top;
    }

    /// How many are kept: of very many, not the latest.
    std::size_t size() const { return depth_ < most_kept ? depth_ : most_kept; }
    /// The oldest first. Requires: `at` is below size().
    const Call& operator[](std::size_t at) const { return kept_[at].call; }

  private:
    static constexpr std::size_t most_kept = 256;

    struct Kept {
        Call call;
        std::uint64_t hash_before = 0;
        std::uint64_t number = 0;  ///< of all that have begun
    };

    void leave_below(std::uintptr_t frame) {
        while (depth_ != 0 && depth_ <= most_kept && kept_[depth_ - 1].call.frame <= frame) leave();
    }

    std::array<Kept, most_kept> kept_{};
    std::size_t depth_ = 0;
    std::uint64_t entered_ = 0;
    std::uint64_t hash_ = 0;
};

}  // namespace heddle::unmodified

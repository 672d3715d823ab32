// What the kernel keeps of each thread, where any thread may ask for it and change it: none of it changes how the thread runs
// here, since every order of the threads' steps is explored whatever their priorities and processors are. A thread that asks
// finds what was set, and orders nothing by that.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/adopted.hpp>

namespace heddle::unmodified {

class ThreadAttributes {
  public:
    enum class Kind : std::uint8_t { name, affinity, scheduling, niceness };

    void begin_run();
    /// A thread begins with what its creator, which is running, has set for itself.
    void inherit(unsigned thread);

    /// The bytes of one attribute. Requires: the program's code runs, and the thread exists.
    void set(Kind kind, unsigned thread, std::string bytes, std::uintptr_t caller);
    /// Returns: none if nobody has set it.
    std::optional<std::string> get(Kind kind, unsigned thread, std::uintptr_t caller);

    /// What a thread keeps to itself: nobody else may ask for it.
    struct Private {
        sigset_t blocked{};
        int cancel_state = PTHREAD_CANCEL_ENABLE;
        int cancel_type = PTHREAD_CANCEL_DEFERRED;
    };
    /// The running thread's. `changes`: whoever asks may change it.
    Private& of_running(bool changes);

    /// Empty if it is not the address of one.
    std::string name_of(std::uintptr_t address) const;

  private:
    static constexpr std::size_t kinds = 4;
    static constexpr std::size_t threads = engine::most_adopted_threads + 1;
    /// The number of a value is that of its maker and which of his it is, so that it is the same whenever the maker does the
    /// same. 0: none.
    using Numbers = std::array<std::uint64_t, kinds>;

    engine::Object* object_of(Kind kind, unsigned thread, std::uintptr_t caller) const;

    std::array<Numbers, threads> first_{};  ///< what each thread begins with; its addresses stand for the attributes
    std::array<Numbers, threads> own_{};    ///< what it has set for itself
    std::array<Private, threads> private_{};
    std::array<std::vector<std::string>, threads> values_;  ///< by who has set them
};

extern ThreadAttributes thread_attributes;

}  // namespace heddle::unmodified

// The thread_local variables of a program under check: each of its threads has its own, though all run on one OS thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace heddle::engine {

/// Those of the executable, as its symbols name them, and of its libraries, for one fiber: what they hold while another fiber
/// runs, and what ends with its thread. The engines' own are left out, and so are those of the system's libraries and of
/// libraries that are loaded after the first exploration.
class ThreadVariables {
  public:
    ThreadVariables() = default;
    ThreadVariables(const ThreadVariables&) = delete;
    ThreadVariables& operator=(const ThreadVariables&) = delete;

    /// Whether there are any.
    static bool exist();
    /// Whether those of the executable would be found: not if it has no symbols.
    static bool are_known();

    /// One fiber leaves the calling OS thread, and another one comes. Requires: exist().
    static void exchange(ThreadVariables& leaves, ThreadVariables& comes);

    /// The running fiber's begin anew, as in a thread that begins: none of its objects has ended.
    static void begin();

    /// Takes what the running fiber's hold, and what ends with them, for another fiber that is to go on with that.
    void take();
    /// The running fiber goes on with what was taken.
    void give();

    /// What the running fiber's hold, added to a number.
    static std::uint64_t digest(std::uint64_t value);

    /// Has `end(object)` called by end_thread_variables(). Requires: called by a program under check. Returns: whether it will
    /// be; not if there are no such variables.
    static bool ends_with(void (*end)(void*), void* object);

    /// Ends what the running fiber's thread has made, the latest first.
    static void end();

  private:
    void save();
    void load() const;

    struct End {
        void (*function)(void*);
        void* object;
    };

    std::vector<std::byte> values_;
    std::vector<End> ends_;

    inline static constinit thread_local ThreadVariables* current_ = nullptr;  ///< of the running fiber
};

}  // namespace heddle::engine

// What decides how a thread of the program goes on, as a number: whether it would go on as it did before.
#include <cxxabi.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "digest.hpp"
#include "frames.hpp"
#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

class Digest {
  public:
    void add(std::uint64_t part) { sum_ = mixed(sum_, part); }
    void add(const Range& memory) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): where memory lies is a number
        const auto* const begin = reinterpret_cast<const char*>(memory.begin);
        add(std::hash<std::string_view>()({begin, memory.size()}));
    }
    /// What the program's functions keep that have called heddle, in `frames`; and the registers that calls preserve.
    void add_frames_of_caller(const Modules& modules, std::vector<std::uint64_t>& frames) {
        Frames own;
        visit_frames(modules, [&own](const Frames& innermost) {
            own = innermost;
            return false;
        });
        if (self.stack_end - own.begin >= Threads::most_stack_bytes) return;  // the thread has come to its end
        add_bytes(own.registers);
        // NOLINTNEXTLINE(performance-no-int-to-ptr): where memory lies is a number
        const auto* const begin = reinterpret_cast<const std::uint64_t*>(own.begin);
        frames.assign(begin, begin + (self.stack_end - own.begin) / sizeof *begin);
    }
    /// Of a thread that waits for its next turn: what another one may have written there.
    void add_frames_of_other(const ThreadState& thread) {
        if (thread.calls.size() != 0) add(Range{thread.calls[thread.calls.size() - 1].frame, thread.stack_end});
    }
    /// What is not in the program's memory.
    void add_state_of_running_thread(bool looks_at_errno) {
        add(looks_at_errno ? static_cast<std::uint64_t>(errno) : 0);
        add(*reinterpret_cast<const std::uintptr_t*>(abi::__cxa_get_globals()));  // the exceptions that it handles
        add(self.traces);
        add(self.drawn);
        add_bytes(self.specific);
        for (std::size_t at = 0; at != self.at_end_count; ++at) add_bytes(self.at_end[at]);
    }
    template <class T>
    void add_bytes(const T& value) {
        const auto begin = reinterpret_cast<std::uintptr_t>(&value);
        add(Range{begin, begin + sizeof value});
    }
    std::uint64_t sum() const { return sum_; }

  private:
    std::uint64_t sum_ = 0;
};

}  // namespace

std::optional<std::uint64_t> FrontEnd::left_behind(std::vector<std::uint64_t>& frames) {
    if (!self.tells_all) return std::nullopt;
    const OutsideProgram outside;
    Digest digest;
    digest.add_frames_of_caller(modules, frames);
    digest.add(reinterpret_cast<std::uintptr_t>(self.argument));
    digest.add_bytes(run_->now());
    digest.add(digest_of_memory());
    return digest.sum();
}

std::uint64_t FrontEnd::digest_of_memory() {
    Digest digest;
    digest.add_state_of_running_thread(modules.looks_at_errno());
    for (const Range& memory : image_.ranges()) digest.add(memory);
    for (unsigned thread = Threads::first; threads.exists(thread); ++thread) {
        for (const ThreadLocal& memory : modules.thread_local_memory()) digest.add(storage.of(thread, memory));
        if (thread != witness_->thread()) digest.add_frames_of_other(storage.state(thread));
    }
    return digest.sum();
}

}  // namespace heddle::unmodified

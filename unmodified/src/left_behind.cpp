// What decides how a thread of the program goes on, as a number: whether it would go on as it did before.
#include <cxxabi.h>
#include <unwind.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <string_view>

#include "digest.hpp"
#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

/// Of the calling thread, without heddle's own.
struct FramesOfProgram {
    const Modules& modules;
    Frames frames{};

    static _Unwind_Reason_Code at(_Unwind_Context* context, void* data) {
        auto& found = *static_cast<FramesOfProgram*>(data);
        if (found.modules.is_own(_Unwind_GetIP(context))) return _URC_NO_REASON;
        // The registers that calls preserve, as debugging information counts them: rbx, rbp, r12 to r15.
        constexpr std::array<int, 6> numbers{3, 6, 12, 13, 14, 15};
        for (std::size_t at = 0; at != numbers.size(); ++at)
            found.frames.registers[at] = _Unwind_GetGR(context, numbers[at]);
        found.frames.begin = _Unwind_GetCFA(context);
        return _URC_END_OF_STACK;
    }
};

class Digest {
  public:
    void add(std::uint64_t part) { sum_ = mixed(sum_, part); }
    void add(const Range& memory) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): where memory lies is a number
        const auto* const begin = reinterpret_cast<const char*>(memory.begin);
        add(std::hash<std::string_view>()({begin, memory.size()}));
    }
    /// What the program's functions keep that have called heddle: the registers that calls preserve, too.
    void add_frames_of_caller(const Modules& modules) {
        FramesOfProgram own{modules};
        _Unwind_Backtrace(&FramesOfProgram::at, &own);
        if (self.stack_end - own.frames.begin >= Threads::most_stack_bytes) return;  // the thread has come to its end
        add_bytes(own.frames.registers);
        add(Range{own.frames.begin, self.stack_end});
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

std::optional<std::uint64_t> FrontEnd::left_behind() {
    if (!self.tells_all) return std::nullopt;
    const OutsideProgram outside;
    Digest digest;
    digest.add_frames_of_caller(modules);
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
        for (const ThreadLocal& memory : modules.thread_local_memory()) {
            const std::uintptr_t begin = storage.pointer(thread) - memory.below;
            digest.add(Range{begin, begin + memory.size});
        }
        if (thread != witness_->thread()) digest.add_frames_of_other(storage.state(thread));
    }
    return digest.sum();
}

}  // namespace heddle::unmodified

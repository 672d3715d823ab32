#include "watch.hpp"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <system_error>

#include <heddle/engine/adopted.hpp>
#include <heddle/engine/run.hpp>

#include "allocation.hpp"
#include "bad_access.hpp"
#include "lent_storage.hpp"
#include "stacks.hpp"
#include "threads/threads_engine.hpp"

namespace heddle::engine {

namespace {

constexpr std::array<int, 5> crashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
std::array<struct sigaction, crashes.size()> handlers_before;  // of the process

// One execution takes microseconds; a step of the program that takes so many seconds of the processor does not end.
constexpr int hang_seconds = 2;

struct sigaction& handler_before(int signal) {
    std::size_t n = 0;
    while (crashes[n] != signal) ++n;
    return handlers_before[n];
}

/// Where a thread was when a signal came; null on processors whose registers are not known here.
struct Registers {
    const std::byte* stack = nullptr;
    std::uintptr_t instruction = 0;
};

Registers registers_of(const void* context) {
    const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
    // NOLINTBEGIN(performance-no-int-to-ptr): registers are numbers
#if defined(__x86_64__)
    return {reinterpret_cast<const std::byte*>(machine.gregs[REG_RSP]),
            static_cast<std::uintptr_t>(machine.gregs[REG_RIP])};
#elif defined(__aarch64__)
    return {reinterpret_cast<const std::byte*>(machine.sp), static_cast<std::uintptr_t>(machine.pc)};
#else
    static_cast<void>(machine);
    return {};
#endif
    // NOLINTEND(performance-no-int-to-ptr)
}

bool is_code(std::uintptr_t address) {
    Dl_info found;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an unwinder gives numbers
    return dladdr(reinterpret_cast<const void*>(address), &found) != 0;
}

/// Whether the calls of the thread, which a signal has stopped there, do not lead to where it began.
bool has_lost_its_calls(const Registers& at) {
    bool is_lost = false;
    const bool is_readable = Watch::reads([&] {
        if (at.stack != nullptr && !is_code(at.instruction)) {  // called, or returned to: a return leaves its word
            std::uintptr_t left = 0;
            std::memcpy(&left, at.stack - sizeof left, sizeof left);
            is_lost = left == at.instruction && left != 0;
            return;
        }
        const auto look = [](_Unwind_Context* frame, void* found) {
            const std::uintptr_t address = _Unwind_GetIP(frame);
            *static_cast<bool*>(found) = address != 0 && !is_code(address);
            return *static_cast<bool*>(found) ? _URC_END_OF_STACK : _URC_NO_REASON;
        };
        _Unwind_Backtrace(look, &is_lost);
    });
    return is_lost || !is_readable;
}

// Heddle's own included, which the program has called, or which have seen it.
constexpr std::size_t most_calls_of_crash = 64;
// Not of a thread: the program's may have another one's storage.
constinit std::array<std::uintptr_t, most_calls_of_crash> calls_of_crash{};
constinit std::size_t calls_of_crash_count = 0;

void note_call(std::uintptr_t returns_to) {
    if (calls_of_crash_count != calls_of_crash.size()) calls_of_crash[calls_of_crash_count++] = returns_to;
}

/// The calls that a thread was in, which a signal has stopped there.
void note_calls(const Registers& at) {
    calls_of_crash_count = 0;
    Watch::reads([&] {
        if (at.stack != nullptr && !is_code(at.instruction)) {  // called: the caller's address is on the stack
            std::uintptr_t caller = 0;
            std::memcpy(&caller, at.stack, sizeof caller);
            return note_call(caller);
        }
        note_call(at.instruction + 1);
        const auto note = [](_Unwind_Context* frame, void*) {
            note_call(_Unwind_GetIP(frame));
            return _URC_NO_REASON;
        };
        _Unwind_Backtrace(note, nullptr);
    });
}

/// Whether the program has written beyond its stack, which a signal has stopped there, or over what is on it.
bool has_overwritten(int signal, const siginfo_t& info, const Registers& at) {
    const bool is_access = signal == SIGSEGV || signal == SIGBUS;
    const std::byte* const top = Stacks::top_of(at.stack);
    return (is_access && top != nullptr && Stacks::is_guard(info.si_addr) && info.si_addr >= top) ||
           has_lost_its_calls(at);
}

}  // namespace

/// What each OS thread needs: a stack for handlers, since that of a fiber may be what has run out, and a clock of its own.
class Watch::OfThread {
  public:
    OfThread() {
        const stack_t alternate{.ss_sp = stack_.get(), .ss_flags = 0, .ss_size = stack_bytes};
        if (sigaltstack(&alternate, nullptr) != 0)
            throw std::system_error(errno, std::generic_category(), "sigaltstack");
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = SIGVTALRM;
        event.sigev_value.sival_ptr = this;
        event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
        if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer_) != 0)
            throw std::system_error(errno, std::generic_category(), "timer_create");
        const itimerspec every_second{.it_interval = {1, 0}, .it_value = {1, 0}};
        timer_settime(timer_, 0, &every_second, nullptr);
    }
    /// One second more of an execution. Returns: whether it has had so many that it does not end.
    bool tick() {
        if (ticks_ == hang_seconds) return true;
        ticks_ = ticks_ + 1;
        return false;
    }
    void execution_begins() { ticks_ = 0; }

    OfThread(const OfThread&) = delete;
    OfThread& operator=(const OfThread&) = delete;
    ~OfThread() {
        timer_delete(timer_);
        const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
        sigaltstack(&none, nullptr);
    }

  private:
    static constexpr std::size_t stack_bytes = std::size_t{64} * 1024;
    std::unique_ptr<std::byte[]> stack_ = std::make_unique<std::byte[]>(stack_bytes);
    timer_t timer_{};
    volatile std::sig_atomic_t ticks_ = 0;  // seconds of the execution
};

void Watch::begin() {
    static const bool installed = [] {
        // Not blocked while its handler runs: that does not return.
        struct sigaction crash {};
        crash.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        for (const int signal : crashes) {
            crash.sa_sigaction = signal == SIGSEGV ? &Watch::on_access : &Watch::on_crash;
            sigaction(signal, &crash, &handler_before(signal));
        }
        struct sigaction tick {};
        tick.sa_sigaction = &Watch::on_tick;
        tick.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
        sigaction(SIGVTALRM, &tick, nullptr);
        // A child process has no timers: its thread needs one of its own. What the parent's thread has is left to it.
        pthread_atfork(nullptr, nullptr, [] { mine_ = nullptr; });
        return true;
    }();
    static_cast<void>(installed);
    if (mine_ != nullptr) return;
    static thread_local std::unique_ptr<OfThread> of_thread;
    static_cast<void>(of_thread.release());  // the parent's, if any
    of_thread = std::make_unique<OfThread>();
    mine_ = of_thread.get();
}

void Watch::execution_begins() noexcept {
    calls_of_crash_count = 0;
    if (mine_ != nullptr) mine_->execution_begins();
}

std::span<const std::uintptr_t> Watch::calls_of_crash() noexcept {
    return std::span(engine::calls_of_crash).first(calls_of_crash_count);
}

bool Watch::in_program() noexcept { return Run::current() != nullptr && AllocateFor::active() != nullptr; }

/// What the handler of a signal allocates is not the program's, and where it does so must not be looked up: it has a small stack.
void Watch::leave_program() noexcept {
    if (adopter_ != nullptr) adopter_->leave_program();
}

void Watch::fail_program(FailureKind kind, std::string_view message, Site site) {
    if (in_program()) Run::current()->fail(kind, message, site);
    fail_native_program(kind, message, site);
}

void Watch::on_access(int signal, siginfo_t* info, void* context) {
    if (!LentStorage::is_made_up_for(info->si_addr)) on_crash(signal, info, context);
}

std::string Watch::describe_crash(int signal, const siginfo_t& info, const void* context) {
    if (has_overwritten(signal, info, registers_of(context))) return std::string(has_overwritten_its_stack);
    if ((signal == SIGSEGV || signal == SIGBUS) && Stacks::is_guard(info.si_addr))
        return "a thread needs more than the " + std::to_string(Stacks::stack_bytes / 1024) +
               " KiB of stack that an engine gives it";
    if (signal == SIGABRT) return "the program called abort(): a failed assertion, or std::terminate()";
    return std::string("the program crashed: ") + sigdescr_np(signal) + cause_of(info, context);
}

void Watch::on_crash(int signal, siginfo_t* info, void* context) {
    if (unreadable_ != nullptr) siglongjmp(*unreadable_, 1);
    if (in_program()) {
        leave_program();
        note_calls(registers_of(context));
        fail_program(FailureKind::crash, describe_crash(signal, *info, context));
    }
    // An engine that finds its own frames ruined has been called by a program that writes over them.
    const Registers at = registers_of(context);
    if (Run::current() != nullptr && Stacks::top_of(at.stack) != nullptr && has_overwritten(signal, *info, at))
        Run::current()->fail(FailureKind::crash, has_overwritten_its_stack, Site{});
    fail_native_program(FailureKind::crash, describe_crash(signal, *info, context), Site{});
    sigaction(signal, &handler_before(signal), nullptr);
    if (info->si_code <= 0) raise(signal);  // somebody sent it; otherwise it comes again by itself
}

/// The timer knows whose it is: a fiber may have the thread-local storage of another thread.
void Watch::on_tick(int /*signal*/, siginfo_t* info, void* /*context*/) {
    if (!static_cast<OfThread*>(info->si_value.sival_ptr)->tick() || !in_program()) return;
    leave_program();
    Run::current()->fail(FailureKind::livelock,
                         "a thread ran on for " + std::to_string(hang_seconds) +
                             " s without a step that an engine sees: it waits for an ordinary variable, or never ends",
                         Site{});
}

}  // namespace heddle::engine

// Calls of the C library that end, replace, double or disturb the process: what they do is no execution of a program.
#include "interposed.hpp"

#include <spawn.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cassert>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace heddle::engine {

namespace {

constexpr const char* is_not_explored = "a process of its own is not explored";

void refuse_to_end(const std::string& how) {
    Watch::fail_program(FailureKind::crash, "the program ends its process: " + how);
}

/// One that starts another process, wherever the call comes from.
void refuse_process(const char* does) {
    Watch::fail_program(FailureKind::misuse, std::string("the code under check ") + does + ": " + is_not_explored);
}

void refuse_system_call(long number, const void* caller) {
    if (!is_call_of_program(caller)) return;
    switch (number) {
#ifdef SYS_fork
        case SYS_fork:
        case SYS_vfork:
#endif
        case SYS_clone:
        case SYS_clone3:
            return refuse_process("forks");
        case SYS_exit:
        case SYS_exit_group:
            return refuse_to_end("a system call");
        case SYS_futex:
            return HEDDLE_REFUSE_UNSEEN(caller, "a futex (std::atomic::wait, std::latch, std::barrier, a semaphore)",
                                        "P::wait, or one of <heddle/platform/standard.hpp>");
        default:
            return;
    }
}

}  // namespace

}  // namespace heddle::engine

using heddle::engine::refuse;
using heddle::engine::refuse_process;

HEDDLE_INTERPOSE(pid_t, fork, (), (), refuse_process("forks"))
/// As fork(): what calls through here may not return twice on one stack.
extern "C" [[gnu::weak]] pid_t vfork() noexcept {
    refuse_process("forks");
    return fork();
}

#define HEDDLE_REFUSE_PROCESS(result, name, parameters, call) \
    HEDDLE_INTERPOSE(result, name, parameters, call, refuse_process("starts a process (" #name ")"))
HEDDLE_REFUSE_PROCESS(int, system, (const char* command), (command))
HEDDLE_REFUSE_PROCESS(FILE*, popen, (const char* command, const char* type), (command, type))
HEDDLE_REFUSE_PROCESS(int, posix_spawn,
                      (pid_t * process, const char* path, const posix_spawn_file_actions_t* actions,
                       const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment),
                      (process, path, actions, attributes, arguments, environment))
HEDDLE_REFUSE_PROCESS(int, posix_spawnp,
                      (pid_t * process, const char* file, const posix_spawn_file_actions_t* actions,
                       const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment),
                      (process, file, actions, attributes, arguments, environment))
HEDDLE_REFUSE_PROCESS(int, execve, (const char* path, char* const* arguments, char* const* environment),
                      (path, arguments, environment))
HEDDLE_REFUSE_PROCESS(int, execv, (const char* path, char* const* arguments), (path, arguments))
HEDDLE_REFUSE_PROCESS(int, execvp, (const char* file, char* const* arguments), (file, arguments))

#define HEDDLE_REFUSE_PROCESS_WORDS(name) \
    HEDDLE_INTERPOSE_WORDS(name, #name, refuse_process("starts a process (" #name ")"))
HEDDLE_REFUSE_PROCESS_WORDS(execvpe)
HEDDLE_REFUSE_PROCESS_WORDS(fexecve)
HEDDLE_REFUSE_PROCESS_WORDS(daemon)

#define HEDDLE_REFUSE_SIGNALS(result, name, parameters, call) \
    HEDDLE_INTERPOSE(result, name, parameters, call,          \
                     refuse(HEDDLE_CALLER, "changes what signals do (" #name ")", "and signals are not modelled"))
HEDDLE_REFUSE_SIGNALS(sighandler_t, signal, (int number, sighandler_t handler), (number, handler))
HEDDLE_REFUSE_SIGNALS(int, sigaction, (int number, const struct sigaction* action, struct sigaction* before),
                      (number, action, before))
HEDDLE_REFUSE_SIGNALS(int, sigprocmask, (int how, const sigset_t* set, sigset_t* before), (how, set, before))
HEDDLE_REFUSE_SIGNALS(int, pthread_sigmask, (int how, const sigset_t* set, sigset_t* before), (how, set, before))
HEDDLE_REFUSE_SIGNALS(int, sigaltstack, (const stack_t* stack, stack_t* before), (stack, before))

#define HEDDLE_REFUSE_SIGNALS_WORDS(name) \
    HEDDLE_INTERPOSE_WORDS(name, #name,   \
                           refuse(HEDDLE_CALLER, "has signals sent (" #name ")", "and signals are not modelled"))
HEDDLE_REFUSE_SIGNALS_WORDS(alarm)
HEDDLE_REFUSE_SIGNALS_WORDS(setitimer)
HEDDLE_REFUSE_SIGNALS_WORDS(timer_create)
HEDDLE_REFUSE_SIGNALS_WORDS(sigqueue)
HEDDLE_REFUSE_SIGNALS_WORDS(pthread_kill)
HEDDLE_REFUSE_SIGNALS_WORDS(signalfd)
/// What a program does to its own process costs its own row; other processes are none of its business.
HEDDLE_INTERPOSE(int, kill, (pid_t process, int number), (process, number),
                 if (process != 0 && process != getpid())
                     refuse(HEDDLE_CALLER, "sends signals to another process (kill)", "and signals are not modelled"))

/// Six arguments, as the kernel takes: whoever passes fewer leaves the others unused.
extern "C" [[gnu::weak]] long syscall(long number, ...) noexcept {
    heddle::engine::refuse_system_call(number, HEDDLE_CALLER);
    std::va_list list;
    va_start(list, number);
    long arguments[6];
    for (long& argument : arguments) argument = va_arg(list, long);
    va_end(list);
    static constinit decltype(&::syscall) known = nullptr;
    return heddle::engine::next(known, "syscall")(number, arguments[0], arguments[1], arguments[2], arguments[3],
                                                  arguments[4], arguments[5]);
}

// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the name that an assert calls
extern "C" [[gnu::weak]] void __assert_fail(const char* expression, const char* file, unsigned line,
                                            const char* function) noexcept {
    using namespace heddle::engine;
    Watch::fail_program(FailureKind::crash, std::string("the assertion '") + expression + "' failed",
                        Site::current(file, line));
    static constinit decltype(&::__assert_fail) known = nullptr;
    next(known, "__assert_fail")(expression, file, line, function);
    __builtin_unreachable();
}

#define HEDDLE_REFUSE_END(name)                                                    \
    extern "C" [[gnu::weak]] void name(int status) noexcept(noexcept(::name(0))) { \
        heddle::engine::refuse_to_end(#name "(" + std::to_string(status) + ")");   \
        static constinit decltype(&::name) known = nullptr;                        \
        heddle::engine::next(known, #name)(status);                                \
        __builtin_unreachable();                                                   \
    }

/// A compiler's own check of a frame, where the code under check was compiled with one.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the name that compilers call
extern "C" [[gnu::weak]] void __stack_chk_fail() noexcept {
    using namespace heddle::engine;
    Watch::fail_program(FailureKind::crash, Watch::has_overwritten_its_stack);
    std::abort();
}

HEDDLE_REFUSE_END(exit)
HEDDLE_REFUSE_END(_exit)
HEDDLE_REFUSE_END(_Exit)
HEDDLE_REFUSE_END(quick_exit)

// System calls: the futex, and those that a thread may make without the checker knowing of it.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <limits>

#include <fmt/format.h>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"

namespace heddle::unmodified {
namespace {

using engine::OperationKind;

struct Arguments {
    long number, first, second, third, fourth, fifth, sixth;
};

/// Source: syscall(2), AMD64.
long enter_kernel(const Arguments& call) {
    long result = 0;
    register long fourth asm("r10") = call.fourth;
    register long fifth asm("r8") = call.fifth;
    register long sixth asm("r9") = call.sixth;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(call.number), "D"(call.first), "S"(call.second), "d"(call.third), "r"(fourth), "r"(fifth),
                   "r"(sixth)
                 : "rcx", "r11", "memory");
    constexpr long most_errors = 4096;
    if (result >= 0 || result <= -most_errors) return result;
    errno = static_cast<int>(-result);
    return -1;
}

engine::Object* word_at(std::uintptr_t address, std::uintptr_t caller) {
    front_end->check_is_followed(caller);
    return front_end->atomic_at(address, sizeof(std::uint32_t), false, caller);
}

/// Returns: as futex(2).
long wait(const Arguments& call, bool is_absolute, std::uintptr_t caller) {
    const auto* const time = reinterpret_cast<const timespec*>(call.fourth);
    auto deadline = deadline_of(time);
    if (time != nullptr && !is_absolute) deadline += front_end->run().now();
    engine::Object* const word = word_at(static_cast<std::uintptr_t>(call.first), caller);
    const auto expected = static_cast<std::uint32_t>(call.third);
    WakeUps& wake_ups = front_end->wake_ups;
    const bool waits = *reinterpret_cast<const std::uint32_t*>(call.first) == expected;
    if (waits && wake_ups.comes_back(heddle_entered, caller)) return 0;
    const auto result = front_end->perform({.kind = OperationKind::wait,
                                            .object = word,
                                            .value = wake_ups.may_come(caller) ? 1U : 0U,
                                            .expected = expected,
                                            .deadline = deadline},
                                           caller);
    switch (static_cast<engine::WaitOutcome>(result.value)) {
        case engine::WaitOutcome::woken:
            return 0;
        case engine::WaitOutcome::changed:
            errno = EAGAIN;
            return -1;
        case engine::WaitOutcome::timed_out:
            front_end->loops.timed_out(caller);
            errno = ETIMEDOUT;
            return -1;
    }
    return -1;
}

long wake(const Arguments& call, std::uintptr_t caller) {
    const bool all = call.third >= std::numeric_limits<int>::max();
    front_end->check_is_followed(caller);
    const auto waiters = all ? engine::every_waiter : static_cast<std::uint64_t>(call.third);
    return static_cast<long>(front_end->wake(static_cast<std::uintptr_t>(call.first), waiters, caller).value);
}

[[noreturn]] void refuse(const char* what, long number, std::uintptr_t caller) {
    front_end->fail(engine::FailureKind::misuse, caller, fmt::format("the {} {} is not followed", what, number));
}

long futex(const Arguments& call, std::uintptr_t caller) {
    const long operation = call.second & FUTEX_CMD_MASK;
    const bool has_bits = operation == FUTEX_WAIT_BITSET || operation == FUTEX_WAKE_BITSET;
    if (has_bits && static_cast<std::uint32_t>(call.sixth) != FUTEX_BITSET_MATCH_ANY)
        front_end->fail(engine::FailureKind::misuse, caller,
                        "a futex with bits that not every wake has is not followed");
    switch (operation) {
        case FUTEX_WAIT:
            return wait(call, false, caller);
        case FUTEX_WAIT_BITSET:
            return wait(call, true, caller);
        case FUTEX_WAKE:
        case FUTEX_WAKE_BITSET:
            return wake(call, caller);
        default:
            refuse("operation of a futex numbered", operation, caller);
    }
}

/// What neither waits, wakes nor makes threads or memory.
bool is_harmless(long number) {
    return number == SYS_gettid || number == SYS_getpid || number == SYS_getcpu || number == SYS_sched_getaffinity ||
           number == SYS_getrandom || number == SYS_write;
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows is the C library's name

HEDDLE_ENTRY(syscall, heddle_syscall)
HEDDLE_BODY long heddle_syscall(long number, ...) noexcept {
    va_list list;
    va_start(list, number);
    Arguments call{.number = number};
    for (long* const argument : {&call.first, &call.second, &call.third, &call.fourth, &call.fifth, &call.sixth})
        *argument = va_arg(list, long);
    va_end(list);
    if (!self.in_program || is_harmless(number)) return enter_kernel(call);
    if (number != SYS_futex) refuse("system call", number, HEDDLE_CALLER);
    return futex(call, HEDDLE_CALLER);
}

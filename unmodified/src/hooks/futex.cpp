// System calls: the futex, and those that a thread may make without the checker knowing of it.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/futex_queue.hpp"
#include "hooks/system_calls.hpp"

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

std::uintptr_t address_in(long argument) { return static_cast<std::uintptr_t>(argument); }
std::uint32_t word_in(long argument) { return static_cast<std::uint32_t>(argument); }

/// As futex(2) returns it.
long answer(engine::WaitOutcome outcome, std::uintptr_t caller) {
    switch (outcome) {
        case engine::WaitOutcome::woken:
            return 0;
        case engine::WaitOutcome::changed:
            errno = EAGAIN;
            return -1;
        case engine::WaitOutcome::timed_out:
            front_end->timed_waits.timed_out(caller);
            errno = ETIMEDOUT;
            front_end->timed_waits.go_on(caller);
            return -1;
    }
    return -1;
}

long wait(const Arguments& call, bool is_absolute, std::uint32_t bits, std::uintptr_t caller) {
    const auto* const time = reinterpret_cast<const timespec*>(call.fourth);
    const bool is_relative = time != nullptr && !is_absolute;
    const auto deadline = is_relative ? deadline_at(duration_of(*time) + front_end->run().now()) : deadline_of(time);
    front_end->check_is_followed(caller);
    const bool waits = *reinterpret_cast<const std::uint32_t*>(call.first) == word_in(call.third);
    if (waits && front_end->wake_ups.comes_back(heddle_entered, caller)) return 0;
    front_end->timed_waits.begin(deadline, caller);
    if (futex_queue.is_in_use())
        return answer(futex_queue.wait(address_in(call.first), word_in(call.third), bits, deadline, caller), caller);
    engine::Operation operation{.kind = OperationKind::wait, .expected = word_in(call.third), .deadline = deadline};
    front_end->futex_words.aim(operation, address_in(call.first), caller);
    operation.value = front_end->wake_ups.may_come(caller) ? 1U : 0U;
    const auto result = front_end->perform(operation, caller);
    return answer(static_cast<engine::WaitOutcome>(result.value), caller);
}

std::uint64_t waiters_of(long argument) {
    return argument >= std::numeric_limits<int>::max() ? engine::every_waiter : static_cast<std::uint64_t>(argument);
}

long wake(const Arguments& call, std::uint32_t bits, std::uintptr_t caller) {
    front_end->check_is_followed(caller);
    const std::uint64_t waiters = waiters_of(call.third);
    if (futex_queue.is_in_use())
        return static_cast<long>(futex_queue.wake(address_in(call.first), waiters, bits, caller));
    return static_cast<long>(front_end->futex_words.wake(address_in(call.first), waiters, caller));
}

long requeue(const Arguments& call, bool compares, std::uintptr_t caller) {
    front_end->check_is_followed(caller);
    futex_queue.use();
    FutexQueue::Requeue what{.from = address_in(call.first),
                             .to = address_in(call.fifth),
                             .wakes = waiters_of(call.third),
                             .moves = waiters_of(call.fourth)};
    if (compares) what.expected = word_in(call.sixth);
    if (const auto count = futex_queue.requeue(what, caller)) return static_cast<long>(*count);
    errno = EAGAIN;
    return -1;
}

[[noreturn]] void refuse(std::string_view what, std::uintptr_t caller) {
    front_end->fail(engine::FailureKind::misuse, caller, fmt::format("the {} is not followed", what));
}

long futex(const Arguments& call, std::uintptr_t caller) {
    const long operation = call.second & FUTEX_CMD_MASK;
    const bool has_bits = operation == FUTEX_WAIT_BITSET || operation == FUTEX_WAKE_BITSET;
    const std::uint32_t bits = has_bits ? word_in(call.sixth) : FutexQueue::all_bits;
    if (bits == 0) return errno = EINVAL, -1;
    if (bits != FutexQueue::all_bits) futex_queue.use();
    switch (operation) {
        case FUTEX_WAIT:
        case FUTEX_WAIT_BITSET:
            return wait(call, has_bits, bits, caller);
        case FUTEX_WAKE:
        case FUTEX_WAKE_BITSET:
            return wake(call, bits, caller);
        case FUTEX_REQUEUE:
        case FUTEX_CMP_REQUEUE:
            return requeue(call, operation == FUTEX_CMP_REQUEUE, caller);
        default:
            refuse(fmt::format("operation of a futex numbered {}", operation), caller);
    }
}

/// What neither waits, wakes nor makes threads or memory.
bool is_harmless(long number) {
    return number == SYS_getcpu || number == SYS_sched_getaffinity || number == SYS_getrandom || number == SYS_write;
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
    if (number == SYS_getpid) return getpid();
    if (number == SYS_gettid) return gettid();
    if (number != SYS_futex) refuse("system call " + name_of_system_call(number), HEDDLE_CALLER);
    return futex(call, HEDDLE_CALLER);
}

// Futexes on the halves of an atomic of eight bytes, which the program accesses as a whole: the kernel compares four of them.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <memory>
#include <thread>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

using Whole = std::atomic<std::uint64_t>;
constexpr std::uint64_t one_in[2] = {1, std::uint64_t{1} << 32};

std::uint32_t part_of(std::uint64_t value, int half) { return static_cast<std::uint32_t>(value >> 32 * half); }
std::uint32_t* address_of(Whole& whole, int half) { return reinterpret_cast<std::uint32_t*>(&whole) + half; }
long wait(Whole& whole, int half, std::uint32_t expected, const timespec* time = nullptr) {
    return syscall(SYS_futex, address_of(whole, half), FUTEX_WAIT_PRIVATE, expected, time, nullptr, 0);
}
long wake(Whole& whole, int half, int most) {
    return syscall(SYS_futex, address_of(whole, half), FUTEX_WAKE_PRIVATE, most, nullptr, nullptr, 0);
}
void wait_until_set(Whole& whole, int half) {
    while (part_of(whole.load(), half) == 0) wait(whole, half, 0);
}
void set(Whole& whole, int half) {
    whole.fetch_add(one_in[half]);
    wake(whole, half, INT_MAX);
}

// ---- one half

template <int half>
void wait_for_a_half() {
    Whole whole{one_in[1 - half]};
    int data = 0;
    together([&] { data = 1, set(whole, half); }, [&] { wait_until_set(whole, half), assert(data == 1); });
}
HEDDLE_TEST(LowerHalfIsWaitedFor) { wait_for_a_half<0>(); }
HEDDLE_TEST(UpperHalfIsWaitedFor) { wait_for_a_half<1>(); }

template <int half>
void wait_without_a_wake() {
    Whole whole{0};
    together([&] { whole.fetch_add(one_in[half]); }, [&] { wait_until_set(whole, half); });
}
HEDDLE_BROKEN_TEST(LowerHalfIsNotWoken, deadlock) { wait_without_a_wake<0>(); }
HEDDLE_BROKEN_TEST(UpperHalfIsNotWoken, deadlock) { wait_without_a_wake<1>(); }

// Nobody is ordered by a wake.
HEDDLE_BROKEN_TEST(WakeOfAHalfOrdersNothing, data_race) {
    Whole whole{0};
    int data = 0;
    together([&] { data = 1, whole.store(1, std::memory_order_relaxed), wake(whole, 0, 1); },
             [&] {
                 if (wait(whole, 0, 0) == 0) assert(data == 1);
             });
}

// ---- both halves

HEDDLE_TEST(HalvesAreWaitedForByThemselves) {
    Whole whole{0};
    together([&] { wait_until_set(whole, 0); }, [&] { wait_until_set(whole, 1); },
             [&] { set(whole, 0), set(whole, 1); });
}
HEDDLE_BROKEN_TEST(WakeOfOneHalfLeavesTheOther, deadlock) {
    Whole whole{0};
    together([&] { wait_until_set(whole, 0); }, [&] { wait_until_set(whole, 1); },
             [&] {
                 whole = one_in[0] | one_in[1];
                 wake(whole, 0, INT_MAX);
             });
}
HEDDLE_TEST(WakeCountsThoseOfItsHalf) {
    Whole whole{0};
    together([&] { wait(whole, 1, 0); },
             [&] {
                 whole = one_in[1];
                 assert(wake(whole, 0, INT_MAX) == 0);
                 assert(wake(whole, 1, INT_MAX) <= 1);
             });
}
// A change of the other half is none.
HEDDLE_BROKEN_TEST(WaitComparesItsHalfAlone, deadlock) {
    Whole whole{one_in[0]};
    together([&] { wait(whole, 1, 0); }, [&] { whole = 2 * one_in[0]; });
}
HEDDLE_TEST(WaitForAnotherValueComesBack) {
    Whole whole{one_in[1]};
    assert(wait(whole, 0, 1) == -1 && errno == EAGAIN);
    whole.store(one_in[0]);
    assert(wait(whole, 1, 1) == -1 && errno == EAGAIN);
}

HEDDLE_TEST(WaitForAHalfTimesOutOrIsWoken) {
    Whole whole{0};
    together(
        [&] {
            const timespec soon{.tv_sec = 0, .tv_nsec = 1000};
            const long woken = wait(whole, 1, 0, &soon);
            assert(woken == 0 || errno == ETIMEDOUT || errno == EAGAIN);
        },
        [&] { set(whole, 1); });
}

// ---- in other ways

// The kernel comes to the atomic before the program does, in some executions: in the first one, or in later ones.
HEDDLE_TEST(KernelComesFirst) {
    Whole whole{0};
    together([&] { wait(whole, 0, 0); }, [&] { wait(whole, 1, 0); },
             [&] { whole = one_in[0] | one_in[1], wake(whole, 0, 1), wake(whole, 1, 1); });
}
HEDDLE_TEST(KernelComesFirstLater) {
    Whole whole{0};
    together([&] { whole = one_in[0] | one_in[1], wake(whole, 0, 1), wake(whole, 1, 1); }, [&] { wait(whole, 0, 0); },
             [&] { wait(whole, 1, 0); });
}
// A wake that comes first may be the one that counts.
template <int half>
void wake_too_early() {
    Whole whole{0};
    together([&] { wake(whole, half, 1); }, [&] { whole = one_in[half], wake(whole, half, 1); },
             [&] { assert(wait(whole, half, 0) == -1 || whole.load() != 0); });
}
HEDDLE_BROKEN_TEST(KernelWakesTheLowerHalfFirst, assertion) { wake_too_early<0>(); }
HEDDLE_BROKEN_TEST(KernelWakesTheUpperHalfFirst, assertion) { wake_too_early<1>(); }
// After the semaphore of the GNU C library: who has seen the value may give it back before the wake.
HEDDLE_TEST(WakeComesWhenTheAtomicIsGone) {
    auto whole = std::make_unique<Whole>(0);
    std::thread other([at = whole.get()] {
        const std::uint64_t before = at->fetch_add(one_in[0]);
        if (part_of(before, 1) != 0) wake(*at, 0, 1);
    });
    whole->fetch_add(one_in[1]);
    wait_until_set(*whole, 0);
    whole.reset();
    other.join();
}

// ---- in the kernel's queue, which programs with bits or moved waiters share

void wait_with_bits(Whole& whole, int half, std::uint32_t bits) {
    while (part_of(whole.load(), half) == 0)
        syscall(SYS_futex, address_of(whole, half), FUTEX_WAIT_BITSET_PRIVATE, 0, nullptr, nullptr, bits);
}
template <std::uint32_t bits>
void wake_the_upper_half_with_bits() {
    Whole whole{one_in[0]};
    together([&] { wait_with_bits(whole, 1, 2); },
             [&] {
                 whole += one_in[1];
                 syscall(SYS_futex, address_of(whole, 1), FUTEX_WAKE_BITSET_PRIVATE, 1, nullptr, nullptr, bits);
             });
}
HEDDLE_TEST(HalfIsWokenWithOneOfTheBits) { wake_the_upper_half_with_bits<6>(); }
HEDDLE_BROKEN_TEST(HalfIsWokenWithOtherBits, deadlock) { wake_the_upper_half_with_bits<1>(); }

template <int woken>
void move_from_the_lower_half_to_the_upper() {
    Whole whole{0};
    together([&] { wait_until_set(whole, 0); },
             [&] {
                 whole = one_in[0];
                 assert(syscall(SYS_futex, address_of(whole, 0), FUTEX_CMP_REQUEUE_PRIVATE, 0, INT_MAX,
                                address_of(whole, 1), 1) <= 1);
                 wake(whole, woken, INT_MAX);
             });
}
HEDDLE_TEST(WhoIsMovedToTheOtherHalfIsWokenThere) { move_from_the_lower_half_to_the_upper<1>(); }
HEDDLE_BROKEN_TEST(WhoIsMovedToTheOtherHalfIsNotWokenHere, deadlock) { move_from_the_lower_half_to_the_upper<0>(); }

}  // namespace

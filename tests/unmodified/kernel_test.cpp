// What the kernel lets threads wait at, beside the plain futex.
#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <thread>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

using Word = std::atomic<std::uint32_t>;

long futex(Word& word, int operation, std::uint32_t value, std::uint32_t bits) {
    return syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, bits);
}
void wait_for_bits(Word& word, std::uint32_t bits) {
    while (word == 0) futex(word, FUTEX_WAIT_BITSET, 0, bits);
}

// ---- bits

HEDDLE_TEST(WakeWithOneOfTheBits) {
    Word word{0};
    together([&] { wait_for_bits(word, 2); }, [&] { word = 1, futex(word, FUTEX_WAKE_BITSET, 1, 6); });
}

HEDDLE_BROKEN_TEST(WakeWithOtherBits, deadlock) {
    Word word{0};
    together([&] { wait_for_bits(word, 2); }, [&] { word = 1, futex(word, FUTEX_WAKE_BITSET, 1, 1); });
}

HEDDLE_TEST(WakeOfAllHasEveryBit) {
    Word word{0};
    together([&] { wait_for_bits(word, 1); }, [&] { wait_for_bits(word, 2); },
             [&] { word = 1, futex(word, FUTEX_WAKE, INT_MAX, 0); });
}

HEDDLE_BROKEN_TEST(WakeOfOneLeavesTheOther, deadlock) {
    Word word{0};
    together([&] { wait_for_bits(word, 1); }, [&] { wait_for_bits(word, 2); },
             [&] { word = 1, futex(word, FUTEX_WAKE, 1, 0); });
}

HEDDLE_TEST(WithoutBitsThereIsNothingToWaitFor) {
    Word word{0};
    assert(futex(word, FUTEX_WAIT_BITSET, 0, 0) == -1 && errno == EINVAL);
}

HEDDLE_TEST(WaitWithBitsTimesOutOrIsWoken) {
    Word word{0};
    together(
        [&] {
            const timespec soon{.tv_sec = 0, .tv_nsec = 1000};
            timespec until{};
            clock_gettime(CLOCK_MONOTONIC, &until);
            until.tv_nsec += soon.tv_nsec;
            const long woken = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, &until, nullptr, 4);
            assert(woken == 0 || errno == ETIMEDOUT || errno == EAGAIN);
        },
        [&] { word = 1, futex(word, FUTEX_WAKE_BITSET, 1, 4); });
}

// ---- waiters that are moved

void wait_at(Word& word) {
    while (word == 0) futex(word, FUTEX_WAIT, 0, 0);
}
long requeue(Word& from, Word& to, std::uint32_t expected) {
    return syscall(SYS_futex, &from, FUTEX_CMP_REQUEUE_PRIVATE, 1, INT_MAX, &to, expected);
}

HEDDLE_TEST(WhoIsMovedIsWokenElsewhere) {
    Word first{0}, second{0};
    together([&] { wait_at(first); }, [&] { wait_at(first); },
             [&] {
                 first = 1;
                 requeue(first, second, 1);
                 futex(second, FUTEX_WAKE, INT_MAX, 0);
             });
}

HEDDLE_BROKEN_TEST(WhoIsMovedIsNotWokenWhereHeWas, deadlock) {
    Word first{0}, second{0};
    together([&] { wait_at(first); }, [&] { wait_at(first); },
             [&] {
                 first = 1;
                 requeue(first, second, 1);
                 futex(first, FUTEX_WAKE, INT_MAX, 0);
             });
}

HEDDLE_TEST(NobodyIsMovedFromAWordThatHasChanged) {
    Word first{1}, second{0};
    assert(requeue(first, second, 0) == -1 && errno == EAGAIN);
}

// ---- counters behind file descriptors

HEDDLE_TEST(EventCounterLetsWhoReadsGo) {
    const int counter = eventfd(0, 0);
    int data = 0;
    together([&] { data = 1, eventfd_write(counter, 2); },
             [&] {
                 eventfd_t found = 0;
                 assert(eventfd_read(counter, &found) == 0 && found == 2 && data == 1);
             });
    close(counter);
}

HEDDLE_BROKEN_TEST(EventCounterIsReadTwice, deadlock) {
    const int counter = eventfd(0, 0);
    const auto reads = [&] {
        eventfd_t found = 0;
        eventfd_read(counter, &found);
    };
    together([&] { eventfd_write(counter, 2); }, reads, reads);
}

HEDDLE_TEST(EventCounterAsASemaphoreIsReadTwice) {
    const int counter = eventfd(0, EFD_SEMAPHORE);
    const auto reads = [&] {
        eventfd_t found = 0;
        assert(read(counter, &found, sizeof found) == sizeof found && found == 1);
    };
    together([&] { eventfd_write(counter, 2); }, reads, reads);
}

HEDDLE_TEST(EventCounterThatDoesNotBlockSaysSo) {
    const int counter = eventfd(0, EFD_NONBLOCK);
    eventfd_t found = 0;
    assert(eventfd_read(counter, &found) == -1 && errno == EAGAIN);
}

HEDDLE_TEST(EventCounterIsPolled) {
    const int counter = eventfd(0, EFD_NONBLOCK);
    int data = 0;
    together([&] { data = 1, eventfd_write(counter, 2); },
             [&] {
                 eventfd_t found = 0;
                 while (eventfd_read(counter, &found) != 0) {
                 }
                 assert(found == 2 && data == 1);
             });
}

HEDDLE_BROKEN_TEST(EventCounterIsUsedAfterItsEnd, misuse) {
    const int counter = eventfd(0, 0);
    close(counter);
    eventfd_write(counter, 1);
}

}  // namespace

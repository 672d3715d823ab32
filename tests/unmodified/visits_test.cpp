// Where a visit to a loop begins and ends, and what it leaves behind: whoever comes to it once more has not come round.
#include <atomic>
#include <cassert>
#include <memory>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

// What a failed compare_exchange has found is all that the loop leaves behind.
HEDDLE_TEST(TraceIsWhatACompareExchangeHasFound) {
    std::atomic<int> ticket{0};
    const auto expected = std::make_unique<int>(0);
    std::thread other([&] { ticket = 1, ticket = 2; });
    while (!ticket.compare_exchange_strong(*expected, 3)) std::this_thread::yield();
    other.join();
}
// A thread that looks once more, elsewhere, before it spins is known to wait all the same.
HEDDLE_BROKEN_TEST(SpinAfterALookWaitsForWhatNeverComes, livelock) {
    std::atomic<int> flag{0};
    std::thread other([&] {
        if (flag.load() != 0) return;
        while (flag.load() == 0) {
        }
    });
    other.join();
}
HEDDLE_TEST(SpinOfManyRoundsEnds) {
    std::atomic<int> flag{0};
    std::thread other([&] { flag = 1; });
    int rounds = 0;
    if (flag.load() == 0)
        while (rounds != 20'000 && flag.load() == 0) ++rounds;
    other.join();
}
// Whoever comes to a loop once more has not come round in it: what is done in between is left.
HEDDLE_TEST(LoopsInARowAreSeveral) {
    std::atomic<int> ready[3] = {};
    int items[3] = {};
    std::thread other([&] {
        for (int i = 0; i != 3; ++i) items[i] = i, ready[i].store(1, std::memory_order_release);
    });
    for (int i = 0; i != 3; ++i) {
        while (ready[i].load(std::memory_order_acquire) == 0) {
        }
        assert(items[i] == i);
    }
    other.join();
}
HEDDLE_BROKEN_TEST(LoopIsComeToWithTheSameFlag, assertion) {
    std::atomic<int> flag{0};
    std::thread other([&] { flag = 1, flag = 2; });
    int found[2] = {};
    for (int& each : found)
        while ((each = flag.load()) == 0) {
        }
    assert(found[1] == found[0]);
    other.join();
}

}  // namespace

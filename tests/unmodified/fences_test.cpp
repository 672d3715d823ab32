// The processor's own fences are fences of C++.
#include <immintrin.h>

#include <atomic>
#include <cassert>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/// Each of two threads stores, and then looks for what the other has stored. Returns: whether one has seen it.
bool store_and_look(const auto& fence) {
    std::atomic<int> one{0}, other{0};
    int seen_by_one = 0, seen_by_other = 0;
    const auto run = [&](std::atomic<int>& own, const std::atomic<int>& others, int& seen) {
        own.store(1, relaxed);
        fence();
        seen = others.load(relaxed);
    };
    together([&] { run(one, other, seen_by_one); }, [&] { run(other, one, seen_by_other); });
    return seen_by_one == 1 || seen_by_other == 1;
}

/// A thread passes a message to another one. Returns: whether that has missed it after it has seen the flag.
bool is_missed(const auto& before_flag, const auto& after_flag) {
    std::atomic<int> message{0}, flag{0};
    bool misses = false;
    const auto send = [&] {
        message.store(1, relaxed);
        before_flag();
        flag.store(1, relaxed);
    };
    const auto receive = [&] {
        if (flag.load(relaxed) == 0) return;
        after_flag();
        misses = message.load(relaxed) == 0;
    };
    together(send, receive);
    return misses;
}

// Of the four outcomes, the one in which both have missed the other is not there.
HEDDLE_TEST(StoresComeBeforeLoads) {
    assert(store_and_look([] { _mm_mfence(); }));
}
HEDDLE_TEST(StoresComeBeforeLoadsByTheCompilersName) {
    assert(store_and_look([] { __builtin_ia32_mfence(); }));
}
HEDDLE_BROKEN_TEST(StoresAreLateAfterOtherFences, assertion) {
    assert(store_and_look([] {
        _mm_sfence();
        _mm_lfence();
    }));
}

HEDDLE_TEST(MessageComesBeforeItsFlag) {
    assert(!is_missed([] { _mm_sfence(); }, [] { _mm_lfence(); }));
}
HEDDLE_BROKEN_TEST(MessageIsStoredLate, assertion) {
    assert(!is_missed([] { _mm_lfence(); }, [] { _mm_lfence(); }));
}
HEDDLE_BROKEN_TEST(MessageIsLoadedEarly, assertion) {
    assert(!is_missed([] { _mm_sfence(); }, [] { _mm_sfence(); }));
}

}  // namespace

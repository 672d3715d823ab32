// The order that a program gives to the wait of an atomic is its own, however the library looks.
#include <atomic>
#include <cassert>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

/// Tells by an atomic that data is there; who waits for that looks in the given order, and then at the data.
template <class Atomic, class Tell>
void hand_over(Atomic& told, const Tell& tell, typename Atomic::value_type not_yet, std::memory_order order) {
    int data = 0;
    together(
        [&] {
            data = 1;
            tell();
            told.notify_one();
        },
        [&] {
            told.wait(not_yet, order);
            assert(data == 1);
        });
}
template <class T>
void hand_over_by_atomic(std::memory_order order) {
    std::atomic<T> told{T{}};
    hand_over(
        told, [&] { told.store(T{} + 1, std::memory_order_release); }, T{}, order);
}
void hand_over_by_pointer(std::memory_order order) {
    static int there;
    std::atomic<int*> told{nullptr};
    hand_over(
        told, [&] { told.store(&there, std::memory_order_release); }, nullptr, order);
}
void hand_over_by_reference(std::memory_order order) {
    alignas(std::atomic_ref<int>::required_alignment) int word = 0;
    std::atomic_ref<int> told(word);
    hand_over(
        told, [&] { told.store(1, std::memory_order_release); }, 0, order);
}
void hand_over_by_flag(std::memory_order order) {
    std::atomic_flag told;
    int data = 0;
    together(
        [&] {
            data = 1;
            told.test_and_set(std::memory_order_release);
            told.notify_one();
        },
        [&] {
            told.wait(false, order);
            assert(data == 1);
        });
}

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;

HEDDLE_TEST(WaitOfAnIntAcquires) { hand_over_by_atomic<int>(acquire); }
HEDDLE_TEST(WaitOfALongAcquires) { hand_over_by_atomic<long>(acquire); }
HEDDLE_TEST(WaitOfACharAcquires) { hand_over_by_atomic<char>(acquire); }
HEDDLE_TEST(WaitOfADoubleAcquires) { hand_over_by_atomic<double>(acquire); }
HEDDLE_TEST(WaitOfAPointerAcquires) { hand_over_by_pointer(acquire); }
HEDDLE_TEST(WaitOfAReferenceAcquires) { hand_over_by_reference(acquire); }
HEDDLE_TEST(WaitOfAFlagAcquires) { hand_over_by_flag(acquire); }

HEDDLE_BROKEN_TEST(WaitOfAnIntIsRelaxed, data_race) { hand_over_by_atomic<int>(relaxed); }
HEDDLE_BROKEN_TEST(WaitOfALongIsRelaxed, data_race) { hand_over_by_atomic<long>(relaxed); }
HEDDLE_BROKEN_TEST(WaitOfACharIsRelaxed, data_race) { hand_over_by_atomic<char>(relaxed); }
HEDDLE_BROKEN_TEST(WaitOfADoubleIsRelaxed, data_race) { hand_over_by_atomic<double>(relaxed); }
HEDDLE_BROKEN_TEST(WaitOfAPointerIsRelaxed, data_race) { hand_over_by_pointer(relaxed); }
HEDDLE_BROKEN_TEST(WaitOfAReferenceIsRelaxed, data_race) { hand_over_by_reference(relaxed); }
HEDDLE_BROKEN_TEST(WaitOfAFlagIsRelaxed, data_race) { hand_over_by_flag(relaxed); }

// A fence behind it is enough.
HEDDLE_TEST(FenceBehindAWaitAcquires) {
    std::atomic<int> told{0};
    int data = 0;
    together(
        [&] {
            data = 1;
            told.store(1, std::memory_order_release);
            told.notify_one();
        },
        [&] {
            told.wait(0, relaxed);
            std::atomic_thread_fence(acquire);
            assert(data == 1);
        });
}

}  // namespace

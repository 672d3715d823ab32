// What the report of a conflict says: which threads, how, where; and what orders them, or does not.
#include <gtest/gtest.h>

#include <atomic>
#include <cassert>
#include <mutex>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

#include "report_of.hpp"

namespace {

TEST(Conflicts, show_both_accesses_as_steps_and_the_order_that_is_missing) {
    struct Item {
        int value = 0;
        std::atomic<bool> ready{false};
    };
    const std::string report = report_of([] {
        Item item;
        std::thread other([&] {
            item.value = 1;
            item.ready.store(true, std::memory_order_relaxed);
        });
        if (item.ready.load(std::memory_order_acquire)) assert(item.value == 1);
        other.join();
    });
    const std::string at = "conflicts_test.cpp:" + std::to_string(__LINE__ - 6);
    EXPECT_TRUE(has(report, "data_race: two threads access memory at the same time: item.value\n")) << report;
    EXPECT_TRUE(has(report, "    thread 1  writes    item.value (plain)  in step 2, at unmodified/" + at)) << report;
    EXPECT_TRUE(has(report, "    thread 0  reads     item.value (plain)  in step 5, at ")) << report;
    EXPECT_TRUE(has(report, "step 4 reads what step 3 wrote, but the store is relaxed: it needs release\n")) << report;
    EXPECT_FALSE(has(report, "it needs acquire")) << report;
    EXPECT_TRUE(has(report, " !   2  ")) << report;
    EXPECT_TRUE(has(report, "reads item.value\n")) << report;
}

TEST(Conflicts, tell_atomic_accesses_from_plain_ones_whichever_comes_first) {
    const auto races = [](const auto& one, const auto& other) {
        return report_of([&] {
            int number = 0;
            std::thread thread([&] { other(number); });
            one(number);
            thread.join();
        });
    };
    const auto writes = [](int& number) { number = 1; };
    const auto loads = [](int& number) { std::atomic_ref(number).load(std::memory_order_acquire); };
    const auto adds = [](int& number) { std::atomic_ref(number).fetch_add(1, std::memory_order_release); };
    for (const std::string& report : {races(writes, loads), races(loads, writes)}) {
        EXPECT_TRUE(has(report, "writes    number (plain)  in step ")) << report;
        EXPECT_TRUE(has(report, "reads     number (atomic, acquire)  in step ")) << report;
    }
    for (const std::string& report : {races(writes, adds), races(adds, writes)})
        EXPECT_TRUE(has(report, "changes   number (atomic, release)  in step ")) << report;
    const std::string report = races(writes, writes);
    EXPECT_TRUE(has(report, "neither thread waits for the other: a lock is missing")) << report;
}

TEST(Conflicts, say_which_locks_are_held_where_it_is_not_the_same) {
    const auto race = [](auto& first, auto& second) {
        int number = 0;
        std::thread thread([&] {
            const std::lock_guard guard(second);
            ++number;
        });
        {
            const std::lock_guard guard(first);
            ++number;
        }
        thread.join();
    };
    const std::string two = report_of([&] {
        std::mutex one;
        std::mutex other;
        race(one, other);
    });
    EXPECT_TRUE(has(two, " holds one since step ")) << two;
    EXPECT_TRUE(has(two, " holds other since step ")) << two;
    EXPECT_TRUE(has(two, ": they are not the same lock\n")) << two;
    struct Nothing {
        void lock() {}
        void unlock() {}
    };
    const std::string half = report_of([&] {
        std::mutex mutex;
        Nothing nothing;
        race(mutex, nothing);
    });
    EXPECT_TRUE(has(half, "thread 0 holds mutex since step ")) << half;
    EXPECT_TRUE(has(half, "thread 1 holds no lock")) << half;
    EXPECT_TRUE(has(half, ": it must hold the same one\n")) << half;
    const std::string given_back = report_of([&] {
        std::mutex mutex;
        { const std::lock_guard guard(mutex); }
        Nothing nothing;
        race(nothing, nothing);
    });
    EXPECT_FALSE(has(given_back, " holds ")) << given_back;
}

TEST(Conflicts, say_what_is_acquired_and_not_waited_for) {
    const std::string report = report_of([] {
        std::atomic<bool> ready{false};
        int value = 0;
        std::thread other([&] {
            value = 1;
            ready.store(true, std::memory_order_release);
        });
        ready.load(std::memory_order_acquire);
        assert(value <= 1);
        other.join();
    });
    EXPECT_TRUE(has(report, "thread 0 acquires ready in step ")) << report;
    EXPECT_TRUE(has(report, ", and goes on whether or not thread 1 is past step ")) << report;
    EXPECT_FALSE(has(report, "neither thread waits")) << report;
}

TEST(Conflicts, name_an_order_that_can_be_written_rather_than_a_wake) {
    const std::string report = report_of([] {
        std::atomic<char> ready{0};
        int value = 0;
        std::thread other([&] {
            value = 1;
            ready.store(1, std::memory_order_relaxed);
            ready.notify_one();
        });
        ready.wait(0);
        assert(value == 1);
        other.join();
    });
    EXPECT_TRUE(has(report, ", but the store is relaxed: it needs release\n")) << report;
    EXPECT_FALSE(has(report, "to wake orders nothing")) << report;
}

TEST(Conflicts, of_memory_that_is_given_back_show_who_does_that) {
    const std::string unordered = report_of([] {
        auto* const number = new std::atomic<int>(0);
        std::thread other([number] { number->store(1, std::memory_order_relaxed); });
        delete number;
        other.join();
    });
    EXPECT_TRUE(has(unordered, "use_after_free: memory is ")) << unordered;
    EXPECT_TRUE(has(unordered, "thread 0  destroys  heap#1  in step ")) << unordered;
    EXPECT_TRUE(has(unordered, "thread 1  writes    heap#1 (atomic, relaxed)  in step ")) << unordered;
    const std::string ordered = report_of([] {
        auto* const number = new int(0);
        std::thread([number] { delete number; }).join();
        *number = 1;
    });
    EXPECT_TRUE(has(ordered, "thread 0  writes    heap#1 (plain)  in step 5")) << ordered;
    EXPECT_TRUE(has(ordered, "step 5 comes after step 2 in every order")) << ordered;
    const std::string twice = report_of([] {
        auto* const number = new int(0);
        std::thread([number] { delete number; }).join();
        delete number;
    });
    EXPECT_TRUE(has(twice, "double_free: memory is given back twice: heap#1 (4 bytes of thread 0, ")) << twice;
    EXPECT_TRUE(has(twice, "thread 1  destroys  heap#1  in step 2")) << twice;
    EXPECT_TRUE(has(twice, "thread 0  destroys  heap#1  in step 5")) << twice;
}

TEST(Conflicts, that_are_no_steps_have_a_place) {
    const std::string report = report_of([] {
        std::atomic<int*> known{nullptr};
        std::thread other([&] {
            int local = 0;
            known = &local;
        });
        if (int* const seen = known.load()) *seen = 1;
        other.join();
    });
    EXPECT_TRUE(has(report, "\n    thread 0  at unmodified/conflicts_test.cpp:")) << report;
    EXPECT_FALSE(has(report, "reads     known")) << report;
}

}  // namespace

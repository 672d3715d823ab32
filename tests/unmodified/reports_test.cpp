// Reports of ordinary C++: what memory is called, and which accesses are shown.
#include <gtest/gtest.h>

#include <atomic>
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

#include "report_of.hpp"

namespace {

struct Waiting {
    std::mutex mutex;
    std::condition_variable condition;
    bool is_ready = false;
};

TEST(Reports, tells_what_was_lost_and_where_it_came_from) {
    const int line = __LINE__ + 2;
    const std::string report = report_of([] {
        auto* const numbers = new int*[2];
        numbers[0] = new int(0), numbers[1] = new int(1);
    });
    EXPECT_TRUE(has(report, "3 block(s) of memory were never freed: heap#1 (16 bytes of thread 0, allocated at"))
        << report;
    EXPECT_TRUE(has(report, "reports_test.cpp:" + std::to_string(line))) << report;
    EXPECT_FALSE(has(report, "(4 bytes")) << report;
}

TEST(Reports, says_of_a_block_of_the_heap_once_where_it_comes_from) {
    struct Pair {
        int plain = 0;
        std::atomic<int> flag{0};
    };
    const int line = __LINE__ + 2;
    const std::string report = report_of([] {
        auto* const pair = new Pair;
        std::atomic<Pair*> known{nullptr};
        std::thread other([&] {
            if (known.load() != nullptr) assert(pair->flag.load() == 0);
        });
        pair->flag.store(1);
        known.store(pair);
        other.join();
        delete pair;
    });
    const std::string block =
        "heap#1: 8 bytes of thread 0, allocated at reports_test.cpp:" + std::to_string(line) + "\n";
    EXPECT_TRUE(has(report, block)) << report;
    EXPECT_EQ(report.find("allocated at"), report.rfind("allocated at")) << report;
    EXPECT_TRUE(has(report, "heap#1+4.store(1, seq_cst)")) << report;
    EXPECT_TRUE(has(report, "known.store(&heap#1, seq_cst)")) << report;
}

TEST(Reports, names_what_the_library_waits_at_by_the_atomic_that_is_waited_on) {
    const std::string report = report_of([] {
        std::atomic<char> ready{0};
        int seen = 0;
        std::thread other([&] {
            ready.store(1, std::memory_order_relaxed);
            ready.notify_one();
        });
        ready.wait(0);
        seen = ready;
        other.join();
        assert(seen == 2);
    });
    EXPECT_FALSE(has(report, "__detail")) << report;
    EXPECT_TRUE(has(report, "wake_all(waiters(ready))")) << report;
    EXPECT_TRUE(has(report, "waiters(ready): where the standard library lets threads sleep that wait on ready"))
        << report;
}

TEST(Reports, tells_where_memory_was_given_back) {
    std::string report = report_of([] {
        auto* const number = new int(1);
        std::thread([number] { delete number; }).join();
        std::thread([number] { delete number; }).join();
    });
    EXPECT_TRUE(has(report, "double_free")) << report;
    EXPECT_TRUE(has(report, "reports_test.cpp:" + std::to_string(__LINE__ - 4))) << report;
    report = report_of([] {
        auto* const number = new int(1);
        std::thread([number] { delete number; }).join();
        assert(*number == 1);
    });
    EXPECT_TRUE(has(report, "use_after_free")) << report;
    EXPECT_TRUE(has(report, "reports_test.cpp:" + std::to_string(__LINE__ - 4))) << report;
}

// What a conflict says: which threads, how, where; and what orders them, or does not.

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
    const std::string at = "reports_test.cpp:" + std::to_string(__LINE__ - 6);
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
    EXPECT_TRUE(has(report, "\n    thread 0  at unmodified/reports_test.cpp:")) << report;
    EXPECT_FALSE(has(report, "reads     known")) << report;
}

// Without a loop of its own.
void relax(int pauses) {
    if (pauses != 0) __builtin_ia32_pause();
}

TEST(Loops, are_named_by_a_line_of_theirs_if_they_pause_in_a_helper) {
    const int line = __LINE__ + 4;
    const std::string report = report_of([] {
        std::atomic<bool> is_ready{false};
        std::thread other([&] {
            while (!is_ready.load()) relax(1);
        });
        other.join();
    });
    EXPECT_TRUE(has(report, "yields  at unmodified/reports_test.cpp:" + std::to_string(line) + "\n")) << report;
}

TEST(Steps, that_add_a_small_negative_number_show_it) {
    const std::string report = report_of([] {
        std::atomic<unsigned> count{1};
        std::thread other([&] { count.fetch_add(-1U); });
        assert(count.load() == 1);
        other.join();
    });
    EXPECT_TRUE(has(report, "count.fetch_add(-1, seq_cst) = 1")) << report;
}

TEST(Advice, can_be_followed_where_a_notification_is_all_that_leads_to_the_end) {
    const std::string report = report_of([] {
        auto* const waiting = new Waiting;
        std::thread other([waiting] {
            {
                const std::scoped_lock guard(waiting->mutex);
                waiting->is_ready = true;
            }
            waiting->condition.notify_all();
        });
        {
            std::unique_lock guard(waiting->mutex);
            waiting->condition.wait(guard, [waiting] { return waiting->is_ready; });
        }
        delete waiting;
        other.join();
    });
    EXPECT_TRUE(has(report, "wakes thread 0, but to notify orders nothing: notify before the mutex is unlocked\n"))
        << report;
    EXPECT_FALSE(has(report, "it needs")) << report;
}

}  // namespace

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

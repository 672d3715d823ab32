// Explorations in the tests of another framework: GoogleTest knows nothing of heddle.
#include <gtest/gtest.h>

#include <atomic>
#include <cassert>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

template <class Counter>
void count_in_two_threads() {
    Counter count{0};
    std::thread other([&] { ++count; });
    ++count;
    other.join();
    assert(count == 2);
}

template <class Body>
std::string report_of(const Body& body, const heddle::ExploreLimits& limits = {}) {
    try {
        heddle::explore(body, limits);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Explore, passes_if_every_execution_ends_as_it_should) {
    heddle::explore([] { count_in_two_threads<std::atomic<int>>(); });
}

TEST(Explore, throws_the_report_of_an_execution_that_does_not) {
    const std::string report = report_of([] { count_in_two_threads<int>(); }, {.name = "CountWithoutAtomic"});
    EXPECT_TRUE(has(report, "data_race")) << report;
    EXPECT_TRUE(has(report, "CountWithoutAtomic")) << report;
    EXPECT_TRUE(has(report, "explore_test.cpp")) << report;
}

TEST(Explore, throws_if_an_expectation_fails_in_an_execution) {
    const std::string report = report_of([] {
        std::atomic<int> count{0};
        std::thread other([&] { count = 1; });
        const int seen = count;
        other.join();
        EXPECT_EQ(seen, 0);
    });
    EXPECT_TRUE(has(report, "exception")) << report;
}

TEST(Explore, may_be_called_again_and_again) {
    for (int i = 0; i != 3; ++i) {
        heddle::explore([] { count_in_two_threads<std::atomic<int>>(); });
        EXPECT_NE(report_of([] { count_in_two_threads<int>(); }), "");
    }
}

TEST(Explore, leaves_what_it_is_called_with_as_it_was) {
    int calls = 0;
    heddle::explore([&] { ++calls, count_in_two_threads<std::atomic<int>>(); });
    EXPECT_EQ(calls, 0);
}

TEST(Explore, fails_if_it_does_not_come_to_its_end) {
    const auto many = [] {
        std::atomic<int> count{0};
        const auto add = [&] {
            for (int i = 0; i != 6; ++i) ++count;
        };
        std::thread first(add), second(add), third(add);
        first.join(), second.join(), third.join();
    };
    EXPECT_TRUE(has(report_of(many, {.seconds = 0.1}), "budget")) << report_of(many, {.seconds = 0.1});
}

TEST(Explore, runs_a_failing_execution_again) {
    const auto racy = [] { count_in_two_threads<int>(); };
    const std::string report = report_of(racy);
    const auto begin = report.find("HEDDLE_REPLAY='") + std::string("HEDDLE_REPLAY='").size();
    const std::string token = report.substr(begin, report.find('\'', begin) - begin);
    setenv("HEDDLE_REPLAY", token.c_str(), 1);
    EXPECT_TRUE(has(report_of(racy), "data_race"));
    unsetenv("HEDDLE_REPLAY");
}

TEST(Explore, tells_what_was_lost_and_where_it_came_from) {
    const int line = __LINE__ + 2;
    const std::string report = report_of([] {
        auto* const numbers = new int*[2];
        numbers[0] = new int(0), numbers[1] = new int(1);
    });
    EXPECT_TRUE(has(report, "3 block(s) of memory were never freed: heap#1 (16 bytes of thread 0, allocated at"))
        << report;
    EXPECT_TRUE(has(report, "explore_test.cpp:" + std::to_string(line))) << report;
    EXPECT_FALSE(has(report, "(4 bytes")) << report;
}

TEST(Explore, says_of_a_block_of_the_heap_once_where_it_comes_from) {
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
        "heap#1: 8 bytes of thread 0, allocated at explore_test.cpp:" + std::to_string(line) + "\n";
    EXPECT_TRUE(has(report, block)) << report;
    EXPECT_EQ(report.find("allocated at"), report.rfind("allocated at")) << report;
    EXPECT_TRUE(has(report, "heap#1+4.store(1, seq_cst)")) << report;
    EXPECT_TRUE(has(report, "known.store(&heap#1, seq_cst)")) << report;
}

TEST(Explore, names_what_the_library_waits_at_by_the_atomic_that_is_waited_on) {
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

TEST(Explore, tells_where_memory_was_given_back) {
    std::string report = report_of([] {
        auto* const number = new int(1);
        std::thread([number] { delete number; }).join();
        std::thread([number] { delete number; }).join();
    });
    EXPECT_TRUE(has(report, "double_free")) << report;
    EXPECT_TRUE(has(report, "explore_test.cpp:" + std::to_string(__LINE__ - 4))) << report;
    report = report_of([] {
        auto* const number = new int(1);
        std::thread([number] { delete number; }).join();
        assert(*number == 1);
    });
    EXPECT_TRUE(has(report, "use_after_free")) << report;
    EXPECT_TRUE(has(report, "explore_test.cpp:" + std::to_string(__LINE__ - 4))) << report;
}

// What GoogleTest keeps of an assertion that holds, and of the thread that makes it, is not lost.
TEST(Explore, follows_assertions_that_hold) {
    const std::string report = report_of([] {
        std::thread([] { SUCCEED(); }).join();
        SUCCEED();
    });
    EXPECT_EQ(report, "");
}

TEST(Explore, is_red_if_a_thread_runs_already) {
    std::atomic<bool> ends{false};
    std::thread other([&] {
        while (!ends) std::this_thread::yield();
    });
    const auto nothing = [] {};
    const std::string report = report_of(nothing);
    ends = true;
    other.join();
    EXPECT_TRUE(has(report, "a thread that began before the test is not followed")) << report;
    EXPECT_EQ(report_of(nothing), "");
}

TEST(Simulate, returns_if_every_execution_ends_as_it_should) {
    EXPECT_EQ(__tsan_simulate([](void*) { count_in_two_threads<std::atomic<int>>(); }, nullptr), 0);
}

TEST(Simulate, ends_the_program_as_the_sanitizer_does) {
    EXPECT_EXIT(__tsan_simulate([](void*) { count_in_two_threads<int>(); }, nullptr), testing::ExitedWithCode(66),
                "data_race");
}

}  // namespace

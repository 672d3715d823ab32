// Explorations in the tests of another framework: GoogleTest knows nothing of heddle.
#include <gtest/gtest.h>

#include <atomic>
#include <cassert>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

#include "report_of.hpp"

namespace {

template <class Counter>
void count_in_two_threads() {
    Counter count{0};
    std::thread other([&] { ++count; });
    ++count;
    other.join();
    assert(count == 2);
}

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

// How long a run takes, told from what it has taken: against runs whose end is known.
#include <gtest/gtest.h>

#include "forecast.hpp"

namespace heddle::harness {
namespace {

using Seconds = Forecast::Seconds;

constexpr Seconds at(double seconds) { return Seconds(seconds); }

TEST(Forecast, says_nothing_before_anything_was_measured) {
    Forecast forecast({"a", "a"}, 1, at(60));
    forecast.started(0, at(0));
    EXPECT_FALSE(forecast.left(at(1)));
}

TEST(Forecast, is_right_where_all_jobs_take_the_same) {
    Forecast forecast({"a", "a", "a", "a"}, 2, at(60));
    forecast.started(0, at(0));
    forecast.started(1, at(0));
    forecast.finished(0, 10, at(4));
    forecast.finished(1, 10, at(4));
    EXPECT_DOUBLE_EQ(forecast.left(at(4)).value().count(), 4);  // two more, two workers
    forecast.started(2, at(4));
    forecast.started(3, at(4));
    EXPECT_DOUBLE_EQ(forecast.left(at(7)).value().count(), 1);
    EXPECT_EQ(forecast.running(), (std::vector<std::size_t>{2, 3}));
}

TEST(Forecast, goes_by_what_jobs_of_the_same_engine_took) {
    Forecast forecast({"slow", "slow", "fast", "fast"}, 1, at(60));
    forecast.started(0, at(0));
    forecast.finished(0, 1, at(10));
    forecast.started(2, at(10));
    forecast.finished(2, 1, at(11));
    EXPECT_DOUBLE_EQ(forecast.left(at(11)).value().count(), 10 + 1);
}

TEST(Forecast, believes_an_engine_that_knows_how_far_it_is) {
    Forecast forecast({"a"}, 1, at(60));
    forecast.started(0, at(0));
    forecast.progress(0, {.executions = 100, .explored = 0.25}, at(5));
    EXPECT_DOUBLE_EQ(forecast.left(at(5)).value().count(), 15);
    forecast.progress(0, {.executions = 200, .explored = 0.001}, at(6));
    EXPECT_DOUBLE_EQ(forecast.left(at(6)).value().count(), 54) << "no job has more than its budget";
}

TEST(Forecast, waits_for_the_longest_job_however_many_workers_there_are) {
    Forecast forecast({"a", "a"}, 8, at(60));
    forecast.started(0, at(0));
    forecast.started(1, at(0));
    forecast.progress(0, {.executions = 1, .explored = 0.5}, at(10));
    forecast.progress(1, {.executions = 1, .explored = 0.25}, at(10));
    EXPECT_DOUBLE_EQ(forecast.left(at(10)).value().count(), 30);
}

TEST(Forecast, has_the_rate_of_all_workers_together_over_the_last_seconds) {
    Forecast forecast({"a", "a", "a"}, 2, at(60));
    forecast.started(0, at(0));
    forecast.started(1, at(0));
    for (int second = 1; second <= 20; ++second) {
        const auto executions = static_cast<std::uint64_t>(second);
        forecast.progress(0, {.executions = 100 * executions}, at(second));
        forecast.progress(1, {.executions = 10 * executions}, at(second));
    }
    EXPECT_NEAR(forecast.rate(at(20)), 110, 1e-9);
    EXPECT_EQ(forecast.executions(), 2200U);
    forecast.finished(1, 260, at(21));
    EXPECT_EQ(forecast.executions(), 2260U) << "what is done counts, and counts once";
    EXPECT_EQ(forecast.done(), 1U);
}

}  // namespace
}  // namespace heddle::harness

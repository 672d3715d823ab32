// Barrier: every public operation, its arguments and its errors.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <heddle/barrier.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;

// Threads that wait at a barrier; how each of their waits ended.
struct Parties {
    Parties(Barrier& barrier, int count) {
        for (int n = 0; n != count; ++n)
            threads.emplace_back([this, &barrier] {
                try {
                    barrier.wait(60s);
                    ++passed;
                } catch (const BrokenBarrierError&) {
                    ++broken;
                }
            });
        while (barrier.n_waiting() != count) std::this_thread::yield();
    }
    void join() { threads.clear(); }

    std::atomic<int> passed{0};
    std::atomic<int> broken{0};
    std::vector<std::jthread> threads;
};

TEST(Barrier, needs_a_party) {
    EXPECT_THROW(Barrier(0), ValueError);
    EXPECT_THROW(Barrier(-1), ValueError);
}

TEST(Barrier, of_one_lets_every_thread_pass_at_once) {
    Barrier barrier(1);
    EXPECT_EQ(barrier.wait(), 0);
    EXPECT_EQ(barrier.wait(Seconds(0)), 0);
    EXPECT_EQ(barrier.parties(), 1);
    EXPECT_FALSE(barrier.broken());
}

TEST(Barrier, gives_each_party_another_number_in_every_round) {
    Barrier barrier(3);
    std::atomic<int> sum{0};
    std::vector<std::jthread> threads;
    for (int n = 0; n != 3; ++n)
        threads.emplace_back([&] {
            for (int round = 0; round != 50; ++round) sum += 1 << (2 * barrier.wait());
        });
    threads.clear();
    EXPECT_EQ(sum, 50 * (1 + 4 + 16));
    EXPECT_EQ(barrier.n_waiting(), 0);
}

TEST(Barrier, wakes_all_that_sleep_at_it_however_many) {
    constexpr int many = 40;
    Barrier barrier(many + 1);
    Parties others(barrier, many);
    std::this_thread::sleep_for(50ms);  // until they sleep
    EXPECT_EQ(barrier.wait(), many);
    others.join();
    EXPECT_EQ(others.passed, many);
}

TEST(Barrier, a_timeout_breaks_it_for_all) {
    Barrier barrier(3);
    Parties others(barrier, 1);
    EXPECT_THROW(barrier.wait(5ms), BrokenBarrierError);
    others.join();
    EXPECT_EQ(others.broken, 1);
    EXPECT_TRUE(barrier.broken());
    EXPECT_THROW(barrier.wait(), BrokenBarrierError);
    barrier.reset();
    EXPECT_FALSE(barrier.broken());
    EXPECT_THROW(barrier.wait(Seconds(0)), BrokenBarrierError);
}

TEST(Barrier, uses_the_constructors_timeout_where_none_is_given) {
    Barrier barrier(2, {}, Seconds(0.005));
    EXPECT_THROW(barrier.wait(), BrokenBarrierError);
}

TEST(Barrier, a_bad_timeout_does_not_break_it) {
    Barrier barrier(2);
    EXPECT_THROW(barrier.wait(Seconds(1e300)), OverflowError);
    EXPECT_THROW(barrier.wait(Seconds(std::numeric_limits<double>::quiet_NaN())), ValueError);
    EXPECT_FALSE(barrier.broken());
    EXPECT_EQ(barrier.n_waiting(), 0);
    Parties other(barrier, 1);
    EXPECT_EQ(barrier.wait(Seconds(1e300)), 1) << "the last party does not wait";
    other.join();
    EXPECT_EQ(other.passed, 1);
}

TEST(Barrier, abort_breaks_it_until_a_reset) {
    Barrier barrier(3);
    Parties others(barrier, 2);
    barrier.abort();
    others.join();
    EXPECT_EQ(others.broken, 2);
    EXPECT_TRUE(barrier.broken());
    barrier.reset();
    Parties again(barrier, 2);
    barrier.wait();
    again.join();
    EXPECT_EQ(again.passed, 2);
}

TEST(Barrier, reset_ends_the_waits_and_leaves_it_whole) {
    Barrier barrier(3);
    Parties others(barrier, 2);
    barrier.reset();
    others.join();
    EXPECT_EQ(others.broken, 2);
    EXPECT_FALSE(barrier.broken());
}

TEST(Barrier, runs_its_action_once_a_round_with_all_others_waiting) {
    int runs = 0;
    std::ptrdiff_t waiting = -1;
    Barrier* self = nullptr;
    Barrier barrier(2, [&] {
        ++runs;
        waiting = self->n_waiting();
        EXPECT_FALSE(self->broken());
    });
    self = &barrier;
    Parties other(barrier, 1);
    barrier.wait();
    other.join();
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(waiting, 1);
}

TEST(Barrier, an_action_that_throws_breaks_it_and_the_last_party_gets_the_exception) {
    Barrier barrier(2, [] { throw std::logic_error("action"); });
    Parties other(barrier, 1);
    EXPECT_THROW(barrier.wait(), std::logic_error);
    other.join();
    EXPECT_EQ(other.broken, 1);
    EXPECT_TRUE(barrier.broken());
}

TEST(Barrier, refuses_what_would_deadlock_inside_of_the_action) {
    Barrier* self = nullptr;
    int refused = 0;
    const auto refuses = [&](auto call) {
        try {
            call();
        } catch (const RuntimeError&) {
            ++refused;
        }
    };
    Barrier barrier(1, [&] {
        refuses([&] { self->wait(); });
        refuses([&] { self->reset(); });
        refuses([&] { self->abort(); });
    });
    self = &barrier;
    EXPECT_EQ(barrier.wait(), 0);
    EXPECT_EQ(refused, 3);
    EXPECT_NO_THROW(barrier.reset()) << "outside of the action it works again";
}

}  // namespace
}  // namespace heddle

// Thread: building, starting, joining, names, daemons.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <thread>

#include <heddle/lock.hpp>
#include <heddle/thread.hpp>

#include "held_thread.hpp"

namespace heddle {
namespace {

using namespace std::chrono_literals;

TEST(Thread, runs_a_function_with_arguments) {
    int sum = 0;
    Thread thread([](int& out, int a, int b) { out = a + b; }, std::ref(sum), 2, 3);
    thread.start();
    thread.join();
    EXPECT_EQ(sum, 5);
}

TEST(Thread, runs_a_callable_object) {
    struct Doubler {
        int* value;
        void operator()() const { *value *= 2; }
    };
    int value = 21;
    Thread thread(Doubler{&value});
    thread.start();
    thread.join();
    EXPECT_EQ(value, 42);
}

TEST(Thread, runs_a_member_function) {
    struct Counter {
        int count = 0;
        void add(int n) { count += n; }
    } counter;
    Thread thread(&Counter::add, &counter, 3);
    thread.start();
    thread.join();
    EXPECT_EQ(counter.count, 3);
}

TEST(Thread, runs_a_move_only_callable_with_move_only_arguments) {
    int seen = 0;
    Thread thread([&seen, a = std::make_unique<int>(1)](std::unique_ptr<int> b) { seen = *a + *b; },
                  std::make_unique<int>(2));
    thread.start();
    thread.join();
    EXPECT_EQ(seen, 3);
}

TEST(Thread, runs_the_override_of_a_subclass_and_keeps_its_result) {
    class Squarer : public Thread {
      public:
        explicit Squarer(int n) : n_(n) {}
        void run() override { result_ = n_ * n_; }
        int result() const { return result_; }

      private:
        int n_;
        int result_ = 0;
    };
    Squarer thread(7);
    thread.start();
    thread.join();
    EXPECT_EQ(thread.result(), 49);
}

TEST(Thread, shared_subclass_object_lives_as_long_as_its_thread) {
    class Waiter : public Thread {
      public:
        Waiter(Lock& gate, std::atomic<bool>& gone) : gate_(gate), gone_(gone) {}
        ~Waiter() override {
            std::this_thread::sleep_for(50ms);  // whoever does not wait for that comes too early
            gone_ = true;
        }
        void run() override { gate_.acquire(); }

      private:
        Lock& gate_;
        std::atomic<bool>& gone_;
    };
    Lock gate;
    gate.acquire();
    std::atomic<bool> gone{false};
    {
        const auto thread = std::make_shared<Waiter>(gate, gone);
        thread->start();
    }
    EXPECT_FALSE(gone);
    gate.release();
    shutdown();
    EXPECT_TRUE(gone);
}

TEST(ThreadDeathTest, destroying_a_subclass_object_while_it_runs_is_misuse) {
    class Sleeper : public Thread {
      public:
        explicit Sleeper(Lock& running) : running_(running) {}
        void run() override {
            running_.release();
            std::this_thread::sleep_for(60s);
        }

      private:
        Lock& running_;
    };
    EXPECT_DEATH(
        {
            Lock running;
            running.acquire();
            Sleeper thread(running);
            thread.start();
            running.acquire();
        },
        "destroyed while its run\\(\\) was still running");
}

TEST(Thread, without_a_callable_does_nothing) {
    Thread thread;
    thread.start();
    thread.join();
    EXPECT_FALSE(thread.is_alive());
}

TEST(Thread, run_called_directly_runs_in_the_caller_and_only_once) {
    int calls = 0;
    Thread thread([&] { ++calls; });
    thread.run();
    thread.run();
    EXPECT_EQ(calls, 1);
}

TEST(Thread, start_refuses_a_second_call_also_after_the_end) {
    int calls = 0;
    Thread thread([&] { ++calls; });
    thread.start();
    EXPECT_THROW(thread.start(), RuntimeError);
    thread.join();
    EXPECT_THROW(thread.start(), RuntimeError);
    EXPECT_EQ(calls, 1);
}

TEST(Thread, is_alive_from_start_to_end) {
    HeldThread held;
    EXPECT_FALSE(held.thread.is_alive());
    held.thread.start();
    EXPECT_TRUE(held.thread.is_alive());
    held.let_go();
    held.thread.join();
    EXPECT_FALSE(held.thread.is_alive());
}

TEST(Thread, ids_are_known_after_start_and_kept) {
    HeldThread held;
    EXPECT_EQ(held.thread.ident(), std::nullopt);
    EXPECT_EQ(held.thread.native_id(), std::nullopt);
    held.thread.start();
    const auto ident = held.thread.ident();
    ASSERT_TRUE(ident.has_value());
    EXPECT_NE(*ident, 0U);
    EXPECT_NE(*held.thread.native_id(), StdPlatform::native_id());
    held.let_go();
    held.thread.join();
    EXPECT_EQ(held.thread.ident(), ident);
}

TEST(Thread, idents_are_never_reused) {
    std::set<std::uint64_t> idents;
    for (int n = 0; n != 20; ++n) {
        Thread thread([] {});
        thread.start();
        thread.join();
        idents.insert(*thread.ident());
    }
    EXPECT_EQ(idents.size(), 20U);
}

TEST(Thread, is_given_a_name_or_makes_one) {
    EXPECT_EQ(Thread(ThreadOptions{.name = "worker"}).name(), "worker");
    const Thread a;
    const Thread b;
    EXPECT_EQ(a.name().rfind("Thread-", 0), 0U);
    EXPECT_NE(a.name(), b.name());
}

TEST(Thread, name_may_change_at_any_time) {
    HeldThread held;
    held.thread.start();
    held.thread.set_name("renamed");
    EXPECT_EQ(held.thread.name(), "renamed");
}

TEST(Thread, daemon_is_inherited_from_the_creating_thread) {
    EXPECT_FALSE(Thread().daemon());
    bool inherited = false;
    bool overridden = true;
    Thread daemon(ThreadOptions{.daemon = true}, [&] {
        inherited = Thread().daemon();
        overridden = Thread(ThreadOptions{.daemon = false}).daemon();
    });
    daemon.start();
    daemon.join();
    EXPECT_TRUE(inherited);
    EXPECT_FALSE(overridden);
}

TEST(Thread, daemon_cannot_change_after_start) {
    Thread thread([] {});
    thread.set_daemon(true);
    EXPECT_TRUE(thread.daemon());
    thread.start();
    EXPECT_THROW(thread.set_daemon(false), RuntimeError);
    thread.join();
    EXPECT_THROW(thread.set_daemon(false), RuntimeError);
}

TEST(Thread, dropping_a_running_thread_leaves_it_running) {
    std::atomic<bool> ran{false};
    Lock gate;
    gate.acquire();
    {
        Thread thread([&] {
            gate.acquire();
            ran = true;
        });
        thread.start();
    }
    gate.release();
    shutdown();
    EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace heddle

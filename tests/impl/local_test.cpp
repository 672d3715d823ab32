// Local: values by thread, their beginnings and ends.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <heddle/local.hpp>
#include <heddle/thread.hpp>

namespace heddle {
namespace {

struct Counted {
    explicit Counted(std::atomic<int>& alive) : alive_(&alive) { ++*alive_; }
    Counted(Counted&& other) noexcept : alive_(other.alive_) { ++*alive_; }
    Counted& operator=(Counted&&) = delete;
    ~Counted() { --*alive_; }

  private:
    std::atomic<int>* alive_;
};

TEST(Local, gives_each_thread_a_value_of_its_own) {
    Local<int> local;
    local.get() = 1;
    std::thread([&] {
        EXPECT_EQ(local.find(), nullptr);
        EXPECT_EQ(*local, 0);
        *local = 2;
        EXPECT_EQ(*local, 2);
    }).join();
    EXPECT_EQ(*local, 1);
}

TEST(Local, makes_each_value_once_in_its_thread) {
    std::atomic<int> made{0};
    Local<std::string> local([&] {
        ++made;
        return std::string("fresh");
    });
    EXPECT_EQ(local->size(), 5U);
    EXPECT_EQ(local.get(), "fresh");
    EXPECT_EQ(made, 1);
    std::thread([&] { EXPECT_EQ(*local, "fresh"); }).join();
    EXPECT_EQ(made, 2);
}

TEST(Local, has_no_value_if_its_initialiser_throws) {
    bool fails = true;
    Local<int> local([&]() -> int {
        if (fails) throw std::runtime_error("initialiser");
        return 3;
    });
    EXPECT_THROW(local.get(), std::runtime_error);
    EXPECT_EQ(local.find(), nullptr);
    fails = false;
    EXPECT_EQ(local.get(), 3);
}

TEST(Local, reset_destroys_the_threads_value) {
    Local<int> local;
    local.get() = 5;
    local.reset();
    EXPECT_EQ(local.find(), nullptr);
    EXPECT_EQ(local.get(), 0);
    local.reset();
    local.reset();
}

TEST(Local, destroys_a_threads_value_before_join_returns) {
    std::atomic<int> alive{0};
    Local<Counted> local([&] { return Counted(alive); });
    Thread thread([&] {
        local.get();
        EXPECT_EQ(alive, 1);
    });
    thread.start();
    thread.join();
    EXPECT_EQ(alive, 0);
    std::thread([&] { local.get(); }).join();
    EXPECT_EQ(alive, 0) << "in threads that heddle did not start, too";
}

TEST(Local, destroys_every_value_when_it_dies_before_the_threads) {
    std::atomic<int> alive{0};
    auto local = std::make_unique<Local<Counted>>([&] { return Counted(alive); });
    std::atomic<bool> touched{false};
    std::atomic<bool> ends{false};
    std::jthread thread([&] {
        local->get();
        touched = true;
        while (!ends) std::this_thread::yield();
    });
    while (!touched) std::this_thread::yield();
    local->get();
    EXPECT_EQ(alive, 2);
    local.reset();
    EXPECT_EQ(alive, 0);
    ends = true;
}

TEST(Local, a_value_may_use_the_local_when_it_dies) {
    struct Asks {
        Local<std::unique_ptr<Asks>>* local;
        bool* found;
        ~Asks() { *found = local->find() != nullptr; }
    };
    bool found = true;
    Local<std::unique_ptr<Asks>> local;
    local.get().reset(new Asks{&local, &found});
    local.reset();
    EXPECT_FALSE(found);
}

/// Counts what is called when threads end.
struct CountingExits : StdPlatform {
    static inline std::atomic<int> exits{0};
    static void at_thread_exit(std::function<void()> function) {
        ++exits;
        StdPlatform::at_thread_exit(std::move(function));
    }
};

TEST(Local, is_told_of_the_end_of_a_thread_once_however_often_it_is_reset) {
    std::atomic<int> alive{0};
    CountingExits::exits = 0;
    BasicLocal<CountingExits, Counted> local([&] { return Counted(alive); });
    std::thread([&] {
        for (int round = 0; round != 100; ++round) {
            local.get();
            EXPECT_EQ(alive, 1);
            local.reset();
            EXPECT_EQ(alive, 0);
        }
        local.get();
        EXPECT_EQ(CountingExits::exits, 1);
    }).join();
    EXPECT_EQ(alive, 0);
}

struct RefusingExits : StdPlatform {
    static void at_thread_exit(const std::function<void()>& /*function*/) { throw std::bad_alloc(); }
};

TEST(Local, keeps_no_value_that_the_end_of_the_thread_would_not_destroy) {
    std::atomic<int> alive{0};
    BasicLocal<RefusingExits, Counted> local([&] { return Counted(alive); });
    EXPECT_THROW(local.get(), std::bad_alloc);
    EXPECT_EQ(local.find(), nullptr);
    EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace heddle

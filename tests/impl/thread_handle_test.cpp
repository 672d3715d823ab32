// Who is running: current_thread, main_thread, enumerate, idents, stack_size.
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

#include "held_thread.hpp"

namespace heddle {
namespace {

bool is_listed(const ThreadHandle& thread) {
    const auto all = enumerate();
    return std::find(all.begin(), all.end(), thread) != all.end();
}

TEST(MainThread, is_known_by_its_name_and_is_always_listed_first) {
    EXPECT_EQ(main_thread().name(), "MainThread");
    EXPECT_FALSE(main_thread().daemon());
    EXPECT_EQ(current_thread(), main_thread());
    EXPECT_EQ(enumerate().front(), main_thread());
    EXPECT_EQ(main_thread().ident(), get_ident());
    EXPECT_EQ(main_thread().native_id(), static_cast<std::uint64_t>(getpid()));
    EXPECT_THROW(main_thread().join(), RuntimeError) << "by itself";
}

TEST(MainThread, has_its_ident_before_it_has_asked_for_it) {
    std::optional<std::uint64_t> ident;
    std::thread([&ident] { ident = main_thread().ident(); }).join();
    EXPECT_EQ(ident, get_ident());
}

TEST(MainThread, can_be_joined_by_others_until_it_enters_the_exit_phase) {
    // In a process of its own, begun anew: another test may have entered the exit phase of this one.
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(
        {
            std::atomic<bool> early{true};
            Thread waiter([&] {
                main_thread().join();
                if (early) _exit(1);
            });
            (void)current_thread();
            waiter.start();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            early = false;
            shutdown();
            _exit(waiter.is_alive() ? 2 : 0);
        },
        testing::ExitedWithCode(0), "");
}

TEST(CurrentThread, is_the_thread_that_runs) {
    std::optional<ThreadHandle> seen;
    Thread thread([&] { seen = current_thread(); });
    thread.start();
    thread.join();
    EXPECT_EQ(*seen, thread);
    EXPECT_EQ(seen->name(), thread.name());
}

TEST(CurrentThread, of_a_foreign_thread_is_a_dummy_until_it_ends) {
    std::optional<ThreadHandle> dummy;
    std::thread([&] {
        dummy = current_thread();
        EXPECT_EQ(*dummy, current_thread());
        EXPECT_EQ(dummy->name().substr(0, 6), "Dummy-");
        EXPECT_TRUE(dummy->daemon());
        EXPECT_TRUE(dummy->is_alive());
        EXPECT_TRUE(is_listed(*dummy));
        EXPECT_EQ(dummy->ident(), get_ident());
    }).join();
    EXPECT_FALSE(dummy->is_alive());
    EXPECT_FALSE(is_listed(*dummy));
    EXPECT_THROW(dummy->join(), RuntimeError);
}

TEST(CurrentThread, of_a_low_level_thread_is_a_dummy_with_the_ident_that_start_gave) {
    Lock done;
    done.acquire();
    std::optional<ThreadHandle> inside;
    const auto ident = start_new_thread([&] {
        inside = current_thread();
        done.release();
    });
    done.acquire();
    EXPECT_EQ(inside->ident(), ident);
    while (inside->is_alive()) std::this_thread::yield();  // nobody can join it
}

TEST(Enumerate, lists_a_thread_from_its_start_to_its_end) {
    const auto before = active_count();
    HeldThread held;
    EXPECT_FALSE(is_listed(held.thread));
    held.thread.start();
    EXPECT_TRUE(is_listed(held.thread));
    EXPECT_EQ(active_count(), before + 1);
    held.let_go();
    held.thread.join();
    EXPECT_FALSE(is_listed(held.thread));
    EXPECT_EQ(active_count(), before);
}

TEST(Enumerate, does_not_list_a_thread_that_could_not_be_started) {
    const auto before = active_count();
    const auto size = stack_size(std::size_t{1} << 46);
    Thread thread([] {});
    EXPECT_THROW(thread.start(), RuntimeError);
    EXPECT_EQ(active_count(), before);
    stack_size(size);
    thread.start();
    thread.join();
}

TEST(Idents, differ_among_all_threads_ever) {
    std::set<std::uint64_t> idents{get_ident()};
    for (int n = 0; n != 20; ++n) {
        Thread thread([] {});
        thread.start();
        thread.join();
        EXPECT_TRUE(idents.insert(thread.ident().value()).second);
        std::thread([&] { EXPECT_TRUE(idents.insert(get_ident()).second); }).join();
    }
    EXPECT_FALSE(idents.contains(0));
    EXPECT_EQ(get_native_id(), static_cast<std::uint64_t>(gettid()));
}

TEST(StackSize, is_that_of_threads_started_later) {
    EXPECT_EQ(stack_size(std::size_t{64} << 20), 0U);
    std::size_t seen = 0;
    Thread thread([&] {
        pthread_attr_t attributes;
        pthread_getattr_np(pthread_self(), &attributes);
        pthread_attr_getstacksize(&attributes, &seen);
        pthread_attr_destroy(&attributes);
    });
    thread.start();
    thread.join();
    EXPECT_GE(seen, std::size_t{64} << 20);
    EXPECT_EQ(stack_size(), std::size_t{64} << 20) << "without an argument it goes back to the default";
    EXPECT_EQ(stack_size(), 0U);
}

TEST(StackSize, too_small_is_an_error_without_effect) {
    EXPECT_THROW(stack_size(1), ValueError);
    EXPECT_THROW(stack_size(stack_bytes_min - 1), ValueError);
    EXPECT_EQ(stack_size(stack_bytes_min), 0U);
    EXPECT_EQ(stack_size(), stack_bytes_min);
}

}  // namespace
}  // namespace heddle

// The storage that a thread has lent stays with the fiber that uses it, whatever the kernel believes.
#include <ctime>

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include <heddle/engine/thread_pointer.hpp>

#include "host/lent_storage.hpp"
#include "host/watch.hpp"

namespace {

using heddle::engine::LentStorage;
using heddle::engine::own_thread_pointer;

thread_local int mark = 0;

/// Compilers keep the address of such a variable for a whole function.
[[gnu::noinline]] int mark_of_this_thread() { return mark; }

TEST(LentStorage, is_kept_while_other_threads_run) {
    std::atomic<std::uintptr_t> lent{0};
    std::atomic<bool> done{false};
    std::thread lender([&] {
        mark = 1;
        lent = own_thread_pointer();
        lent.notify_one();
        done.wait(false);
    });
    lent.wait(0);
    const std::uintptr_t own = own_thread_pointer();
    heddle::engine::Watch::begin();
    LentStorage::begin();
    LentStorage::use(lent);
    bool is_kept = true;
    constexpr timespec span{.tv_sec = 0, .tv_nsec = 100'000};
    for (int sleep = 0; sleep != 20; ++sleep) {
        nanosleep(&span, nullptr);  // the processor is another thread's
        is_kept = is_kept && mark_of_this_thread() == 1 && own_thread_pointer() == lent;
    }
    LentStorage::use(own);
    LentStorage::end();
    EXPECT_TRUE(is_kept);
    EXPECT_EQ(mark_of_this_thread(), 0);
    done = true;
    done.notify_one();
    lender.join();
}

}  // namespace

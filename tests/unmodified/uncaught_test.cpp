// Reports of exceptions that leave a thread.
#include <gtest/gtest.h>

#include <atomic>
#include <cassert>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "report_of.hpp"

namespace {

TEST(Exceptions, that_leave_a_thread_say_what_they_are_and_where_they_were_thrown) {
    const int line = __LINE__ + 2;
    const std::string report = report_of([] {
        std::thread other([] { throw std::out_of_range("too far"); });
        other.join();
    });
    EXPECT_TRUE(has(report, "exception: an exception left the thread: std::out_of_range: too far\n")) << report;
    EXPECT_TRUE(has(report, "\n    thread 1  at unmodified/uncaught_test.cpp:" + std::to_string(line) + "\n"))
        << report;
}

TEST(Exceptions, of_any_type_that_another_thread_has_thrown_say_where) {
    const int line = __LINE__ + 6;
    const std::string report = report_of([] {
        std::exception_ptr kept;
        std::atomic<int> number{0};
        std::thread other([&] {
            try {
                throw number.load();
            } catch (...) {
                kept = std::current_exception();
            }
        });
        other.join();
        std::rethrow_exception(kept);
    });
    EXPECT_TRUE(has(report, "exception: an exception left the thread: int\n")) << report;
    EXPECT_TRUE(has(report, "\n    thread 0  at unmodified/uncaught_test.cpp:" + std::to_string(line) + "\n"))
        << report;
}

TEST(Exceptions, that_the_library_throws_say_who_has_called_it) {
    const int line = __LINE__ + 3;
    const std::string report = report_of([] {
        const std::vector<int> none;
        std::thread other([&] { assert(none.at(1) == 0); });
        other.join();
    });
    EXPECT_TRUE(has(report, "an exception left the thread: std::out_of_range: vector")) << report;
    EXPECT_TRUE(has(report, "\n    thread 1  at unmodified/uncaught_test.cpp:" + std::to_string(line) + "\n"))
        << report;
}

}  // namespace

// Reports of crashes: where in the program, and what it did to which address.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

#include "report_of.hpp"

namespace {

struct Node {
    long before[3] = {};
    int value = 0;
};

std::string line_of(int line) { return "at unmodified/crash_reports_test.cpp:" + std::to_string(line) + "\n"; }

/// A crash in `body`, which stands in that line, or the next one.
template <class Body>
void expect_crash(int line, const std::string& does, const Body& body) {
    const std::string report = report_of(body);
    EXPECT_TRUE(has(report, "the program crashed: " + does)) << report;
    EXPECT_TRUE(has(report, line_of(line)) || has(report, line_of(line + 1))) << report;
}

const std::string null_is_read = "Segmentation fault: it reads address 0, through a null pointer\n";

TEST(Crashes, of_a_read_tell_its_line_and_its_thread) {
    const std::string report = report_of([] {
        std::thread other([] {
            const int* volatile pointer = nullptr;
            if (*pointer == 0) return;
        });
        other.join();
    });
    EXPECT_TRUE(has(report, null_is_read)) << report;
    EXPECT_TRUE(has(report, "thread 1  " + line_of(__LINE__ - 5))) << report;
}

TEST(Crashes, of_a_member_of_nothing_tell_where_it_would_be) {
    expect_crash(__LINE__, "Segmentation fault: it writes to address 0x18, through a null pointer\n",
                 [] { std::unique_ptr<Node>()->value = 1; });
}

TEST(Crashes, of_a_call_have_the_line_of_the_caller) {
    using Function = void (*volatile)();
    expect_crash(__LINE__, "Segmentation fault: it calls address 0, through a null pointer\n",
                 [] { Function{nullptr}(); });
}

TEST(Crashes, of_code_without_hooks_have_the_line_of_the_program_that_called_it) {
    const char* volatile text = nullptr;
    expect_crash(__LINE__, null_is_read, [&] { EXPECT_EQ(std::strlen(text), 0U); });
    const std::string* volatile string = nullptr;
    expect_crash(__LINE__, null_is_read, [&] { EXPECT_EQ(std::string(*string), ""); });
}

TEST(Crashes, of_an_atomic_have_the_line_of_the_operation) {
    std::atomic<int>* volatile counter = nullptr;
    expect_crash(__LINE__, null_is_read, [&] { ++*counter; });
}

TEST(Crashes, tell_of_addresses_that_are_no_null) {
    int* volatile pointer = nullptr;
    pointer = reinterpret_cast<int*>(0x123456789000);
    expect_crash(__LINE__, "Segmentation fault: it writes to address 0x123456789000, where nothing",
                 [&] { *pointer = 1; });
    pointer = reinterpret_cast<int*>(0x9e3779b97f4a7c14);
    expect_crash(__LINE__, "Segmentation fault: it uses an address that no memory can have", [&] { *pointer = 1; });
}

TEST(Crashes, of_other_kinds_have_their_lines) {
    volatile int zero = 0;
    expect_crash(__LINE__, "Floating point exception: it divides an integer by zero", [&] { zero = 7 / zero; });
    expect_crash(__LINE__, "Illegal instruction\n", [] { __builtin_trap(); });
}

int recurse(int depth) {
    volatile int frame[1000] = {depth};
    if (depth < 0) return 0;
    return recurse(depth + 1) + frame[0];
}
TEST(Crashes, of_stacks_that_are_too_small_have_the_line_that_asked_for_more) {
    const std::string report = report_of([] { recurse(0); });
    EXPECT_TRUE(has(report, "a thread needs more than the 1024 KiB of stack")) << report;
    EXPECT_TRUE(has(report, "thread 0  " + line_of(__LINE__ - 8))) << report;
}

}  // namespace

// Reports of ordinary C++: the names of variables, and of what they are made of.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

#include "report_of.hpp"

namespace {

TEST(Names, of_bit_fields_that_share_a_byte_are_all_told) {
    const std::string report = report_of([] {
        struct Node {
            unsigned dirty : 1;
            unsigned locked : 2;
            unsigned alone : 8;
            unsigned : 0;
            unsigned apart : 8;
        } node{};
        std::thread other([&] { node.dirty = 1, node.apart = 1; });
        node.locked = 3;
        other.join();
    });
    EXPECT_TRUE(has(report, "node.dirty|locked|alone (bit-fields that share a byte)")) << report;
    const std::string apart = report_of([] {
        struct Node {
            unsigned dirty : 8;
            unsigned : 0;
            unsigned apart : 8;
        } node{};
        std::thread other([&] { node.apart = 1; });
        node.apart = 2;
        other.join();
    });
    EXPECT_TRUE(has(apart, "thread 1  writes    node.apart (plain)")) << apart;
}

// A compiler counts from another register in a function that aligns its frame by more than the stack is.
TEST(Names, of_locals_that_are_aligned_by_much_are_as_of_others) {
    struct alignas(64) Line {
        std::atomic<int> flag{0};
        int data = 0;
    };
    const auto race_for = [](int& data) {
        std::thread other([&] { data = 1; });
        data = 2;
        other.join();
    };
    const std::string several = report_of([&] {
        Line first, second;
        race_for(second.data);
        first.flag.store(1, std::memory_order_relaxed);
    });
    EXPECT_TRUE(has(several, "thread 1  writes    second.data (plain)")) << several;
    const std::string beside = report_of([&] {
        int count = 0;
        Line line;
        race_for(count);
        line.data = count;
    });
    EXPECT_TRUE(has(beside, "thread 1  writes    count (plain)")) << beside;
    volatile std::size_t numbers = 3;
    const std::string of_no_fixed_size = report_of([&] {
        auto* const many = static_cast<int*>(__builtin_alloca(numbers * sizeof(int)));
        Line lines[2];
        many[0] = 1;
        race_for(lines[1].data);
    });
    EXPECT_TRUE(has(of_no_fixed_size, "thread 1  writes    lines[1].data (plain)")) << of_no_fixed_size;
}

}  // namespace

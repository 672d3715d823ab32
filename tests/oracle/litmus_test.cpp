// The shapes of the literature, with how many executions each has. Two executions differ in who reads from whom or in
// a coherence order. The counts were worked out by hand for the smallest shapes, and agree with the oracle for all.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "explored.hpp"
#include "oracle.hpp"

namespace heddle::oracle {
namespace {

enum class Orders { relaxed, release_acquire, seq_cst };

struct Litmus {
    const char* name;
    std::vector<const char*> threads;  // "Wx1 Ry": store 1 to x, load y; "Ax1": fetch_add; "F": fence
    std::size_t executions[3];         // relaxed, release/acquire, seq_cst
};

Instruction instruction(const std::string& word, Orders orders) {
    const std::memory_order load = orders == Orders::relaxed           ? std::memory_order_relaxed
                                   : orders == Orders::release_acquire ? std::memory_order_acquire
                                                                       : std::memory_order_seq_cst;
    const std::memory_order store = orders == Orders::release_acquire ? std::memory_order_release : load;
    const std::memory_order both = orders == Orders::release_acquire ? std::memory_order_acq_rel : load;
    if (word == "F") return {.kind = Kind::fence, .order = both};
    Instruction result{.location = static_cast<std::size_t>(word.at(1) - 'x')};
    if (word.size() > 2) result.value = static_cast<std::uint64_t>(word.at(2) - '0');
    result.kind = word.at(0) == 'R' ? Kind::load : word.at(0) == 'W' ? Kind::store : Kind::add;
    result.order = result.kind == Kind::load ? load : result.kind == Kind::store ? store : both;
    return result;
}

Program program_of(const Litmus& litmus, Orders orders) {
    Program program{.locations = 3, .threads = {}};
    for (const char* text : litmus.threads) {
        Thread& thread = program.threads.emplace_back();
        std::string word;
        for (const char c : std::string(text) + " ") {
            if (c != ' ') word += c;
            else if (!word.empty()) thread.push_back(instruction(std::exchange(word, ""), orders));
        }
    }
    return program;
}

void PrintTo(const Litmus& litmus, std::ostream* out) { *out << litmus.name; }
class LitmusTest : public testing::TestWithParam<Litmus> {};

TEST_P(LitmusTest, has_the_known_number_of_executions) {
    for (const Orders orders : {Orders::relaxed, Orders::release_acquire, Orders::seq_cst}) {
        const Program program = program_of(GetParam(), orders);
        const auto explored = explored_executions(program);
        EXPECT_EQ(explored.size(), GetParam().executions[static_cast<int>(orders)]) << program;
        EXPECT_EQ(explored.size(), all_executions(program).size()) << program;
        for (const auto& [execution, times] : explored) EXPECT_EQ(times, 1U) << execution;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, LitmusTest,
    testing::Values(Litmus{"SB", {"Wx1 Ry", "Wy1 Rx"}, {4, 4, 3}},  // store buffering
                    Litmus{"SB_fenced", {"Wx1 F Ry", "Wy1 F Rx"}, {4, 4, 3}},
                    Litmus{"MP", {"Wx1 Wy1", "Ry Rx"}, {4, 3, 3}},  // message passing
                    Litmus{"LB", {"Rx Wy1", "Ry Wx1"}, {3, 3, 3}},  // load buffering
                    Litmus{"S", {"Wx2 Wy1", "Ry Wx1"}, {4, 3, 3}}, Litmus{"R", {"Wx1 Wy1", "Wy2 Rx"}, {4, 4, 3}},
                    Litmus{"2plus2W", {"Wx1 Wy2", "Wy1 Wx2"}, {4, 4, 3}},
                    Litmus{"IRIW", {"Wx1", "Wy1", "Rx Ry", "Ry Rx"}, {16, 16, 15}},  // independent reads
                    Litmus{"WRC", {"Wx1", "Rx Wy1", "Ry Rx"}, {8, 7, 7}},            // write-to-read causality
                    Litmus{"ISA2", {"Wx1 Wy1", "Ry Wz1", "Rz Rx"}, {8, 7, 7}},
                    Litmus{"RWC", {"Wx1", "Rx Ry", "Wy1 Rx"}, {8, 8, 7}},   // read-to-write causality
                    Litmus{"CoRR", {"Wx1", "Wx2", "Rx Rx"}, {12, 12, 12}},  // coherence of two reads
                    Litmus{"CoWW", {"Wx1 Wx2"}, {1, 1, 1}}, Litmus{"CoWR", {"Wx1 Rx", "Wx2"}, {3, 3, 3}},
                    Litmus{"CoRW", {"Rx Wx1", "Wx2"}, {3, 3, 3}},
                    Litmus{"FetchAdd2", {"Ax1", "Ax1"}, {2, 2, 2}},  // N increments: N!
                    Litmus{"FetchAdd3", {"Ax1", "Ax1", "Ax1"}, {6, 6, 6}},
                    Litmus{"FetchAdd4", {"Ax1", "Ax1", "Ax1", "Ax1"}, {24, 24, 24}},
                    Litmus{"FetchAdd2x2", {"Ax1 Ax1", "Ax1 Ax1"}, {6, 6, 6}}),
    [](const auto& shape) { return std::string(shape.param.name); });

}  // namespace
}  // namespace heddle::oracle

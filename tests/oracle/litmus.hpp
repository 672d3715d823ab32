// The shapes of the literature as programs, with what C++20 says of each.
#pragma once

#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "program.hpp"

namespace heddle::oracle {

enum class Orders { relaxed, release_acquire, seq_cst };
inline const char* name_of(Orders orders) {
    return orders == Orders::relaxed ? "relaxed" : orders == Orders::seq_cst ? "seq_cst" : "release/acquire";
}
inline constexpr Orders all_orders[] = {Orders::relaxed, Orders::release_acquire, Orders::seq_cst};

struct Litmus {
    const char* name;
    std::vector<const char*> threads;       // "Wx1 Ry": store 1 to x, load y; "Ax1": fetch_add; "F": fence
    std::array<std::size_t, 3> executions;  // relaxed, release/acquire, seq_cst
    const char* weak;                       // the outcome that names the shape: values read, then "|xyz" at the end
    std::array<bool, 3> allowed;            // relaxed, release/acquire, seq_cst
};

inline Instruction instruction(const std::string& word, Orders orders) {
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

inline Program program_of(const Litmus& litmus, Orders orders) {
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

inline void PrintTo(const Litmus& litmus, std::ostream* out) { *out << litmus.name; }

/// Outcomes are texts: the values that loads and read-modify-writes read, by thread, then "|" and the last values of x, y
/// and z. In the weak outcome of a shape "." stands for any value.
inline bool matches(const std::string& outcome, const std::string& pattern) {
    if (outcome.size() != pattern.size()) return false;
    for (std::size_t at = 0; at != outcome.size(); ++at)
        if (pattern[at] != '.' && pattern[at] != outcome[at]) return false;
    return true;
}

constexpr bool yes = true;
constexpr bool no = false;

inline const std::vector<Litmus>& litmus_shapes() {
    static const std::vector<Litmus> shapes{
        {"SB", {"Wx1 Ry", "Wy1 Rx"}, {4, 4, 3}, "00|110", {yes, yes, no}},  // store buffering
        {"SB_fenced", {"Wx1 F Ry", "Wy1 F Rx"}, {4, 4, 3}, "00|110", {yes, yes, no}},
        {"SB3", {"Wx1 Ry", "Wy1 Rz", "Wz1 Rx"}, {8, 8, 7}, "000|111", {yes, yes, no}},
        {"MP", {"Wx1 Wy1", "Ry Rx"}, {4, 3, 3}, "10|110", {yes, no, no}},  // message passing
        {"MP_fenced", {"Wx1 F Wy1", "Ry F Rx"}, {4, 3, 3}, "10|110", {yes, no, no}},
        {"LB", {"Rx Wy1", "Ry Wx1"}, {3, 3, 3}, "11|110", {no, no, no}},  // load buffering: left out in every order
        {"LB3", {"Rx Wy1", "Ry Wz1", "Rz Wx1"}, {7, 7, 7}, "111|111", {no, no, no}},
        {"S", {"Wx2 Wy1", "Ry Wx1"}, {4, 3, 3}, "1|210", {yes, no, no}},
        {"R", {"Wx1 Wy1", "Wy2 Rx"}, {4, 4, 3}, "0|120", {yes, yes, no}},
        {"2plus2W", {"Wx1 Wy2", "Wy1 Wx2"}, {4, 4, 3}, "|110", {yes, yes, no}},
        {"3_2W", {"Wx1 Wy2", "Wy1 Wz2", "Wz1 Wx2"}, {8, 8, 7}, "|111", {yes, yes, no}},
        {"IRIW", {"Wx1", "Wy1", "Rx Ry", "Ry Rx"}, {16, 16, 15}, "1010|110", {yes, yes, no}},  // independent reads
        {"IRRWIW", {"Wx1", "Rx Ry", "Wy1 Wx2"}, {12, 10, 9}, "10|110", {yes, yes, no}},
        {"WRC", {"Wx1", "Rx Wy1", "Ry Rx"}, {8, 7, 7}, "110|110", {yes, no, no}},  // write-to-read causality
        {"WWC", {"Wx2", "Rx Wy1", "Ry Wx1"}, {10, 9, 9}, "21|210", {yes, no, no}},
        {"WRW2W", {"Wx2", "Rx Wy1", "Wy2 Wx1"}, {12, 10, 9}, "2|220", {yes, yes, no}},
        {"ISA2", {"Wx1 Wy1", "Ry Wz1", "Rz Rx"}, {8, 7, 7}, "110|111", {yes, no, no}},
        {"RWC", {"Wx1", "Rx Ry", "Wy1 Rx"}, {8, 8, 7}, "100|110", {yes, yes, no}},  // read-to-write causality
        {"W_RWC", {"Wx1 Wy1", "Ry Rz", "Wz1 Rx"}, {8, 8, 7}, "100|111", {yes, yes, no}},
        {"Z6_3", {"Wx1 Wy1", "Wy2 Wz1", "Rz Rx"}, {8, 8, 7}, "10|121", {yes, yes, no}},
        {"CoRR", {"Wx1", "Wx2", "Rx Rx"}, {12, 12, 12}, "10|.00", {no, no, no}},  // coherence of two reads
        {"CoRR1", {"Wx1", "Rx Rx"}, {3, 3, 3}, "10|100", {no, no, no}},
        {"CoWW", {"Wx1 Wx2"}, {1, 1, 1}, "|100", {no, no, no}},
        {"CoWR", {"Wx1 Rx", "Wx2"}, {3, 3, 3}, "0|.00", {no, no, no}},
        {"CoRW", {"Rx Wx1", "Wx2"}, {3, 3, 3}, "1|.00", {no, no, no}},
        {"CoRW2", {"Rx Wx1", "Wx2"}, {3, 3, 3}, "2|200", {no, no, no}},
        {"FetchAdd2", {"Ax1", "Ax1"}, {2, 2, 2}, "00|.00", {no, no, no}},  // N increments: N!
        {"FetchAdd3", {"Ax1", "Ax1", "Ax1"}, {6, 6, 6}, "...|200", {no, no, no}},
        {"FetchAdd4", {"Ax1", "Ax1", "Ax1", "Ax1"}, {24, 24, 24}, "....|300", {no, no, no}},
        {"FetchAdd2x2", {"Ax1 Ax1", "Ax1 Ax1"}, {6, 6, 6}, "....|300", {no, no, no}},
        {"MP_through_RMW", {"Wx1 Wy1", "Ay1", "Ry Rx"}, {12, 9, 9}, "120|120", {yes, no, no}},
        {"SB_RMW", {"Ax1 Ry", "Ay1 Rx"}, {4, 4, 3}, "0000|110", {yes, yes, no}},
    };
    return shapes;
}

}  // namespace heddle::oracle

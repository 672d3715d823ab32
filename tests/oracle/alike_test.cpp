// Of alike threads the exhaustive engine explores one order, and what it explores stands for all executions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>

#include "explored.hpp"

namespace heddle::oracle {
namespace {

std::string difference(const std::map<Canonical, unsigned>& wanted, const std::map<Canonical, unsigned>& represented) {
    std::ostringstream text;
    for (const auto& [execution, times] : wanted)
        if (!represented.contains(execution)) text << "  missing: " << execution << '\n';
    for (const auto& [execution, times] : represented) {
        if (!wanted.contains(execution)) text << "  extra: " << execution << '\n';
        if (times != 1) text << "  " << times << " times: " << execution << '\n';
    }
    return text.str();
}

/// A program of groups of alike threads, and how many each has.
struct Grouped {
    Program program;
    std::vector<int> groups;
};

Grouped random_groups(std::mt19937_64& random) {
    Grouped made{.program = random_program(random, 4), .groups = {}};
    std::vector<Thread> threads;
    std::size_t left = 5;
    for (const Thread& thread : made.program.threads) {
        if (left == 0) break;
        const std::size_t size = std::min(left, thread.size() > 2 ? 1 + random() % 2 : 1 + random() % 3);
        threads.insert(threads.end(), size, thread);
        made.groups.push_back(static_cast<int>(size));
        left -= size;
    }
    made.program.threads = threads;
    return made;
}

TEST(Alike, stand_for_every_execution_of_random_programs_once) {
    const char* const text = std::getenv("HEDDLE_ALIKE_PROGRAMS");
    const std::uint64_t programs = text == nullptr ? 2000 : std::strtoull(text, nullptr, 10);
    const char* const given = std::getenv("HEDDLE_ORACLE_SEED");
    const std::uint64_t seed = given == nullptr ? 3 : std::strtoull(given, nullptr, 10);
    std::mt19937_64 random(seed);
    std::uint64_t executions = 0;
    std::uint64_t visited = 0;
    std::uint64_t not_run = 0;
    std::uint64_t in_each_order = 0;
    for (std::uint64_t n = 0; n != programs; ++n) {
        const Grouped made = random_groups(random);
        SCOPED_TRACE("program " + std::to_string(n) + " of seed " + std::to_string(seed));
        const auto wanted = explored_executions(made.program);
        const Represented found = represented_executions(made.program, made.groups);
        ASSERT_EQ(difference(wanted, found.executions), "") << made.program;
        ASSERT_EQ(found.stands_for, wanted.size()) << made.program;
        executions += wanted.size();
        visited += found.visited;
        not_run += found.not_run;
        in_each_order += found.in_each_order ? 1U : 0U;
    }
    std::printf("%llu programs, %llu executions, %llu of them visited, %llu not run, %llu programs in each order\n",
                static_cast<unsigned long long>(programs), static_cast<unsigned long long>(executions),
                static_cast<unsigned long long>(visited), static_cast<unsigned long long>(not_run),
                static_cast<unsigned long long>(in_each_order));
    EXPECT_LT(visited, executions / 2);
    EXPECT_LT(in_each_order, programs / 10);
}

// One of two alike threads reads something newer than the other one, which reads what depends on that.
TEST(Alike, are_explored_in_each_order_where_one_would_not_do) {
    Program program;
    program.locations = 2;
    const Thread reads_and_stores{{.kind = Kind::load, .location = 0},
                                  {.kind = Kind::store, .location = 1, .value = 1}};
    program.threads = {reads_and_stores,
                       reads_and_stores,
                       {{.kind = Kind::load, .location = 1}, {.kind = Kind::store, .location = 0, .value = 1}},
                       {{.kind = Kind::store, .location = 0, .value = 2}}};
    const auto wanted = explored_executions(program);
    const Represented found = represented_executions(program, {2});
    EXPECT_TRUE(found.in_each_order);
    EXPECT_EQ(difference(wanted, found.executions), "");
}

}  // namespace
}  // namespace heddle::oracle

// Of alike threads the exhaustive engine explores one order, and what it explores stands for all executions.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
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

using checker::CheckingPlatform;
constexpr auto relaxed = std::memory_order_relaxed;

const engine::Engine& exhaustive() {
    for (const engine::Engine* const engine : engine::engines())
        if (engine->name() == "exhaustive") return *engine;
    throw std::runtime_error("there is no such engine");
}

template <class Model>
engine::Exploration explore(const engine::Limits& limits = {}) {
    engine::Program program = checker::program_of<Model>(3);
    program.alike = {3};
    return exhaustive().explore(program, limits);
}

// Each thread counts itself: who is how manieth, six ways.
struct Counts {
    CheckingPlatform::atomic<int> count{0, "count"};
    std::array<int, 3> places{};
    void thread(int index) { places[static_cast<std::size_t>(index)] = count.fetch_add(1, relaxed); }
    void after() { check(places[0] + places[1] + places[2] == 3, "each has a place of its own"); }
};

TEST(Alike, are_explored_in_each_order_by_whoever_asks_for_that) {
    const engine::Exploration one = explore<Counts>();
    EXPECT_EQ(one.outcome, engine::Outcome::exhausted) << one.message;
    EXPECT_EQ(one.executions, 1U);
    EXPECT_EQ(one.stands_for, 6U);
    EXPECT_EQ(one.permutations, 6U);
    const engine::Exploration each = explore<Counts>({.every_permutation = true});
    EXPECT_EQ(each.outcome, engine::Outcome::exhausted) << each.message;
    EXPECT_EQ(each.executions, 6U);
    EXPECT_EQ(each.permutations, 1U);
}

// Holds only in the order that is explored first.
struct FavoursTheFirst : Counts {
    void after() { check(places[0] == 0, "thread 0 is the first"); }
};

TEST(Alike, change_places_for_what_is_checked_in_the_end) {
    const engine::Exploration found = explore<FavoursTheFirst>();
    EXPECT_EQ(found.outcome, engine::Outcome::failed);
    EXPECT_EQ(found.kind, engine::FailureKind::assertion);
    ASSERT_TRUE(found.replay);
    EXPECT_EQ(explore<FavoursTheFirst>({.replay = found.replay}).kind, engine::FailureKind::assertion);
}

struct DiffersAtOnce : Counts {
    void thread(int index) { count.store(index + 1, relaxed); }
    void after() {}
};

TEST(Alike, are_refused_if_one_does_something_else_with_the_same_past) {
    const engine::Exploration found = explore<DiffersAtOnce>();
    EXPECT_EQ(found.kind, engine::FailureKind::misuse);
    EXPECT_EQ(
        found.message,
        "threads that are declared alike behaved differently: thread 1 does something else here than thread 0 did");
    EXPECT_TRUE(found.counterexample);
}

struct DiffersLater : Counts {
    void thread(int index) {
        count.fetch_add(1, relaxed);
        if (index == 2) count.fetch_add(2, relaxed);
    }
    void after() {}
};

TEST(Alike, are_refused_if_an_execution_goes_otherwise_when_they_change_places) {
    const engine::Exploration found = explore<DiffersLater>();
    EXPECT_EQ(found.kind, engine::FailureKind::misuse);
    EXPECT_NE(found.message.find("with their numbers exchanged"), std::string::npos) << found.message;
    EXPECT_TRUE(found.counterexample);
}

struct StoresItsOwn {
    CheckingPlatform::atomic<int*> shared{nullptr, "shared"};
    void thread(int index) {
        int own = index;
        shared.store(&own, relaxed);
    }
};

TEST(Alike, are_explored_in_each_order_if_they_store_their_addresses) {
    const engine::Exploration found = explore<StoresItsOwn>();
    EXPECT_EQ(found.outcome, engine::Outcome::exhausted) << found.message;
    EXPECT_EQ(found.executions, 6U);
    ASSERT_EQ(found.cut.size(), 1U);
    EXPECT_EQ(found.cut[0],
              "threads that are declared alike were explored in each order: they store addresses of their own");
}

struct Constructs {
    CheckingPlatform::atomic<int> count{0, "count"};
    void thread(int) {
        const CheckingPlatform::atomic<int> own{count.load(relaxed)};
        count.fetch_add(1, relaxed);
    }
};

TEST(Alike, are_explored_in_each_order_if_nothing_tells_their_objects_apart) {
    const engine::Exploration found = explore<Constructs>();
    EXPECT_EQ(found.outcome, engine::Outcome::exhausted) << found.message;
    EXPECT_EQ(found.executions, explore<Constructs>({.every_permutation = true}).executions);
    EXPECT_EQ(found.cut.size(), 1U);
}

}  // namespace
}  // namespace heddle::oracle

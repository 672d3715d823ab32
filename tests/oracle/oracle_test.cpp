// The exhaustive engine visits exactly the executions that the axioms allow: none missing, none extra, none twice.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "explored.hpp"
#include "oracle.hpp"

namespace heddle::oracle {
namespace {

// Empty if exactly the wanted executions were visited, each once; otherwise what is wrong.
std::string difference(const std::set<Canonical>& wanted, const std::map<Canonical, unsigned>& explored) {
    std::ostringstream text;
    for (const Canonical& execution : wanted)
        if (!explored.contains(execution)) text << "  missing: " << execution << '\n';
    for (const auto& [execution, times] : explored) {
        if (!wanted.contains(execution)) text << "  extra: " << execution << '\n';
        if (times != 1) text << "  " << times << " times: " << execution << '\n';
    }
    return text.str();
}

TEST(Oracle, notices_what_is_missing_extra_or_visited_twice) {
    EXPECT_EQ(difference({"a", "b"}, {{"a", 1}, {"b", 1}}), "");
    EXPECT_EQ(difference({"a", "b"}, {{"a", 1}}), "  missing: b\n");
    EXPECT_EQ(difference({"a"}, {{"a", 1}, {"b", 1}}), "  extra: b\n");
    EXPECT_EQ(difference({"a"}, {{"a", 2}}), "  2 times: a\n");
}

// A wake is no release and a wait no acquire, and fences do not make them so. The loop of thread 1 is what the wake is for:
// thread 0 has looked before, or finds the word changed; and thread 1 reads what thread 0 stored, or not.
TEST(Oracle, knows_that_fences_do_not_synchronize_through_a_futex) {
    Program program;
    program.locations = 2;
    program.threads = {{{.kind = Kind::store, .location = 0, .order = std::memory_order_seq_cst, .value = 2},
                        {.kind = Kind::fence, .order = std::memory_order_seq_cst},
                        {.kind = Kind::wait, .location = 1}},
                       {{.kind = Kind::wake, .location = 1, .value = 1},
                        {.kind = Kind::add, .location = 1, .order = std::memory_order_relaxed, .value = 1},
                        {.kind = Kind::fence, .order = std::memory_order_acq_rel},
                        {.kind = Kind::load, .location = 0, .order = std::memory_order_relaxed}}};
    const auto explored = explored_executions(program);
    EXPECT_EQ(explored.size(), 4U);
    EXPECT_EQ(difference(all_executions(program), explored), "");
}

// Thread 1 may read what thread 0's second addition has modified, since it fails without taking part in the order of the
// seq_cst operations; if it stored, that would contradict the load of thread 0, which misses the store of thread 1.
TEST(Oracle, knows_that_a_weak_compare_exchange_may_fail_where_it_could_not_store) {
    constexpr auto seq_cst = std::memory_order_seq_cst;
    Program program;
    program.locations = 2;
    program.threads = {{{.kind = Kind::add, .location = 0, .order = std::memory_order_relaxed, .value = 1},
                        {.kind = Kind::add, .location = 0, .order = seq_cst, .value = 0},
                        {.kind = Kind::load, .location = 1, .order = seq_cst}},
                       {{.kind = Kind::store, .location = 1, .order = seq_cst, .value = 1},
                        {.kind = Kind::compare_exchange_weak,
                         .location = 0,
                         .order = seq_cst,
                         .failure = std::memory_order_acquire,
                         .value = 2,
                         .expected = 1}}};
    EXPECT_EQ(difference(all_executions(program), explored_executions(program)), "");
}

// What happens before a seq_cst operation comes before it in their order only if there is an event between in each of the
// two threads ([intro.races] 12): the release and the acquire of location 2 here. In the first program that is so of the
// event that is added last, in the second one of an event that comes before that one.
TEST(Oracle, knows_what_strongly_happens_before_a_seq_cst_operation) {
    const auto load = [](std::size_t location, std::memory_order order) {
        return Instruction{.kind = Kind::load, .location = location, .order = order};
    };
    const auto store = [](std::size_t location, std::memory_order order) {
        return Instruction{.kind = Kind::store, .location = location, .order = order, .value = 1};
    };
    constexpr auto seq_cst = std::memory_order_seq_cst;
    const Thread publishes{store(0, seq_cst), store(2, std::memory_order_release)};
    const Thread learns{load(2, std::memory_order_acquire), load(1, seq_cst)};
    const Thread crosses{store(1, seq_cst), load(0, seq_cst)};
    for (const auto& threads : {std::vector{crosses, publishes, learns}, std::vector{publishes, learns, crosses}}) {
        Program program;
        program.locations = 3;
        program.threads = threads;
        EXPECT_EQ(difference(all_executions(program), explored_executions(program)), "");
    }
}

// The kernel's barriers keep an order between each other, whatever else is there: of two threads that store and then look at
// a futex, one sees what the other has stored.
TEST(Oracle, lets_the_barriers_of_two_waits_order_what_was_stored_before) {
    const auto stores_and_looks = [](std::size_t own, std::size_t others) {
        return Thread{{.kind = Kind::store, .location = own, .value = 1},
                      {.kind = Kind::timed_wait, .location = 2, .expected = 1},
                      {.kind = Kind::load, .location = others}};
    };
    Program program;
    program.locations = 3;
    program.threads = {stores_and_looks(0, 1), stores_and_looks(1, 0)};
    const auto explored = explored_executions(program);
    EXPECT_EQ(difference(all_executions(program), explored), "");
    EXPECT_EQ(explored.size(), 3U);
}

// The steps on a queue are no operations of C++: no barrier says which of them a time-out has seen.
TEST(Oracle, lets_no_barrier_order_the_steps_on_a_queue) {
    Program program;
    program.threads = {{{.kind = Kind::wake, .location = 0, .value = 1},
                        {.kind = Kind::timed_wait, .location = 1, .expected = 0},
                        {.kind = Kind::load, .location = 0}},
                       {{.kind = Kind::wake, .location = 0, .value = 2}},
                       {{.kind = Kind::compare_exchange,
                         .location = 0,
                         .order = std::memory_order_release,
                         .failure = std::memory_order_acquire,
                         .value = 1},
                        {.kind = Kind::timed_wait, .location = 0, .expected = 1}}};
    program.locations = 2;
    EXPECT_EQ(difference(all_executions(program), explored_executions(program)), "");
}

// HEDDLE_ORACLE_PROGRAMS and HEDDLE_ORACLE_SEED make it a soak.
std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Oracle, agrees_with_the_engine_on_random_programs) {
    const std::uint64_t programs = setting("HEDDLE_ORACLE_PROGRAMS", 20000);
    const std::uint64_t seed = setting("HEDDLE_ORACLE_SEED", 1);
    const auto most_instructions = static_cast<std::size_t>(setting("HEDDLE_ORACLE_INSTRUCTIONS", 7));
    std::mt19937_64 random(seed);
    std::uint64_t executions = 0;
    std::uint64_t not_run = 0;
    for (std::uint64_t n = 0; n != programs; ++n) {
        const Program program = random_program(random, most_instructions);
        const auto explored = explored_executions(program, not_run);
        ASSERT_EQ(difference(all_executions(program), explored), "") << "program " << n << " of seed " << seed << ":\n"
                                                                     << program;
        executions += explored.size();
    }
    ASSERT_GT(programs, 0U);
    ASSERT_GT(executions, programs);
    ASSERT_GT(not_run, executions / 10);  // what was learnt is asked, too
    std::printf("%llu programs, %llu executions, %llu of them not run\n", static_cast<unsigned long long>(programs),
                static_cast<unsigned long long>(executions), static_cast<unsigned long long>(not_run));
}

/// Half of the waits become loops.
Program with_waiting_loops(Program program, std::mt19937_64& random) {
    for (Thread& thread : program.threads) {
        for (Instruction& i : thread) {
            if ((i.kind != Kind::wait && i.kind != Kind::timed_wait) || random() % 2 == 0) continue;
            i.kind = Kind::wait_while;
            i.load = random() % 2 == 0 ? std::memory_order_relaxed : std::memory_order_acquire;
        }
    }
    return program;
}

// What is left out as equivalent has no outcome of its own. In one of 10,000 programs a trial has what no run has: the barriers of
// waits, which order what the thread does only there.
TEST(Oracle, finds_no_outcome_that_turns_in_vain_have_alone) {
    const std::uint64_t programs = setting("HEDDLE_ORACLE_PROGRAMS", 12000);
    const std::uint64_t seed = setting("HEDDLE_ORACLE_SEED", 2);
    std::mt19937_64 random(seed);
    std::map<Kind, std::size_t> loops;
    for (std::uint64_t n = 0; n != programs; ++n) {
        const Program program = with_waiting_loops(random_program(random, 7), random);
        for (const Thread& thread : program.threads)
            for (const Instruction& i : thread) ++loops[i.kind];
        ASSERT_EQ(outcomes_with(program, Turns::of_use), outcomes_with(program, Turns::all))
            << "program " << n << " of seed " << seed << ":\n"
            << program;
    }
    ASSERT_GT(loops[Kind::retry] + loops[Kind::add_on], programs / 10);
    ASSERT_GT(loops[Kind::wait_while], programs / 20);
}

}  // namespace
}  // namespace heddle::oracle

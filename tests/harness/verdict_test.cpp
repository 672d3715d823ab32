// When a verdict is met, and what goes from a worker to its parent.
#include <gtest/gtest.h>

#include <stdexcept>

#include <nlohmann/json.hpp>

#include <heddle/harness/verdict.hpp>

#include "replay_token.hpp"
#include "serial.hpp"

namespace heddle::harness {
namespace {

using engine::Outcome;

TEST(Verdict, is_met_only_when_the_model_was_explored_to_the_end) {
    Verdict verdict;
    verdict.executions = 1;
    for (const Outcome outcome :
         {Outcome::sampled, Outcome::budget_spent, Outcome::failed, Outcome::misuse, Outcome::harness_error}) {
        verdict.outcome = outcome;
        EXPECT_FALSE(verdict.met()) << to_string(outcome);
    }
    verdict.outcome = Outcome::exhausted;
    EXPECT_TRUE(verdict.met());
    verdict.executions = 0;
    EXPECT_FALSE(verdict.met());
}

TEST(Verdict, without_an_execution_is_met_only_if_the_twin_must_be_too_big) {
    Verdict verdict;
    verdict.expected = verdict.kind = engine::FailureKind::too_big;
    verdict.outcome = Outcome::misuse;
    EXPECT_TRUE(verdict.met());
    verdict.outcome = Outcome::harness_error;
    EXPECT_FALSE(verdict.met());
    verdict.expected = verdict.kind = engine::FailureKind::misuse;
    verdict.outcome = Outcome::misuse;
    EXPECT_FALSE(verdict.met());
}

TEST(Verdict, of_a_sample_is_met_only_if_the_model_declares_it) {
    Verdict verdict;
    verdict.outcome = Outcome::sampled;
    verdict.executions = 1;
    EXPECT_FALSE(verdict.met());
    verdict.declared_sampled = true;
    EXPECT_TRUE(verdict.met());
}

TEST(Verdict, of_a_broken_twin_is_met_only_by_a_failure_of_its_kind) {
    Verdict verdict;
    verdict.expected = engine::FailureKind::deadlock;
    verdict.outcome = Outcome::exhausted;
    verdict.executions = 1;
    EXPECT_FALSE(verdict.met());
    verdict.outcome = Outcome::failed;
    verdict.kind = engine::FailureKind::data_race;
    EXPECT_FALSE(verdict.met());
    verdict.kind = engine::FailureKind::deadlock;
    EXPECT_TRUE(verdict.met());
}

Verdict twin_that_waits(const std::string& object) {
    Verdict verdict;
    verdict.executions = 1;
    verdict.expected = verdict.kind = engine::FailureKind::deadlock;
    verdict.outcome = Outcome::failed;
    verdict.message = "every thread that is left waits";
    verdict.counterexample = engine::Counterexample{
        .objects = {{"data", engine::ObjectKind::plain, {}}, {object, engine::ObjectKind::atomic, {}}},
        .steps = {{.object = 0, .finished = true}, {.object = 1, .finished = false}},
    };
    return verdict;
}

TEST(Verdict, of_a_broken_twin_is_met_only_where_it_says) {
    Verdict verdict = twin_that_waits("Event.word#2");
    verdict.fails_at = {"Event.word"};
    EXPECT_TRUE(verdict.met());
    verdict.fails_at = {"Event.word#1"};
    EXPECT_FALSE(verdict.met());
    verdict.fails_at = {"data"};  // nobody waits for it
    EXPECT_FALSE(verdict.met());
    verdict.fails_at = {"data", "that is left"};  // either, and words of the message
    EXPECT_TRUE(verdict.met());
    verdict.counterexample.reset();
    verdict.fails_at = {"Event.word"};
    EXPECT_FALSE(verdict.met());
}

// A counterexample with something in each of its members.
Verdict failing_verdict() {
    Verdict verdict;
    verdict.name = "Name";
    verdict.claim = "a claim with \"quotes\" and a \n";
    verdict.engine = "exhaustive";
    verdict.search = "every graph";
    verdict.bounds = "none";
    verdict.expected = engine::FailureKind::leak;
    verdict.fails_at = {"'a'", "elsewhere"};
    verdict.outcome = Outcome::failed;
    verdict.kind = engine::FailureKind::data_race;
    verdict.executions = 3;
    verdict.blocked = 2;
    verdict.turns_in_vain = 11;
    verdict.runs_replaced = 12;
    verdict.permutations = 6;
    verdict.stands_for = 18;
    verdict.longest_execution = 17;
    verdict.explored = 0.25;
    verdict.declared_sampled = true;
    verdict.seed = 7;
    verdict.seconds = 0.5;
    verdict.peak_bytes = 4096;
    verdict.message = "two threads access 'a'";
    verdict.token = "exhaustive:Name:full:012~00000001";
    verdict.counterexample = engine::Counterexample{
        .kind = engine::FailureKind::data_race,
        .message = verdict.message,
        .place = {"dir/file.cpp", 12},
        .thread = 1,
        .object = 0,
        .other_step = 1,
        .objects = {{"a", engine::ObjectKind::plain, {"dir/file.cpp", 3}}},
        .steps = {{.thread = 1,
                   .kind = engine::OperationKind::compare_exchange_weak,
                   .object = 0,
                   .order = std::memory_order_acq_rel,
                   .failure_order = std::memory_order_acquire,
                   .part = engine::Counterexample::Part::goes_on,
                   .value = "1",
                   .expected = "2",
                   .read = "3",
                   .asked = ~std::uint64_t{0},
                   .gave = 5,
                   .has_deadline = true,
                   .success = true,
                   .finished = true,
                   .reads_from = 0,
                   .newer = 1,
                   .place = {"dir/file.cpp", 9}},
                  {.thread = engine::Counterexample::main_thread,
                   .kind = engine::OperationKind::fence,
                   .order = std::memory_order_seq_cst}},
        .legend = {{"heap#1", "16 bytes of thread 0"}},
        .left_out = 4,
    };
    return verdict;
}

TEST(Verdict, survives_the_way_through_JSON) {
    const Verdict verdict = failing_verdict();
    const Verdict again = verdict_from_json(nlohmann::json::parse(dump(to_json(verdict))));
    EXPECT_EQ(again.counterexample, verdict.counterexample);
    EXPECT_EQ(again.turns_in_vain, 11U);
    EXPECT_EQ(again.runs_replaced, 12U);
    EXPECT_EQ(again.permutations, 6U);
    EXPECT_EQ(again.stands_for, 18U);
    EXPECT_EQ(to_json(again), to_json(verdict));
}

TEST(Verdict, from_JSON_that_lacks_something_or_has_an_unknown_word_is_an_error) {
    const auto whole = to_json(failing_verdict());
    for (const auto& [key, value] : whole.items()) {
        if (key == "met") continue;  // follows from the others
        auto part = whole;
        part.erase(key);
        EXPECT_ANY_THROW(verdict_from_json(part)) << key;
    }
    auto odd = whole;
    odd["counterexample"]["steps"][0]["operation"] = "juggle";
    EXPECT_THROW(verdict_from_json(odd), std::invalid_argument);
}

TEST(ReplayToken, survives_the_way_through_text) {
    for (const engine::Search search : {engine::full_search(), engine::context_bound(3), engine::random_search(1)}) {
        const ReplayToken token{"relacy", "a::Model", {search, {0, 1, 35, 36, 4000, 2}, 0xdeadbeef}};
        const ReplayToken again = ReplayToken::parse(token.to_string());
        EXPECT_EQ(again.to_string(), token.to_string());
        EXPECT_EQ(again.check, "a::Model");
        EXPECT_EQ(again.replay.choices, token.replay.choices);
    }
}

}  // namespace
}  // namespace heddle::harness

// heddle notices when it is wrong itself: a graph that breaks an invariant, and code that is not to be reached.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "exhaustive/graph/invariants.hpp"
#include "host/internal_error.hpp"

namespace heddle::tests {
namespace {

using engine::exhaustive::broken_invariant;
using engine::exhaustive::Event;
using engine::exhaustive::EventId;
using engine::exhaustive::EventKind;
using engine::exhaustive::Graph;
using engine::exhaustive::Label;
using engine::exhaustive::Modification;

/// One thread: it constructs two atomics, stores 1 to the first, adds 1 to it, and loads it.
class GraphInvariants : public testing::Test {
  protected:
    GraphInvariants() {
        begin_ = graph_.append(0, {.kind = EventKind::begin});
        first_init_ = construct();
        second_init_ = construct();
        store_ = graph_.append(0, {.kind = EventKind::write, .location = first, .value = 1});
        graph_.place(store_, 1);
        const Modification add{
            .kind = Modification::Kind::modify, .operation = engine::OperationKind::fetch_add, .size = 4, .operand = 1};
        add_ = graph_.append(0, Label::read(first, std::memory_order_relaxed, add));
        graph_.read_latest(add_);
        load_ = graph_.append(0, Label::read(first, std::memory_order_relaxed, {}));
        graph_.read_latest(load_);
    }

    EventId construct() {
        const EventId init = graph_.append(0, {.kind = EventKind::init, .value = 0});
        graph_.add_location(init);
        return init;
    }

    std::string what_is_broken() const { return broken_invariant(graph_).value_or("nothing"); }

    static constexpr engine::exhaustive::LocationId first = 0;
    static constexpr engine::exhaustive::LocationId second = 2;
    Graph graph_;
    EventId begin_, first_init_, second_init_, store_, add_, load_;
};

TEST_F(GraphInvariants, hold_of_a_graph_that_was_built_as_runs_build_it) { EXPECT_EQ(what_is_broken(), "nothing"); }

TEST_F(GraphInvariants, a_coherence_order_has_each_write_once) {
    graph_.at(first).coherence.push_back(add_);
    EXPECT_EQ(what_is_broken(), "event 4 of thread 0 is in a coherence order twice");
}

TEST_F(GraphInvariants, no_write_is_missing_from_its_coherence_order) {
    std::erase(graph_.at(first).coherence, add_);
    EXPECT_EQ(what_is_broken(), "event 4 of thread 0 is a write that is not in the coherence order");
}

TEST_F(GraphInvariants, a_coherence_order_has_writes_of_its_location_only) {
    graph_.at(second).coherence.push_back(store_);
    EXPECT_EQ(what_is_broken(), "event 3 of thread 0 is in the coherence order of another location");
}

TEST_F(GraphInvariants, a_coherence_order_begins_with_the_construction) {
    std::swap(graph_.at(first).coherence[0], graph_.at(first).coherence[1]);
    EXPECT_EQ(what_is_broken(), "a coherence order does not begin with the construction");
}

TEST_F(GraphInvariants, a_location_counts_its_stores) {
    ++graph_.at(first).stores;
    EXPECT_EQ(what_is_broken(), "a location counts other stores than it has");
}

TEST_F(GraphInvariants, a_location_knows_who_reads_it) {
    graph_.at(first).readers.clear();
    EXPECT_EQ(what_is_broken(), "event 5 of thread 0 is a read that its location does not know once");
    graph_.at(second).readers.push_back(load_);
    EXPECT_EQ(what_is_broken(), "event 5 of thread 0 is a reader of a location that it does not read");
}

TEST_F(GraphInvariants, a_read_reads_from_a_write_of_its_location) {
    graph_[load_].reads_from = second_init_;
    EXPECT_EQ(what_is_broken(), "event 5 of thread 0 reads from another location");
    graph_[load_].reads_from = {};
    EXPECT_EQ(what_is_broken(), "event 5 of thread 0 reads from nothing");
    graph_[load_].reads_from = {0, 6};
    EXPECT_EQ(what_is_broken(), "event 5 of thread 0 reads from an event that is gone");
}

TEST_F(GraphInvariants, a_read_gets_the_value_of_what_it_reads_from) {
    graph_[load_].value_read = 7;
    EXPECT_EQ(what_is_broken(), "event 5 of thread 0 read another value");
}

TEST_F(GraphInvariants, a_read_modify_write_follows_what_it_modifies) {
    std::swap(graph_.at(first).coherence[1], graph_.at(first).coherence[2]);
    std::swap(graph_[store_].position, graph_[add_].position);
    EXPECT_EQ(what_is_broken(), "event 4 of thread 0 does not follow what it modifies");
}

TEST_F(GraphInvariants, a_write_knows_its_position) {
    graph_[add_].position = 1;
    EXPECT_EQ(what_is_broken(), "event 4 of thread 0 is at another position");
    graph_[add_].position = 3;
    EXPECT_EQ(what_is_broken(), "event 4 of thread 0 is at another position");
}

TEST_F(GraphInvariants, stamps_grow_with_the_order_of_addition) {
    graph_[add_].stamp = graph_[begin_].stamp;
    EXPECT_EQ(what_is_broken(), "event 4 of thread 0 has a stamp that is too old");
}

TEST_F(GraphInvariants, no_event_was_written_before_it_was_added) {
    graph_[add_].written = graph_[begin_].stamp;
    EXPECT_EQ(what_is_broken(), "event 4 of thread 0 was written before it was added");
}

TEST_F(GraphInvariants, a_thread_forgets_nothing) {
    graph_[add_].before = engine::exhaustive::Clock::of(0, add_.index + 1U);
    EXPECT_EQ(what_is_broken(), "nothing") << "the same thread: one count says it all";
    graph_[store_].before.join(engine::exhaustive::Clock::of(1, 1));
    EXPECT_EQ(what_is_broken(), "event 4 of thread 0 knows less than the event before it");
}

TEST_F(GraphInvariants, an_event_knows_itself) {
    graph_[load_].kernel = {};
    EXPECT_EQ(what_is_broken(), "event 5 of thread 0 does not know itself");
}

TEST_F(GraphInvariants, a_read_depends_on_what_it_reads_from) {
    const EventId begin = graph_.append(1, {.kind = EventKind::begin});
    EXPECT_EQ(what_is_broken(), "nothing");
    graph_[begin].reads_from = load_;
    EXPECT_EQ(what_is_broken(), "event 0 of thread 1 does not depend on what it reads from");
}

using GraphInvariantsDeathTest = GraphInvariants;

TEST_F(GraphInvariantsDeathTest, end_a_debug_build_when_they_are_broken) {
    graph_[load_].value_read = 7;
    EXPECT_DEBUG_DEATH(engine::exhaustive::assert_invariants(graph_),
                       "heddle: internal error at .*invariants.hpp:[0-9]+: event 5 of thread 0 read another value");
}

TEST(InternalErrorDeathTest, says_where_and_what) {
    EXPECT_DEATH(engine::internal_error("this cannot be"),
                 "heddle: internal error at .*graph_invariants_test.cpp:[0-9]+: this cannot be");
}

}  // namespace
}  // namespace heddle::tests

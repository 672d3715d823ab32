// One execution as a list of numbers, so that it can be had again without exploring.
#pragma once

#include <optional>
#include <vector>

#include "decider.hpp"
#include "visibility.hpp"

namespace heddle::engine::exhaustive {

/// For each event, in the order of the run: its thread; then where in the coherence order of what there is then a read
/// finds its source or a write goes, which way a read-modify-write goes on if there are several, which way a choice
/// goes.
class Script final : public Decider {
  public:
    explicit Script(std::vector<unsigned> numbers) : Decider(true), numbers_(std::move(numbers)) {}

    /// What `graph` was decided to be. `course`: its events, in the order in which a run had them.
    static std::vector<unsigned> of(const Graph& graph, const std::vector<EventId>& course);

    bool ended() const { return at_ == numbers_.size(); }
    /// Whether the memory model does not allow the execution. It goes on as if it were allowed, to its end.
    bool is_forbidden() const { return forbidden_; }

    Graph& graph() override { return graph_; }
    bool add_read(EventId read) override;
    bool add_write(EventId write) override;
    bool add_choice(EventId choice) override;

  private:
    bool has_turn(unsigned thread) const override { return !ended() && numbers_[at_] == thread; }
    void end_turn() override { ++at_; }
    /// The next number, if it is below `limit`.
    std::optional<unsigned> take(std::size_t limit);

    Graph graph_;
    std::vector<unsigned> numbers_;
    std::size_t at_ = 0;
    Visibility visibility_;
    bool forbidden_ = false;
};

}  // namespace heddle::engine::exhaustive

// The exploration: which executions are still to be visited. It knows graphs, and nothing of programs or fibers.
#pragma once

#include <cstdint>
#include <optional>

#include "dead_ends.hpp"
#include "decider.hpp"
#include "revisits.hpp"
#include "visibility.hpp"
#include "worklist.hpp"

namespace heddle::engine::exhaustive {

/// Visits every consistent execution graph of a program exactly once. The program is run again and again; each run
/// repeats the graph that it is given and then extends it, telling the explorer of every event it adds.
///
/// The algorithm is TruSt: Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic Partial
/// Order Reduction", POPL 2022. A new read takes the coherence-latest write, a new write becomes the coherence-latest;
/// what else they could do becomes work for later. A new write may also revisit an older read of its location: the
/// events after that read which the write does not depend on are taken back, provided that each was added as it would
/// be if it were added again (it is "maximal"), so that no graph is reached in two ways.
class Explorer final : public Decider {
  public:
    /// `alike`: threads of which one order of many is explored; null: none.
    explicit Explorer(const Alike* alike = nullptr) : Decider(false) { work_.graph().explore_one_order_of(alike); }

    Graph& graph() override { return work_.graph(); }

    /// Which part of the exploration is done, as it looks (`Worklist::explored`).
    double explored() const { return work_.explored(); }

    /// Applies the next piece of work. Returns: the thread that must go on first; nothing if all is done.
    std::optional<unsigned> next();

    bool add_read(EventId read) override;
    bool add_write(EventId write) override;
    bool add_choice(EventId choice) override;
    bool is_settled(EventId read) const override;
    bool take_back(EventId first) override;
    void leads_nowhere(EventId read, std::uint64_t value) override { dead_ends_.add(read, value); }

    /// Whether one order of threads that are alike turned out not to do.
    bool lacks_order() const { return is_late_ || visibility_.lacks_order(); }

    /// A thread awaits in vain, and the run has ended. It might have come before one that did not await in vain: adds
    /// what it could have read then. The graph is of no use for another run until next() has changed it.
    void add_awaiting(EventId read);

  private:
    void note_late(EventId id);
    bool apply(const Work& work);
    bool prepare_revisit(const Work& work);
    bool apply_revisit(const Work& work);
    bool apply_overtake(const Work& work);
    bool finish_read(EventId read, Written written);
    bool finish_look(EventId look);
    bool add_modification(EventId read, std::uint64_t value);
    void add_placements(EventId write, std::size_t oldest, EventId revisited);
    void add_older_sources(EventId read);
    void add_revisits(const Revisitor& write, EventId rival);
    std::uint32_t add_revisits_from(EventId read, std::size_t source, EventId rival, std::uint64_t written);

    const Graph& graph() const { return work_.graph(); }

    Worklist work_;
    DeadEnds dead_ends_;
    Visibility visibility_;
    bool is_late_ = false;
};

}  // namespace heddle::engine::exhaustive

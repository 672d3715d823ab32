// The exploration: which executions are still to be visited. It knows graphs, and nothing of programs or fibers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "decider.hpp"
#include "exhaustive/graph/seq_cst.hpp"
#include "host/reused.hpp"

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
    Explorer() : Decider(false) { push_frame().graph.clear(); }

    Graph& graph() override { return top_->graph; }

    /// Which part of the exploration is done, as it looks: a graph's way on is taken to lead to as much as each
    /// alternative to it.
    /// Source: Kilby, Slaney, Thiebaux, Walsh, "Estimating Search Tree Size", AAAI 2006.
    double explored() const { return explored_; }

    /// Applies the next piece of work. Returns: the thread that must go on first; nothing if all is done.
    std::optional<unsigned> next();

    bool add_read(EventId read) override;
    bool add_write(EventId write) override;
    bool add_choice(EventId choice) override;
    bool is_settled(EventId read) const override;

    /// A thread awaits in vain, and the run has ended. It might have come before one that did not await in vain: adds
    /// what it could have read then. The graph is of no use for another run until next() has changed it.
    void add_awaiting(EventId read);

  private:
    enum class Action : std::uint8_t { read_from, place, choose, revisit, overtake };
    struct Work {
        Action action;
        EventId event;          ///< what to change; revisit, overtake: the read
        EventId other;          ///< read_from, revisit, overtake: the write; place: the read that it revisited, if any
        EventId modified{};     ///< revisit, overtake: what the write, as yet a read, has to modify first, if anything
        std::size_t where = 0;  ///< place: the position; choose: which
        double share = 0;       ///< of the whole exploration, as it looks
    };
    /// A write that may revisit older reads; it need not have written yet.
    struct Revisitor {
        EventId id;
        LocationId location;
        const Clock& prefix;
        std::uint64_t value;
        EventId modified{};      ///< what it has read, if it is a read-modify-write
        std::size_t source = 0;  ///< where that is in the coherence order
    };
    struct Frame {
        Graph graph;
        std::vector<Work> work;
    };

    void push(const Work& item) {
        work().push_back(item);
        ++pushed_;
    }
    void share_out();
    bool apply(const Work& work);
    void keep(std::uint32_t end, EventId last);
    bool prepare_revisit(const Work& work);
    bool apply_revisit(const Work& work);
    bool apply_overtake(const Work& work);
    bool finish_read(EventId read, Written written);
    bool finish_look(EventId look);
    bool add_modification(EventId read, std::uint64_t value);
    bool sleeps_on_an_old_value(EventId enqueued) const;
    void add_placements(EventId write, std::size_t oldest, EventId revisited);
    void add_older_sources(EventId read);
    enum class Maximal : std::uint8_t {
        yes,
        no,     ///< not for this write
        never,  ///< for no write
    };
    template <class Found>
    std::uint32_t find_revisits(const Revisitor& write, EventId rival, Found found);
    void add_revisits(const Revisitor& write, EventId rival);
    std::uint32_t add_revisits_from(EventId read, std::size_t source, EventId rival, std::uint64_t written);
    std::optional<Action> revisit_of(EventId read, const Revisitor& write) const;
    Maximal is_maximal(EventId event, const Revisitor& write) const;
    std::size_t oldest_visible(EventId event, bool seq_cst, std::size_t certain);
    std::size_t oldest_source(EventId read, std::size_t certain);
    std::size_t oldest_followed(EventId write);
    bool contradicts_its_order(EventId read);

    const Graph& graph() const { return top_->graph; }
    std::vector<Work>& work() { return top_->work; }

    /// A frame whose graph and work are still to be filled in.
    Frame& push_frame();

    Reused<std::vector<std::unique_ptr<Frame>>> frames_;  // the first depth_; what follows is memory to be used again
    std::size_t depth_ = 0;
    Frame* top_ = nullptr;  // the last of them
    SeqCstPast seq_cst_past_;
    double share_ = 1;        // of the graph that is current
    std::size_t pushed_ = 0;  // pieces of work that came up since it became current
    double explored_ = 0;
};

}  // namespace heddle::engine::exhaustive

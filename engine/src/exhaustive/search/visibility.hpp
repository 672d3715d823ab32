// Which writes an event may read from, or follow, by happens-before, coherence and the order of the seq_cst operations.
#pragma once

#include "exhaustive/graph/seq_cst.hpp"

namespace heddle::engine::exhaustive {

/// Of events that are the last of their thread: there is an execution for each position from the oldest one on.
class Visibility {
  public:
    /// The oldest position that a read may read from; it may prove to be seq_cst only when it has read. `certain`: a
    /// position that it may; nobody asks for more than whether it is one.
    std::size_t oldest_source(const Graph& graph, EventId read, std::size_t certain);

    /// Whether a read should have read something newer because what it read made it seq_cst.
    bool contradicts_its_order(const Graph& graph, EventId read);

    /// The oldest position that a write may follow which is the latest one, and so may follow the one before it.
    std::size_t oldest_followed(const Graph& graph, EventId write);

    /// The kernel compares the word under the lock of its queue: a store that came before an earlier step on the queue is
    /// seen. The event before `enqueued` is the read that compared. Requires: a read-modify-write.
    static bool sleeps_on_an_old_value(const Graph& graph, EventId enqueued);

    /// A read is to read from a write that could be at `position`, or after it. Notes whether one order of alike threads
    /// would not do, as lacks_order() says.
    void note_order(const Graph& graph, EventId read, EventId write, std::size_t position);
    /// Whether there is an execution that one order of the threads that are alike does not have: a thread reads something older
    /// than its counterpart, which depends on what the counterpart has done.
    bool lacks_order() const { return lacks_order_; }

  private:
    static std::size_t oldest_of_counterpart(const Graph& graph, EventId counterpart);
    std::size_t oldest_after_counterpart(const Graph& graph, EventId read, std::size_t allowed);
    std::size_t oldest(const Graph& graph, EventId event, bool seq_cst, std::size_t certain);

    SeqCstPast seq_cst_past_;
    bool lacks_order_ = false;
};

}  // namespace heddle::engine::exhaustive

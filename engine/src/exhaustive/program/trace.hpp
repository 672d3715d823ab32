// How far a run has come: which events of the graph have run, whose turn it is to run, and where in the program each
// event stands.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include <heddle/engine/counterexample.hpp>
#include <heddle/engine/site.hpp>

#include "exhaustive/search/decider.hpp"

namespace heddle::engine::exhaustive {

/// A place in the program as a number, the same in every run of one process. 0: no place in particular.
using PlaceKey = std::uint64_t;
constexpr unsigned line_bits = 16;
inline PlaceKey key_of(Site site) {
    return (reinterpret_cast<std::uintptr_t>(site.file_name()) << line_bits) + site.line();
}

inline Site site_of(PlaceKey key) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): key_of has made it one
    return Site::current(reinterpret_cast<const char*>(key >> line_bits), key & ((1U << line_bits) - 1));
}

/// Plain state that every part of a run reads. It may assume that a thread runs events in program order, none twice, and
/// that all events which have run are in the graph; who sees to that are Schedule (which thread runs) and Recorder (which
/// events). Allocates nothing.
class Trace {
  public:
    /// Begins a run, in which no event has run yet. Requires: `decider` outlives the run.
    void begin(Decider& decider) {
        decider_ = &decider;
        graph_ = &decider.graph();
        running_ = 0;
        events_run_ = {};
    }
    void begin_thread(unsigned thread) { places_[thread] = 0; }

    Graph& graph() { return *graph_; }
    const Graph& graph() const { return *graph_; }
    Decider& decider() { return *decider_; }

    /// The thread that runs. 0 is the first one, which constructs and destroys what the others, from 1 on, share.
    unsigned running() const { return running_; }
    void switch_to(unsigned thread) { running_ = thread; }
    /// As the program knows a thread: the first one counts as the one after it.
    static std::uint64_t index_of(unsigned thread) { return std::max(thread, 1U) - 1; }
    /// As a counterexample numbers it.
    static std::uint64_t shown_number_of(unsigned thread) {
        return thread == 0 ? Counterexample::main_thread : index_of(thread);
    }
    std::uint64_t shown_running() const { return shown_number_of(running_); }
    std::uint64_t running_index() const { return index_of(running_); }

    std::uint16_t events_run(unsigned thread) const { return events_run_[thread]; }
    std::uint16_t events_run() const { return events_run_[running_]; }
    /// By thread.
    const std::array<std::uint16_t, most_threads + 1>& all_events_run() const { return events_run_; }
    /// Whether an event that has run is seq_cst.
    bool has_seq_cst() const {
        for (unsigned thread = 0; thread != graph_->threads(); ++thread)
            if (events_run_[thread] != 0 && (*graph_)[last_event(thread)].follows_seq_cst) return true;
        return false;
    }
    // For whoever asks at each access to plain memory.
    const unsigned* running_at() const { return &running_; }
    bool has_run(EventId event) const { return event.index < events_run_[event.thread]; }
    EventId next_event(unsigned thread) const { return {static_cast<std::uint16_t>(thread), events_run_[thread]}; }
    EventId next_event() const { return next_event(running_); }
    /// Requires: the thread has run one.
    EventId last_event(unsigned thread) const {
        return {static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(events_run_[thread] - 1U)};
    }
    EventId last_event() const { return last_event(running_); }
    /// Whether the running thread's next event is not in the graph yet.
    bool is_at_end() const { return events_run_[running_] == graph_->size(running_); }

    /// The running thread comes to that place: what it runs next stands there.
    void arrive(Site site) { places_[running_] = key_of(site); }
    /// The running thread has run its next event.
    void advance() {
        event_places_[running_][events_run_[running_]] = places_[running_];
        ++events_run_[running_];
    }
    /// The running thread's events from `first` on have not run. Requires: nothing depends on them.
    void take_back(EventId first) { events_run_[running_] = first.index; }
    /// Where the running thread's current operation stands.
    PlaceKey place_of_running() const { return places_[running_]; }
    /// Requires: the event has run.
    PlaceKey place_of(EventId event) const { return event_places_[event.thread][event.index]; }

  private:
    Decider* decider_ = nullptr;
    Graph* graph_ = nullptr;
    unsigned running_ = 0;
    std::array<std::uint16_t, most_threads + 1> events_run_{};  // by thread
    std::array<PlaceKey, most_threads + 1> places_{};           // by thread: of its current operation
    // Of the events that have run, by thread. Not cleared: that takes as long as a few executions.
    std::array<std::array<PlaceKey, most_events_of_a_thread>, most_threads + 1> event_places_;
};

}  // namespace heddle::engine::exhaustive

// Loops that try again: a turn that has changed nothing, since another thread came in between, is not followed by a second
// one. The execution in which the thread took only the second one has all that follows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include <heddle/engine/operation.hpp>

#include "execution/execution.hpp"
#include "host/digest.hpp"
#include "schedule.hpp"
#include "trace.hpp"
#include "trial.hpp"

namespace heddle::engine::exhaustive {

/// A turn is in vain if it did nothing but read, fence, fail to write or write back what was there, and found two writes at one
/// location: another thread has come in between; or if a weak compare-exchange has failed in it without cause. When a thread
/// that has taken such a turn comes again to the load with which it began, or to the compare-exchange that failed and with
/// the same operands, it leaves the run. That loses nothing if the thread would go on as it would without that turn, whatever
/// it reads there; and this is not believed but tried. After the run, for each write that the load could read, the thread
/// goes on from the graph with the turn and from the graph without it, up to where its frames, its registers and all memory
/// are the same in both. Loads and compare-exchanges that it comes to before that read each write that they could, and must be
/// the same in both. If it comes to something else, or to too many of them, what the turn has seen is of use to it: the exploration
/// begins anew, and turns of that loop are executions as any other.
///
/// A compare-exchange that fails may hand what it has read on to the next turn, which does not load again. Then it stands for
/// that load: what was done from the load of its own turn on is in vain if the thread would go on as it would if that load had
/// read what the compare-exchange has, and if that was of an order no weaker than the load's.
///
/// What a thread has in its frames is decided by what it has read itself and by what happens before its next step. So each such
/// past is tried once, whatever the others do meanwhile.
class Retries {
  public:
    /// Repeats the graph of a decider, the given thread first.
    using Repeat = std::function<RunEnd(Decider&, unsigned)>;

    Retries(const Trace& trace, const Execution& execution, Schedule& schedule)
        : trace_(trace), execution_(execution), schedule_(schedule) {}

    /// The next runs are of a program of which nothing is known. `leaves_out`: otherwise each turn is explored.
    void begin_program(bool leaves_out);
    void begin_run() {
        asking_ = watched_ ? everybody : 0;
        left_.clear();
    }

    /// The running thread has tried to write, and has changed nothing.
    void note_attempt() {
        if (leaves_out_) asking_ |= 1U << trace_.running();
    }

    /// Whether any thread's operations may concern this class in this run.
    bool has_asked() const { return asking_ != 0; }
    /// Whether the next operation of the running thread concerns this class: what is asked at every step.
    bool is_asking() const { return (asking_ >> trace_.running() & 1U) != 0 && (watched_ || trace_.is_at_end()); }
    /// Whether the run is one of a trial.
    bool is_trial() const { return watched_.has_value(); }
    /// Whether a turn that is tried again may begin with such an operation, or go on with it after its first load.
    static bool may_begin_turn(OperationKind kind) {
        return kind == OperationKind::load || kind == OperationKind::store || is_compare_exchange(kind);
    }
    /// The running thread comes to an operation. Does not return where it leaves the run. `location`: of its object, if it
    /// has one. Returns: whether that is what a trial asks for; then come_to() and arrive() are called next.
    [[gnu::noinline]] bool arrives(const Operation& op, LocationId location);
    /// Notes the operation, and forgets it: what it is about is compared by itself, and what lies between its members is
    /// whatever lay there before. `modification`: what a compare-exchange may write.
    [[gnu::noinline, gnu::cold]] void come_to(const Operation& op, LocationId location,
                                              const Modification& modification);
    /// `left_behind`: what the thread has in registers and in memory that the engine does not know, as a digest.
    [[noreturn, gnu::noinline, gnu::cold]] void arrive(std::uint64_t left_behind, Frames frames);
    /// Whether it matters what was never written in frames: then each step leaves the room below its caller painted, and arrive()
    /// is given what frames hold.
    bool paints() const { return paints_; }
    /// What the room for frames is to hold before a function writes to it.
    Paint paint() const { return paint_; }
    /// A step of a trial is done: the caller's operation is of no use any more. It would stay in the caller's frame,
    /// and make it differ from one that has never had it.
    [[gnu::noinline, gnu::cold]] void forget(const Operation& op) const;
    /// The running thread has come to its end. `adopter`: knows what memory the engine does not; null: there is none.
    void arrive_at_end(Adopter* adopter);

    /// Whether threads leave runs.
    bool leaves_out() const { return leaves_out_; }
    /// How many threads have left the run.
    std::size_t left() const { return left_.size(); }
    /// Requires: the run has ended, with this graph. Returns: whether what was left out is nowhere missed. Otherwise the next
    /// runs leave out less.
    bool are_in_vain(const Graph& graph, const Repeat& repeat);

  private:
    /// How the thread comes to its next turn.
    enum class NextTurn : std::uint8_t {
        loads,          ///< with the load of its last one
        exchanges,      ///< with the compare-exchange that has failed
        was_handed_on,  ///< it has what a load would give, from the compare-exchange that has failed
    };
    /// The last turn of a thread.
    struct Turn {
        std::uint16_t begin;  ///< the first of its events that is in vain
        PlaceKey place;
        NextTurn next;
    };
    /// A thread that has left, and its last turn. What its next turn loads, if it does.
    struct Left {
        unsigned thread;
        Turn turn;
        LocationId location;
        MemoryOrder order;
    };
    /// How a thread came to its next step.
    struct Arrival {
        bool failed = false;
        bool ended = false;
        PlaceKey place = 0;
        OperationKind kind = OperationKind::fence;
        MemoryOrder order = std::memory_order_relaxed;
        LocationId location = no_location;
        std::uint64_t initial = 0;      ///< there
        std::uint64_t operands = 0;     ///< as a digest
        std::uint64_t left_behind = 0;  ///< in registers and memory, as a digest
        Frames frames;                  ///< none: they are in the digest

        bool operator==(const Arrival&) const = default;
    };

    /// Where the thread comes to after a past, with its last turn and without it.
    struct Meeting {
        bool is_alike = false;  ///< in all that it has: it goes on alike from there
        bool reads = false;     ///< it comes to a read in both, and goes on from what that reads
        MemoryOrder order = std::memory_order_relaxed;
        Modification modification;
        LocationId location = no_location;
        std::uint64_t initial = 0;  ///< there
        EventId construction;       ///< of the location
    };

    std::optional<Turn> turn_in_vain(const Operation& op, LocationId location) const;
    std::optional<Turn> loaded_in_vain(const Operation& op, LocationId location) const;
    std::optional<Turn> failed_in_vain(const Operation& op, LocationId location) const;
    std::optional<Turn> handed_on_in_vain() const;
    bool is_of_use(PlaceKey place) const;
    bool may_not_be_repeated(EventId from) const;
    [[noreturn]] void note_arrival(Arrival arrival);
    bool goes_on_alike(const Left& left, const Repeat& repeat, unsigned reads);
    Meeting meeting_after(EventId last, const Left& left, const Repeat& repeat, unsigned reads);
    bool differ_where_nothing_is(std::optional<Arrival> with, std::optional<Arrival> without, const Repeat& repeat);
    bool reads_alike(const Left& left, const Label& read, const Repeat& repeat, unsigned reads);
    LocationId location_of(const Meeting& meeting);
    std::optional<Arrival> arrival_in(Trial& trial, const Repeat& repeat, bool with_frames);
    std::uint64_t past_of(EventId last, const Turn& turn, unsigned reads) const;

    const Trace& trace_;
    const Execution& execution_;
    Schedule& schedule_;
    bool leaves_out_ = false;
    static constexpr std::uint32_t everybody = ~std::uint32_t{0};
    std::uint32_t asking_ = 0;  // a bit for each thread
    std::vector<Left> left_;
    std::vector<PlaceKey> of_use_;                      // operations at which turns begin that are not left out
    std::unordered_map<std::uint64_t, Meeting> pasts_;  // that were tried, by their digests
    std::optional<unsigned> watched_;                   // the thread whose arrival is to be noted
    bool frames_have_differed_ = false;  // so trials begin with what frames hold, and not with a digest of them
    bool begins_anew_ = false;           // the exploration: a trial has shown that
    bool paints_ = false;
    Paint paint_ = Paint::usual;
    Arrival coming_;             // what is known of it before its frames are looked at
    Modification modification_;  // what it may write
    std::optional<Arrival> arrival_;
    Graph graph_;  // of the run, and what the trial adds
    Trial with_;
    Trial without_;
};

}  // namespace heddle::engine::exhaustive

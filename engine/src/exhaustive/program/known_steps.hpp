// What threads do next, as far as earlier executions have shown it: a graph can be extended by that without running the program.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "exhaustive/search/decider.hpp"
#include "host/digest.hpp"
#include "schedule.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// Where a thread stands before a step: what is in its frames and registers, and at which operation it is. From there it goes on
/// in the same way, given the same value. That holds for threads that change no memory which others could read; who adds points
/// sees to it. Knows nothing of running programs.
class KnownSteps {
  public:
    static constexpr PointId nowhere = 0;  ///< it is not known where
    static constexpr PointId at_end = 1;
    /// Where each thread begins: it has had no event; the first one, none after the beginning of the others.
    static constexpr PointId beginning_of(unsigned thread) { return 2 + thread; }

    /// What a thread does where it stands.
    struct Point {
        bool is_known = false;
        PlaceKey place = 0;
        Label label{};  ///< of a read-modify-write: as that of a read
    };

    KnownSteps() { clear(); }
    /// Forgets all.
    void clear();
    /// The others begin with `start`, the first thread's last event before they have ended.
    void set_start(EventId start);
    EventId start() const { return start_; }

    const Point& operator[](PointId point) const { return points_[point]; }
    /// Adds what a thread does there. Returns: false if it is known to do something else.
    bool learn(PointId point, PlaceKey place, const Event& event);

    /// Where a thread stands after its event; nowhere if that is not known.
    PointId after(EventId id, const Event& event);
    /// It is known from now on, if it is known where the thread stood before the event.
    void link(EventId id, const Event& event, PointId to);
    /// Where a thread stands of which `state` is a digest; nowhere if there are too many already.
    PointId point_of(std::uint64_t state);

  private:
    struct Way {
        PointId from = nowhere;
        bool writes = false;
        std::uint64_t value = 0;
        bool operator==(const Way&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Way& way) const {
            return mixed(mixed(0, std::uint64_t{way.from} << 1 | (way.writes ? 1U : 0U)), way.value);
        }
    };
    /// The way on that was taken last from a point.
    struct Latest {
        Way way;
        PointId to = nowhere;
    };
    /// What decides how a thread goes on after its event.
    static Way way_after(EventId id, const Event& event);

    EventId start_;
    std::vector<Point> points_;
    std::vector<Latest> latest_;  // of each point
    std::unordered_map<Way, PointId, Hash> ways_;
    std::unordered_map<std::uint64_t, PointId> states_;
};

/// Goes on with a graph as a run of the program would, event for event, in the same order.
class KnownRun {
  public:
    /// `threads`: of the program, from 1 on. `leaves_turns_out`: those of loops that try again, which is for the program's runs to
    /// do.
    KnownRun(KnownSteps& steps, Decider& decider, unsigned threads, bool leaves_turns_out)
        : steps_(steps),
          decider_(decider),
          graph_(decider.graph()),
          threads_(threads),
          leaves_turns_out_(leaves_turns_out) {}

    /// `first` goes on first. Returns: how the run has ended; nothing if it has come to where it is not known what a thread
    /// does.
    std::optional<RunEnd> run(unsigned first);
    /// The thread of which that is not known: it goes on first.
    unsigned stopped_at() const { return stopped_at_; }

  private:
    enum class Reached : std::uint8_t { end, unknown, inconsistent };
    Reached finish(unsigned thread);
    PointId where(unsigned thread) const;
    bool add(unsigned thread, PointId point);
    bool may_come_round(unsigned thread, const KnownSteps::Point& next) const;

    KnownSteps& steps_;
    Decider& decider_;
    Graph& graph_;
    unsigned threads_;
    bool leaves_turns_out_;
    unsigned stopped_at_ = 0;
};

}  // namespace heddle::engine::exhaustive

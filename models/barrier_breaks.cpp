// Barrier: how it breaks, and who learns it.
#include <functional>
#include <optional>
#include <utility>

#include <heddle/barrier.hpp>
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>

namespace heddle::models {

template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct MeetingWithFailingAction {
    static constexpr auto claim = "an action that throws breaks the Barrier for the others";
    static constexpr auto invariants = "INV-B-ACTION INV-B-BREAKALL INV-EXC";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    struct Thrown {};
    AnyBarrier barrier{2, [] { throw Thrown(); }};
    typename P::template atomic<int> thrown{0, "thrown"};
    typename P::template atomic<int> broken{0, "broken"};

    void thread(int) {
        try {
            barrier.wait();
        } catch (const Thrown&) {
            thrown.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        } catch (const BrokenBarrierError&) {
            broken.fetch_add(1, std::memory_order_relaxed);  // relaxed: the same
        }
    }
    void after() {
        check(thrown.load(std::memory_order_relaxed) == 1, "one thread gets what the action threw");
        check(broken.load(std::memory_order_relaxed) == 1, "the other learns that the barrier is broken");
    }
};

template <Platform P>
struct BarrierBreaksWithItsAction : MeetingWithFailingAction<P> {};
HEDDLE_MODEL(BarrierBreaksWithItsAction);

// The action runs outside, so that the barrier does not learn that it failed.
template <Platform P>
class ActsOutside {
  public:
    ActsOutside(std::ptrdiff_t parties, std::function<void()> action) : barrier_(parties), action_(std::move(action)) {}
    void wait() {
        if (barrier_.wait() == barrier_.parties() - 1) action_();
    }

  private:
    BasicBarrier<P> barrier_;
    std::function<void()> action_;
};
template <Platform P>
struct BarrierSurvivesItsAction : MeetingWithFailingAction<P, ActsOutside<P>> {
    static constexpr auto breaks = "INV-B-BREAKALL";
};
HEDDLE_BROKEN_MODEL(BarrierSurvivesItsAction, failure::assertion);

// Two of three parties, and something that ends their wait.
enum class Ending { abort, reset, timeout };
template <Platform P, Ending ending, class AnyBarrier = BasicBarrier<P>>
struct Interrupted {
    static constexpr auto claim = "when a Barrier breaks or is reset, every thread that waits learns it";
    static constexpr auto invariants = "INV-B-BREAKALL INV-B-ABORT INV-B-RESET";
    static constexpr int threads = ending == Ending::timeout ? 2 : 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyBarrier barrier{3};
    typename P::template atomic<int> told{0, "told"};

    void thread(int index) {
        if (index == 2) {
            ending == Ending::abort ? barrier.abort() : barrier.reset();
            return;
        }
        try {
            // After a reset a thread that comes late would wait for ever: it brings its own end.
            const bool untimed = ending == Ending::abort || (ending == Ending::timeout && index == 1);
            barrier.wait(untimed ? std::nullopt : std::optional(Seconds(1)));
        } catch (const BrokenBarrierError&) {
            told.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() {
        check(told.load(std::memory_order_relaxed) == 2, "both threads are told");
        if (ending == Ending::reset) barrier.reset();
        check(barrier.broken() == (ending != Ending::reset), "only a reset mends it");
        check(barrier.n_waiting() == 0, "nobody waits");
    }
};

template <Platform P>
struct BarrierAbortTellsAll : Interrupted<P, Ending::abort> {};
HEDDLE_MODEL(BarrierAbortTellsAll);
template <Platform P>
struct BarrierResetTellsAll : Interrupted<P, Ending::reset> {
    static constexpr auto search = checker::context_bound(2);  // one more takes half a minute
};
HEDDLE_MODEL(BarrierResetTellsAll);
template <Platform P>
struct BarrierTimeoutTellsAll : Interrupted<P, Ending::timeout> {};
HEDDLE_MODEL(BarrierTimeoutTellsAll);

// One that waits for ever, if nobody lets it go; who comes to a broken Barrier does not wait.
template <Platform P>
struct ResetOfOne {
    static constexpr auto claim = "a reset lets go who waits without a time-out";
    static constexpr auto invariants = "INV-B-RESET";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(3);
    BasicBarrier<P> barrier{2};

    void thread(int index) {
        if (index == 1) return barrier.n_waiting() == 1 ? barrier.reset() : barrier.abort();
        try {
            barrier.wait();
            check(false, "nobody else has come");
        } catch (const BrokenBarrierError&) {
        }
    }
};
template <Platform P>
struct BarrierResetLetsGo : ResetOfOne<P> {};
HEDDLE_MODEL(BarrierResetLetsGo);

// Takes one for the other. Who comes after the reset brings its own end.
template <Platform P>
struct OnlyResets : BasicBarrier<P> {
    using BasicBarrier<P>::BasicBarrier;
    void wait(std::optional<Seconds>) { BasicBarrier<P>::wait(Seconds(1)); }
    void abort() { this->reset(); }
};
template <Platform P>
struct BarrierAbortOnlyResets : Interrupted<P, Ending::abort, OnlyResets<P>> {
    static constexpr auto breaks = "INV-B-ABORT";
};
HEDDLE_BROKEN_MODEL(BarrierAbortOnlyResets, failure::assertion);

template <Platform P>
struct OnlyAborts : BasicBarrier<P> {
    using BasicBarrier<P>::BasicBarrier;
    void reset() { this->abort(); }
};
template <Platform P>
struct BarrierResetOnlyAborts : Interrupted<P, Ending::reset, OnlyAborts<P>> {
    static constexpr auto breaks = "INV-B-RESET";
};
HEDDLE_BROKEN_MODEL(BarrierResetOnlyAborts, failure::assertion);

template <Platform>
struct BarrierAbortTellsNobody : Interrupted<checker::LocksBySpecification<checker::WakeOneDropped>, Ending::abort> {
    static constexpr auto breaks = "INV-B-BREAKALL";
};
HEDDLE_BROKEN_MODEL(BarrierAbortTellsNobody, failure::deadlock);
template <Platform>
struct BarrierTimeoutTellsNobody
    : Interrupted<checker::LocksBySpecification<checker::WakeOneDropped>, Ending::timeout> {
    static constexpr auto breaks = "INV-B-BREAKALL";
};
HEDDLE_BROKEN_MODEL(BarrierTimeoutTellsNobody, failure::deadlock);

// Both parties, and an abort that comes before or after they have met.
template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct AbortAgainstMeeting {
    static constexpr auto claim = "who was let go has succeeded, whatever happens to the Barrier before it returns";
    static constexpr auto invariants = "INV-B-DECIDED";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyBarrier barrier{2};
    typename P::template atomic<int> told{0, "told"};

    void thread(int index) {
        if (index == 2) return barrier.abort();
        try {
            barrier.wait();
        } catch (const BrokenBarrierError&) {
            told.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() { check(told.load(std::memory_order_relaxed) != 1, "both have met, or neither"); }
};

template <Platform P>
struct BarrierDecidesForBoth : AbortAgainstMeeting<P> {};
HEDDLE_MODEL(BarrierDecidesForBoth);

// Asks once more when it has been let go.
template <Platform P>
struct AsksAgain : BasicBarrier<P> {
    using BasicBarrier<P>::BasicBarrier;
    void wait() {
        BasicBarrier<P>::wait();
        if (this->broken()) throw BrokenBarrierError();
    }
};
template <Platform P>
struct BarrierTellsOneOfTwo : AbortAgainstMeeting<P, AsksAgain<P>> {
    static constexpr auto breaks = "INV-B-DECIDED";
};
HEDDLE_BROKEN_MODEL(BarrierTellsOneOfTwo, failure::assertion);

}  // namespace heddle::models

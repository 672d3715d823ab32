// Barrier: arriving, being let go, breaking.
#include <deque>

#include <heddle/barrier.hpp>
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>

namespace heddle::models {

template <Platform P, class AnyBarrier = BasicBarrier<P>, int parties = 3>
struct Meeting {
    static constexpr auto claim = "nobody leaves a Barrier before all have arrived; the numbers are a permutation";
    static constexpr auto invariants = "INV-B-ALLORNONE INV-B-INDEX HB-BAR";
    static constexpr int threads = parties;
    static constexpr auto search = checker::context_bound(2);
    static constexpr bool locks_by_specification = true;
    AnyBarrier barrier{parties};
    std::deque<typename P::template plain<int>> arrived;
    typename P::template atomic<int> numbers{0, "numbers"};

    Meeting() {
        while (arrived.size() != parties) arrived.emplace_back(0);
    }
    void thread(int index) {
        arrived[static_cast<std::size_t>(index)].write(1);
        const auto number = barrier.wait();
        for (const auto& other : arrived) check(other.read() == 1, "all have arrived");
        numbers.fetch_add(1 << (4 * number), std::memory_order_relaxed);  // relaxed: read after the threads have ended
    }
    void after() {
        constexpr int one_of_each = (1 << (4 * parties)) / 15;
        check(numbers.load(std::memory_order_relaxed) == one_of_each, "0, 1, 2... were given once each");
    }
};

template <Platform P>
struct BarrierLetsNobodyAhead : Meeting<P> {};
HEDDLE_MODEL(BarrierLetsNobodyAhead);

// The largest that the exhaustive engine finishes within a minute.
template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct MeetingOfFour : Meeting<P, AnyBarrier, 4> {
    static constexpr auto search = checker::context_bound(1);
};
template <Platform P>
struct BarrierOfFour : MeetingOfFour<P> {};
HEDDLE_MODEL(BarrierOfFour);

template <Platform P>
struct OneTooFew : BasicBarrier<P> {
    explicit OneTooFew(std::ptrdiff_t parties) : BasicBarrier<P>(parties - 1) {}
    std::ptrdiff_t wait() {
        try {
            return BasicBarrier<P>::wait(Seconds(1));
        } catch (const BrokenBarrierError&) {
            return 2;
        }
    }
};
template <Platform P>
struct BarrierOneTooFew : Meeting<P, OneTooFew<P>> {};
HEDDLE_BROKEN_MODEL(BarrierOneTooFew, failure::assertion);

template <Platform P>
struct BarrierOfFourOneTooFew : MeetingOfFour<P, OneTooFew<P>> {};
HEDDLE_BROKEN_MODEL(BarrierOfFourOneTooFew, failure::assertion);

template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct TwoRounds {
    static constexpr auto claim = "a Barrier serves again, and its rounds do not mix";
    static constexpr auto invariants = "INV-B-GEN";
    static constexpr int threads = 2;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    AnyBarrier barrier{2};
    typename P::template plain<int> written{0, "written"};

    void thread(int index) {
        if (index == 0) written.write(1);
        barrier.wait();
        check(written.read() == 1, "the first round publishes");
        barrier.wait();
        if (index == 1) written.write(2);
    }
};

template <Platform P>
struct BarrierServesAgain : TwoRounds<P> {};
HEDDLE_MODEL(BarrierServesAgain);

// Counts arrivals and never goes back: the second round waits for nobody.
template <Platform P>
class CountsOnly {
  public:
    explicit CountsOnly(FutexWord parties) : parties_(parties) {}
    void wait() {
        // Acquire and release: what a barrier needs; the mistake is elsewhere.
        FutexWord arrived = arrived_.fetch_add(1, std::memory_order_acq_rel) + 1;
        if (arrived >= parties_) P::wake_all(arrived_);
        while (arrived < parties_) {
            P::wait(arrived_, arrived, Deadline::never());
            arrived = arrived_.load(std::memory_order_acquire);  // acquire: as above
        }
    }

  private:
    const FutexWord parties_;
    typename P::template atomic<FutexWord> arrived_{0, "arrived"};
};
template <Platform P>
struct BarrierServesOnce : TwoRounds<P, CountsOnly<P>> {};
HEDDLE_BROKEN_MODEL(BarrierServesOnce, failure::data_race);

template <Platform P>
struct MeetingWithAction {
    static constexpr auto claim = "the action runs once, after all have arrived and before any leaves";
    static constexpr auto invariants = "INV-B-ACTION HB-BAR";
    static constexpr int threads = 2;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> runs{0, "runs"};
    BasicBarrier<P> barrier{2, [this] { runs.write(runs.read() + 1); }};

    void thread(int) {
        barrier.wait();
        check(runs.read() == 1, "the action has run");
    }
};

template <Platform P>
struct BarrierActsOnce : MeetingWithAction<P> {};
HEDDLE_MODEL(BarrierActsOnce);

// Every party acts for itself.
template <Platform P>
struct BarrierEverybodyActs : MeetingWithAction<P> {
    void thread(int) {
        this->barrier.wait();
        this->runs.write(this->runs.read() + 1);
    }
};
HEDDLE_BROKEN_MODEL(BarrierEverybodyActs, failure::data_race);

template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct MeetingWithFailingAction {
    static constexpr auto claim = "an action that throws breaks the Barrier for the others";
    static constexpr auto invariants = "INV-B-ACTION INV-B-BREAKALL INV-EXC";
    static constexpr int threads = 2;
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
struct BarrierSurvivesItsAction : MeetingWithFailingAction<P, ActsOutside<P>> {};
HEDDLE_BROKEN_MODEL(BarrierSurvivesItsAction, failure::assertion);

// Two of three parties, and something that ends their wait.
enum class Ending { abort, reset, timeout };
template <Platform P, Ending ending, class AnyBarrier = BasicBarrier<P>>
struct Interrupted {
    static constexpr auto claim = "when a Barrier breaks or is reset, every thread that waits learns it";
    static constexpr auto invariants = "INV-B-BREAKALL INV-B-ABORT INV-B-RESET";
    static constexpr int threads = ending == Ending::timeout ? 2 : 3;
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
struct BarrierResetTellsAll : Interrupted<P, Ending::reset> {};
HEDDLE_MODEL(BarrierResetTellsAll);
template <Platform P>
struct BarrierTimeoutTellsAll : Interrupted<P, Ending::timeout> {};
HEDDLE_MODEL(BarrierTimeoutTellsAll);

template <Platform>
struct BarrierAbortTellsNobody : Interrupted<checker::WakeOneDropped, Ending::abort> {};
HEDDLE_BROKEN_MODEL(BarrierAbortTellsNobody, failure::deadlock);
template <Platform>
struct BarrierTimeoutTellsNobody : Interrupted<checker::WakeOneDropped, Ending::timeout> {};
HEDDLE_BROKEN_MODEL(BarrierTimeoutTellsNobody, failure::deadlock);

}  // namespace heddle::models

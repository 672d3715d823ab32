// Barrier: arriving and being let go.
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
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(2);
    static constexpr bool locks_by_specification = true;
    AnyBarrier barrier{parties};
    std::deque<typename P::template plain<int>> arrived;
    typename P::template atomic<int> numbers{0, "numbers"};

    Meeting() {
        while (arrived.size() != parties) arrived.emplace_back(0, "arrived");
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
struct BarrierOneTooFew : Meeting<P, OneTooFew<P>> {
    static constexpr auto breaks = "INV-B-ALLORNONE";
    static constexpr auto fails_at = "all have arrived";
};
HEDDLE_BROKEN_MODEL(BarrierOneTooFew, failure::assertion);

// Everybody is number 0.
template <Platform P>
struct SameNumbers : BasicBarrier<P> {
    using BasicBarrier<P>::BasicBarrier;
    std::ptrdiff_t wait() { return BasicBarrier<P>::wait(), 0; }
};
template <Platform P>
struct BarrierRepeatsNumbers : Meeting<P, SameNumbers<P>> {
    static constexpr auto breaks = "INV-B-INDEX";
    static constexpr auto fails_at = "0, 1, 2... were given once each";
};
HEDDLE_BROKEN_MODEL(BarrierRepeatsNumbers, failure::assertion);

// Counts arrivals with relaxed steps: who leaves knows that the others came, and nothing of what they did.
template <Platform P>
class CountsRelaxed {
  public:
    explicit CountsRelaxed(FutexWord parties) : parties_(parties) {}
    std::ptrdiff_t wait() {
        const FutexWord number = arrived_.fetch_add(1, std::memory_order_relaxed);  // relaxed: the mistake of the twin
        if (number + 1 == parties_) P::wake_all(arrived_);
        for (FutexWord now = number + 1; now != parties_;) {
            P::wait(arrived_, now, Deadline::never());
            now = arrived_.load(std::memory_order_relaxed);  // relaxed: the mistake of the twin
        }
        return number;
    }

  private:
    const FutexWord parties_;
    typename P::template atomic<FutexWord> arrived_{0, "arrived"};
};
template <Platform P>
struct BarrierOrdersNothing : Meeting<P, CountsRelaxed<P>> {
    static constexpr auto breaks = "HB-BAR";
    static constexpr auto fails_at = "arrived";
};
HEDDLE_BROKEN_MODEL(BarrierOrdersNothing, failure::data_race);

template <Platform P>
struct BarrierOfFourOneTooFew : MeetingOfFour<P, OneTooFew<P>> {
    static constexpr auto breaks = "INV-B-ALLORNONE";
    static constexpr auto fails_at = "all have arrived";
};
HEDDLE_BROKEN_MODEL(BarrierOfFourOneTooFew, failure::assertion);

template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct TwoRounds {
    static constexpr auto claim = "a Barrier serves again, and its rounds do not mix";
    static constexpr auto invariants = "INV-B-GEN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
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
struct BarrierServesOnce : TwoRounds<P, CountsOnly<P>> {
    static constexpr auto breaks = "INV-B-GEN";
    static constexpr auto fails_at = "written";
};
HEDDLE_BROKEN_MODEL(BarrierServesOnce, failure::data_race);

template <Platform P>
struct MeetingWithAction {
    static constexpr auto claim = "the action runs once, after all have arrived and before any leaves";
    static constexpr auto invariants = "INV-B-ACTION HB-BAR";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
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
    static constexpr auto breaks = "INV-B-ACTION";
    static constexpr auto fails_at = "runs";
    void thread(int) {
        this->barrier.wait();
        this->runs.write(this->runs.read() + 1);
    }
};
HEDDLE_BROKEN_MODEL(BarrierEverybodyActs, failure::data_race);

// Two parties whose sleep the system may end without cause.
template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct RestlessMeeting : Meeting<P, AnyBarrier, 2> {
    static constexpr unsigned spurious_wakeups = 1;
    static constexpr auto search = checker::context_bound(4);
};
template <Platform P>
struct BarrierNeverSpurious : RestlessMeeting<P> {};
HEDDLE_MODEL(BarrierNeverSpurious);

// Sleeps once, and does not ask why it woke.
template <Platform P>
class SleepsOnce {
  public:
    explicit SleepsOnce(FutexWord parties) : parties_(parties) {}
    std::ptrdiff_t wait() {
        // Acquire and release: what a barrier needs, before the sleep and after it; the mistake is elsewhere.
        const FutexWord number = arrived_.fetch_add(1, std::memory_order_acq_rel);
        if (number + 1 == parties_) P::wake_all(arrived_);
        else P::wait(arrived_, number + 1, Deadline::never());
        arrived_.fetch_add(0, std::memory_order_acq_rel);  // acquire: who has arrived by now
        return number;
    }

  private:
    const FutexWord parties_;
    typename P::template atomic<FutexWord> arrived_{0, "arrived"};
};
template <Platform P>
struct BarrierSleepsOnce : RestlessMeeting<P, SleepsOnce<P>> {
    static constexpr auto breaks = "INV-B-ALLORNONE";
    static constexpr auto fails_at = "all have arrived";
    typename P::template atomic<int> marks{0, "marks"};
    void thread(int) {
        marks.fetch_add(1, std::memory_order_relaxed);  // relaxed: the barrier orders it before the load
        this->barrier.wait();
        check(marks.load(std::memory_order_relaxed) == 2, "all have arrived");
    }
    void after() {}
};
HEDDLE_BROKEN_MODEL(BarrierSleepsOnce, failure::assertion);

}  // namespace heddle::models

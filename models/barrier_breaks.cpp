// Barrier: how it breaks, and who learns it.
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include <heddle/barrier.hpp>
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>

#include "fails_with.hpp"

namespace heddle::models {

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
template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct ResetOfOne {
    static constexpr auto claim = "a reset lets go who waits without a time-out";
    static constexpr auto invariants = "INV-B-RESET";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(3);
    AnyBarrier barrier{2};

    void thread(int index) {
        if (index == 1) return barrier.n_waiting() == 1 ? barrier.reset() : barrier.abort();
        fails_with<BrokenBarrierError>([this] { barrier.wait(); }, "nobody else has come");
    }
};
template <Platform P>
struct BarrierResetLetsGo : ResetOfOne<P> {};
HEDDLE_MODEL(BarrierResetLetsGo);

// Leaves those who wait to whoever comes next.
template <Platform P>
struct ResetsForTheNext : BasicBarrier<P> {
    using BasicBarrier<P>::BasicBarrier;
    void reset() {}
};
template <Platform P>
struct BarrierResetLetsNobodyGo : ResetOfOne<P, ResetsForTheNext<P>> {
    static constexpr auto breaks = "INV-B-RESET";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(BarrierResetLetsNobodyGo, failure::deadlock);

template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct TimeoutOfItsOwn {
    static constexpr auto claim = "a Barrier's own time-out breaks it, if the call that waits has none";
    static constexpr auto invariants = "INV-B-BREAKALL";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    AnyBarrier barrier{2, {}, Seconds(0.001)};

    void thread(int) {
        fails_with<BrokenBarrierError>([this] { barrier.wait(); }, "nobody else has come");
        check(barrier.broken(), "the time-out breaks it");
    }
};

template <Platform P>
struct BarrierBreaksInItsTime : TimeoutOfItsOwn<P> {};
HEDDLE_MODEL(BarrierBreaksInItsTime);

template <Platform P>
struct ForgetsItsTimeout : BasicBarrier<P> {
    ForgetsItsTimeout(std::ptrdiff_t parties, std::function<void()> action, Seconds)
        : BasicBarrier<P>(parties, std::move(action)) {}
};
template <Platform P>
struct BarrierForgetsItsTimeout : TimeoutOfItsOwn<P, ForgetsItsTimeout<P>> {
    static constexpr auto breaks = "INV-B-BREAKALL";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(BarrierForgetsItsTimeout, failure::deadlock);

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
    static constexpr auto fails_at = "only a reset mends it";
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
    static constexpr auto fails_at = "only a reset mends it";
};
HEDDLE_BROKEN_MODEL(BarrierResetOnlyAborts, failure::assertion);

template <Platform>
struct BarrierAbortTellsNobody : Interrupted<checker::LocksBySpecification<checker::WakeOneDropped>, Ending::abort> {
    static constexpr auto breaks = "INV-B-BREAKALL";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(BarrierAbortTellsNobody, failure::deadlock);
template <Platform>
struct BarrierTimeoutTellsNobody
    : Interrupted<checker::LocksBySpecification<checker::WakeOneDropped>, Ending::timeout> {
    static constexpr auto breaks = "INV-B-BREAKALL";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(BarrierTimeoutTellsNobody, failure::deadlock);

// Both parties, and an abort that comes before or after they have met, or during their action.
template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct AbortAgainstMeeting {
    static constexpr auto claim = "who was let go has succeeded, whatever happens to the Barrier before it returns";
    static constexpr auto invariants = "INV-B-DECIDED";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyBarrier barrier{2, [] {}};
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
    static constexpr auto fails_at = "both have met, or neither";
};
HEDDLE_BROKEN_MODEL(BarrierTellsOneOfTwo, failure::assertion);

}  // namespace heddle::models

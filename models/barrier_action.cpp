// Barrier: an action that throws, and one that calls its Barrier.
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>

#include <heddle/barrier.hpp>
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
    static constexpr auto fails_at = "the other learns that the barrier is broken";
};
HEDDLE_BROKEN_MODEL(BarrierSurvivesItsAction, failure::assertion);

// What the action may not call waits for a lock that its own thread holds.
template <Platform P, class AnyBarrier = BasicBarrier<P>>
struct ActionThatCalls {
    static constexpr auto claim = "an action that calls its Barrier is refused, and does not wait for itself";
    static constexpr auto invariants = "INV-B-ACTION";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    int refused = 0;
    AnyBarrier barrier{1, [this] {
                           refuses([this] { (void)barrier.wait(); });
                           refuses([this] { barrier.reset(); });
                           refuses([this] { barrier.abort(); });
                       }};

    template <class Call>
    void refuses(Call call) {
        try {
            call();
        } catch (const RuntimeError&) {
            ++refused;
        }
    }
    void thread(int) {
        check(barrier.wait() == 0 && refused == 3, "each call was refused");
        barrier.reset();  // afterwards its thread may call it again
        check(barrier.wait() == 0 && refused == 6, "each call was refused again");
    }
};

template <Platform P>
struct BarrierRefusesItsAction : ActionThatCalls<P> {};
HEDDLE_MODEL(BarrierRefusesItsAction);

// A lock around all, which the action finds taken.
template <Platform P>
class WaitsForItself : public BasicBarrier<P> {
  public:
    using BasicBarrier<P>::BasicBarrier;
    std::ptrdiff_t wait() {
        const std::scoped_lock guard(lock_);
        return BasicBarrier<P>::wait();
    }

  private:
    BasicLock<P> lock_;
};
template <Platform P>
struct BarrierWaitsForItsAction : ActionThatCalls<P, WaitsForItself<P>> {
    static constexpr auto breaks = "INV-B-ACTION";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(BarrierWaitsForItsAction, failure::deadlock);

}  // namespace heddle::models

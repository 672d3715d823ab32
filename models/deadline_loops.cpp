// Calls that wait several times before their deadline: it is one for all of their waits, and they look once more after it. As in
// deadline.cpp a platform decides what happens in a wait, so no clock is needed.
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include <heddle/checker/model.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/lock.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

// Each wait with a time-out is woken for nothing twice, and then times out. Time goes on whenever somebody asks for it.
template <Platform P>
struct WakesForNothing : P {
    static constexpr int waits_of_a_call = 3;
    struct Script {
        std::function<void()> happens;  // in a wait
        std::optional<std::chrono::nanoseconds> deadline;
        bool is_one = true;
        int waits = 0;
        typename P::template atomic<int> clock{0, "clock"};
    };
    static Script& script() { return P::template global<Script>(); }

    static std::chrono::nanoseconds now() {
        // Relaxed: a number.
        return std::chrono::nanoseconds(script().clock.fetch_add(1, std::memory_order_relaxed));
    }
    static WaitResult wait(const typename P::template atomic<FutexWord>& word, FutexWord expected, Deadline deadline) {
        if (deadline.is_never()) return P::wait(word, expected, deadline);
        (void)now();
        script().is_one =
            script().is_one && script().deadline.value_or(deadline.since_epoch()) == deadline.since_epoch();
        script().deadline = deadline.since_epoch();
        check(++script().waits <= waits_of_a_call, "it does not wait after its deadline");
        if (script().waits == waits_of_a_call) return WaitResult::timed_out;
        script().happens();
        return WaitResult::woken;
    }
};

template <Platform P, class AnyEvent = BasicEvent<WakesForNothing<P>>>
struct WaitsInVain {
    static constexpr auto claim = "a time-out is one deadline, however often the call is woken for nothing";
    static constexpr auto invariants = "INV-TO-DEADLINE";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr auto search = checker::context_bound(1);  // what happens when is said, not found
    using Q = WakesForNothing<P>;
    BasicLock<Q> lock;
    BasicSemaphore<Q> semaphore{0};
    AnyEvent event;
    BasicCondition<Q, BasicLock<Q>> condition{lock};
    BasicQueue<Q, int> queue;
    BasicSimpleQueue<Q, int> simple_queue;
    BasicRingQueue<Q, int> ring_queue{1};
    BasicLock<Q> gate;
    BasicThread<Q> worker{[this] { gate.acquire(); }};

    void thread(int) {
        lock.acquire();
        in_vain([this] { return lock.acquire(true, 1s); });
        in_vain([this] { return semaphore.acquire(true, 1s); });
        in_vain([this] { return event.wait(1s); });
        const auto notify = [this] {
            const std::scoped_lock guard(lock);
            condition.notify();
        };
        in_vain([this] { return condition.wait_for([] { return false; }, 1s); }, notify);
        in_vain([this] { return got_from(queue); }, [this] { pass_through(queue); });
        in_vain([this] { return got_from(simple_queue); }, [this] { pass_through(simple_queue); });
        in_vain([this] { return got_from(ring_queue); });

        gate.acquire();
        worker.start();
        in_vain([this] { return worker.join(1s); });
        gate.release();
        worker.join();
    }

    template <class Call>
    static void in_vain(
        Call call, std::function<void()> happens = [] {}) {
        auto& script = WakesForNothing<P>::script();
        script.happens = std::move(happens);
        script.deadline.reset();
        script.waits = 0;
        check(!call(), "nothing has come");
        check(script.waits == WakesForNothing<P>::waits_of_a_call, "it waited until its deadline");
        check(script.is_one, "each wait had the same deadline");
    }
    template <class AnyQueue>
    static bool got_from(AnyQueue& queue) {
        try {
            queue.get(true, 1s);
            return true;
        } catch (const Empty&) {
            return false;
        }
    }
    template <class AnyQueue>
    static void pass_through(AnyQueue& queue) {
        queue.put(1);
        (void)queue.get(false);
    }
};

template <Platform P>
struct DeadlineIsOne : WaitsInVain<P> {};
HEDDLE_MODEL(DeadlineIsOne);

// Takes its time-out for each of its waits anew.
template <class Q>
struct WaitsAnew : BasicEvent<Q> {
    bool wait(Seconds timeout) { return BasicEvent<Q>::wait(timeout) || BasicEvent<Q>::wait(timeout); }
};
template <Platform P>
struct DeadlineBeginsAnew : WaitsInVain<P, WaitsAnew<WakesForNothing<P>>> {
    static constexpr auto breaks = "INV-TO-DEADLINE";
    static constexpr auto fails_at = "it does not wait after its deadline";
};
HEDDLE_BROKEN_MODEL(DeadlineBeginsAnew, failure::assertion);

}  // namespace heddle::models

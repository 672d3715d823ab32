// Calls whose time has passed before they begin: a time-out of zero or less. A call that takes one for none waits for ever, since
// what it waits for does not come.
#include <chrono>

#include <heddle/barrier.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/lock.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/rlock.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>
#include <heddle/thread.hpp>

#include "fails_with.hpp"
#include "stopped_clock.hpp"

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P, class AnyEvent = BasicEvent<P>>
struct WithoutTime {
    static constexpr auto claim = "a call whose time-out is zero or negative does not wait for what does not come";
    static constexpr auto invariants = "INV-TO-NOTIME";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr int time_outs = 32;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(1);  // the other thread only takes what there is
    BasicLock<P> lock;
    BasicRLock<P> rlock;
    BasicSemaphore<P> semaphore{0};
    AnyEvent event;
    BasicCondition<P, BasicLock<P>> condition{lock};
    BasicBarrier<P> barrier{2};
    BasicQueue<P, int> empty;
    BasicQueue<P, int> full{1};
    BasicSimpleQueue<P, int> simple_queue;
    BasicRingQueue<P, int> ring_queue{1};
    BasicLock<P> gate;
    BasicLock<P> taken;
    BasicThread<P> worker{[this] { gate.acquire(); }};

    WithoutTime() {
        gate.acquire();
        taken.acquire();
        full.put(1);
    }
    void thread(int index) {
        if (index == 1) {
            rlock.acquire();
            return taken.release();
        }
        taken.acquire();
        lock.acquire();
        worker.start();
        for (const Seconds timeout : {0s, -1s}) {
            in_vain(timeout);
            check(!lock.try_lock_for(timeout) && !lock.try_lock_until(StoppedClock::now() + timeout), "another has it");
            check(!rlock.try_lock_for(timeout) && !rlock.try_lock_until(StoppedClock::now() + timeout),
                  "another has it");
            check(!condition.wait(timeout), "nobody notifies");
            check(!condition.wait_for([] { return false; }, timeout), "it does not come true");
        }
        check(!lock.acquire(true, 0s) && !rlock.acquire(true, 0s), "others have them");
        nothing_comes<ValueError>([this] { lock.acquire(true, -2s); });
        nothing_comes<ValueError>([this] { rlock.acquire(true, -2s); });
        nothing_comes<Empty>([this] { empty.get(true, 0s); });
        nothing_comes<Full>([this] { full.put(2, true, 0s); });
        nothing_comes<Empty>([this] { simple_queue.get(true, 0s); });
        nothing_comes<Empty>([this] { ring_queue.get(true, 0s); });
        nothing_comes<Empty>([this] { empty.get_nowait(); });
        nothing_comes<Full>([this] { full.put_nowait(2); });
        nothing_comes<Empty>([this] { simple_queue.get_nowait(); });
        nothing_comes<Empty>([this] { ring_queue.get_nowait(); });
        ring_queue.put(1);
        nothing_comes<Full>([this] { ring_queue.put_nowait(2); });
        gate.release();
        worker.join();
    }
    void in_vain(Seconds timeout) {
        check(!semaphore.acquire(true, timeout), "there is no permit");
        check(!event.wait(timeout), "the flag is clear");
        check(!worker.join(timeout), "the thread runs");
        nothing_comes<BrokenBarrierError>([this, timeout] { barrier.wait(timeout); });
        check(barrier.broken(), "who gives up breaks it");
        barrier.reset();
    }
    template <class Error, class Call>
    static void nothing_comes(const Call& call) {
        fails_with<Error>(call, "nothing comes");
    }
};

template <Platform P>
struct NoTimeIsNotWaitedFor : WithoutTime<P> {};
HEDDLE_MODEL(NoTimeIsNotWaitedFor);

// Takes less than nothing for no time-out.
template <Platform P>
struct NegativeIsForEver : BasicEvent<P> {
    bool wait(Seconds timeout) { return timeout < Seconds(0) ? BasicEvent<P>::wait() : BasicEvent<P>::wait(timeout); }
};
template <Platform P>
struct NegativeTimeIsWaitedFor : WithoutTime<P, NegativeIsForEver<P>> {
    static constexpr auto breaks = "INV-TO-NOTIME";
    static constexpr auto fails_at = "Event.word";
};
HEDDLE_BROKEN_MODEL(NegativeTimeIsWaitedFor, failure::deadlock);

}  // namespace heddle::models

// The arguments of calls that may wait: which of them are refused, and with what, whatever the state.
#include <heddle/barrier.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/rlock.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>

#include <chrono>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>

#include <heddle/properties/property.hpp>

namespace heddle::properties {
namespace {

using namespace std::chrono_literals;

enum class Callee {
    lock,
    rlock,
    semaphore,
    queue_get,
    queue_get_shut_down,  // and empty
    queue_put,
    queue_put_unbounded,
    ring_get,
    ring_put,
    simple_get,
    event,
    condition,
    barrier
};
constexpr const char* names[] = {"Lock.acquire",
                                 "RLock.acquire",
                                 "Semaphore.acquire",
                                 "Queue.get",
                                 "Queue.get after shutdown",
                                 "Queue.put",
                                 "Queue.put without a bound",
                                 "RingQueue.get",
                                 "RingQueue.put",
                                 "SimpleQueue.get",
                                 "Event.wait",
                                 "Condition.wait",
                                 "Barrier.wait"};

struct Call {
    Callee callee;
    bool must_wait;  // or what it waits for is there
    bool block;      // where there is such an argument
    std::optional<double> timeout;

    friend std::ostream& operator<<(std::ostream& out, const Call& call) {
        out << names[static_cast<int>(call.callee)] << (call.must_wait ? " that must wait" : "") << " (" << call.block
            << ", ";
        return call.timeout ? out << *call.timeout << " s)" : out << "no time-out)";
    }
};

// The order of the checks is Python's, and differs from call to call.
std::string specified(const Call& call) {
    const bool is_nan = call.timeout && *call.timeout != *call.timeout;
    const bool is_negative = call.timeout && *call.timeout < 0;
    const bool is_too_long = call.timeout && *call.timeout > timeout_max.count();
    const std::string in_vain = call.callee == Callee::barrier ? "broken" : "no";
    const auto when_it_comes_to_it = [&] { return call.must_wait ? in_vain : "yes"; };
    switch (call.callee) {
        case Callee::lock:
        case Callee::rlock:
            if (is_nan || (!call.block && call.timeout && *call.timeout != -1.0)) return "ValueError";
            if (call.block && is_negative && *call.timeout != -1.0) return "ValueError";
            return call.block && is_too_long ? "OverflowError" : when_it_comes_to_it();
        case Callee::semaphore:
            if ((!call.block && call.timeout) || is_nan) return "ValueError";
            return call.must_wait && call.block && is_too_long ? "OverflowError" : when_it_comes_to_it();
        case Callee::queue_get_shut_down:
            return "ShutDown";
        case Callee::queue_put_unbounded:
            return "yes";
        case Callee::queue_get:
        case Callee::queue_put:
        case Callee::ring_get:
        case Callee::ring_put:
            if (call.block && (is_nan || is_negative)) return "ValueError";
            return call.must_wait && call.block && is_too_long ? "OverflowError" : when_it_comes_to_it();
        case Callee::simple_get:
            if (call.block && (is_nan || is_negative)) return "ValueError";
            return call.block && is_too_long ? "OverflowError" : when_it_comes_to_it();
        case Callee::event:
        case Callee::condition:
        case Callee::barrier:
            if (!call.must_wait) return "yes";
            return is_nan ? "ValueError" : is_too_long ? "OverflowError" : in_vain;
    }
    return "?";
}

std::optional<Seconds> seconds(const Call& call) {
    return call.timeout ? std::optional(Seconds(*call.timeout)) : std::nullopt;
}

// A lock that somebody else has.
template <class AnyLock>
bool acquired(const Call& call) {
    AnyLock lock;
    if (call.must_wait) std::thread([&] { lock.acquire(); }).join();
    return lock.acquire(call.block, call.timeout ? Seconds(*call.timeout) : no_timeout);
}

template <class AnyQueue>
bool got(const Call& call, AnyQueue&& queue) {
    if (!call.must_wait) queue.put(1);
    return queue.get(call.block, seconds(call)) == 1;
}

template <class AnyQueue>
bool put(const Call& call, AnyQueue&& queue) {
    if (call.must_wait) queue.put(1);
    queue.put(2, call.block, seconds(call));
    return true;
}

// Without what it waits for it would wait for ever if it did not look at the state first.
bool performed(const Call& call) {
    Semaphore semaphore(call.must_wait ? 0 : 1);
    Event event;
    Condition<> condition;
    Barrier barrier(call.must_wait ? 2 : 1);
    switch (call.callee) {
        case Callee::lock:
            return acquired<Lock>(call);
        case Callee::rlock:
            return acquired<RLock>(call);
        case Callee::semaphore:
            return semaphore.acquire(call.block, seconds(call));
        case Callee::queue_get:
            return got(call, Queue<int>());
        case Callee::queue_get_shut_down: {
            Queue<int> queue;
            queue.shutdown();
            return queue.get(call.block, seconds(call)) == 1;
        }
        case Callee::queue_put:
            return put(call, Queue<int>(1));
        case Callee::queue_put_unbounded:
            return put(call, Queue<int>());
        case Callee::ring_get:
            return got(call, RingQueue<int>(1));
        case Callee::ring_put:
            return put(call, RingQueue<int>(1));
        case Callee::simple_get:
            return got(call, SimpleQueue<int>());
        case Callee::event:
            if (!call.must_wait) event.set();
            return event.wait(seconds(call));
        case Callee::condition: {
            const std::scoped_lock guard(condition);
            return condition.wait_for([&] { return !call.must_wait; }, seconds(call));
        }
        case Callee::barrier:
            try {
                return barrier.wait(seconds(call)) == 0;
            } catch (const std::exception&) {
                if (barrier.n_waiting() == 0) throw;
            }
            return true;  // who was refused still counts
    }
    return false;
}

std::string answered(bool (*perform)(const Call&), const Call& call) {
    try {
        return perform(call) ? "yes" : "no";
    } catch (const ValueError&) {
        return "ValueError";
    } catch (const OverflowError&) {
        return "OverflowError";
    } catch (const BrokenBarrierError&) {
        return "broken";
    } catch (const ShutDown&) {
        return "ShutDown";
    } catch (const Empty&) {
        return "no";
    } catch (const Full&) {
        return "no";
    }
}

rc::Gen<Call> calls() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double longest = timeout_max.count();
    const auto ends = [longest](const Call& call) {  // by itself: it need not wait, is refused, or waits a moment
        const bool waits_long =
            call.block && call.must_wait && (!call.timeout || *call.timeout == longest || *call.timeout == -1.0);
        const bool has_block = call.callee <= Callee::simple_get;
        return !waits_long && (has_block || call.block) && (call.block || call.callee != Callee::event);
    };
    const auto any = rc::gen::build<Call>(
        rc::gen::set(&Call::callee,
                     rc::gen::map(rc::gen::inRange(0, 13), [](int n) { return static_cast<Callee>(n); })),
        rc::gen::set(&Call::must_wait), rc::gen::set(&Call::block),
        rc::gen::set(&Call::timeout, rc::gen::element<std::optional<double>>(std::nullopt, nan, -2.5, -1.0, -0.25, 0.0,
                                                                             0.001, longest, 2 * longest)));
    return rc::gen::suchThat(any, ends);
}

void refuses_what_python_refuses(bool (*perform)(const Call&)) {
    rc::detail::TestParams many = rc::detail::configuration().testParams;
    for (int n = 0; n != many.maxSuccess / 10; ++n) {
        const Call call = *calls();
        RC_LOG() << call << '\n';
        RC_ASSERT(answered(perform, call) == specified(call));
    }
}

TEST(TimeoutProperty, arguments_are_refused_as_python_refuses_them) {
    expect_holds("a call refuses, waits or succeeds as Python's does", [] { refuses_what_python_refuses(&performed); });
}

// Takes a time-out that is no number for none at all, and waits a moment for what it refuses.
bool takes_nan(const Call& call) {
    Call taken = call;
    if (call.timeout && *call.timeout != *call.timeout) taken.timeout = 0.0;
    return performed(taken);
}

TEST(TimeoutProperty_broken, a_call_that_takes_no_number_for_zero_is_caught) {
    expect_caught("a call refuses, waits or succeeds as Python's does", [] { refuses_what_python_refuses(&takes_nan); },
                  {.counterexample_contains = "nan"});
}

}  // namespace
}  // namespace heddle::properties

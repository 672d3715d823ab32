// The arguments of calls that may wait: which of them are refused, and with what, whatever the state.
#include <heddle/barrier.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/rlock.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>
#include <heddle/thread.hpp>

#include <chrono>
#include <exception>
#include <iterator>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <heddle/properties/property.hpp>

#include "timed_calls.hpp"

namespace heddle::properties {
namespace {

using namespace std::chrono_literals;

std::optional<Seconds> seconds(const Call& call) {
    return call.timeout ? std::optional(Seconds(*call.timeout)) : std::nullopt;
}

// A lock that somebody else has.
template <class AnyLock>
bool acquired(const Call& call) {
    AnyLock lock;
    if (call.callee == Callee::rlock_owned) lock.acquire();
    else if (call.must_wait) std::thread([&] { lock.acquire(); }).join();
    const Seconds timeout(call.timeout.value_or(0));
    if (call.callee == Callee::lock_for || call.callee == Callee::rlock_for) return lock.try_lock_for(timeout);
    if (call.callee == Callee::lock_until || call.callee == Callee::rlock_until)
        return lock.try_lock_until(std::chrono::steady_clock::now() + timeout);
    return lock.acquire(call.block, call.timeout ? timeout : no_timeout);
}

bool joined(const Call& call) {
    Event may_end;
    Thread thread([&] { may_end.wait(); });
    thread.start();
    if (!call.must_wait) may_end.set(), thread.join();
    try {
        const bool has_ended = thread.join(Seconds(call.timeout.value_or(0)));
        may_end.set();
        thread.join();
        return has_ended;
    } catch (const std::exception&) {
        may_end.set();
        thread.join();
        throw;
    }
}

// A time-out of its own that is refused, where the call's should count.
bool met(const Call& call) {
    const auto own = call.timeout ? std::optional(Seconds(std::numeric_limits<double>::quiet_NaN())) : std::nullopt;
    Barrier barrier(call.must_wait ? 2 : 1, {}, own);
    try {
        return barrier.wait(seconds(call)) == 0;
    } catch (const BrokenBarrierError&) {
        if (barrier.broken() && barrier.n_waiting() == 0) throw;
    } catch (const std::exception&) {
        if (!barrier.broken() && barrier.n_waiting() == 0) throw;
    }
    return true;  // who was refused has left something behind
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
    switch (call.callee) {
        case Callee::lock:
        case Callee::lock_for:
        case Callee::lock_until:
            return acquired<Lock>(call);
        case Callee::rlock:
        case Callee::rlock_for:
        case Callee::rlock_until:
        case Callee::rlock_owned:
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
        case Callee::queue_put_shut_down: {
            Queue<int> queue(1);
            queue.put(1);
            queue.shutdown();
            return queue.put(2, call.block, seconds(call)), true;
        }
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
        case Callee::condition_unowned:
            return condition.wait(seconds(call));
        case Callee::barrier:
            return met(call);
        case Callee::join:
            return joined(call);
        case Callee::join_unstarted:
            return Thread([] {}).join(Seconds(call.timeout.value_or(0)));
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
    } catch (const RuntimeError&) {
        return "RuntimeError";
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
    const double infinity = std::numeric_limits<double>::infinity();
    const double longest = timeout_max.count();
    const auto ends = [longest](const Call& call) {  // by itself: it need not wait, is refused, or waits a moment
        const bool waits_long =
            call.block && call.must_wait && (!call.timeout || *call.timeout == longest || *call.timeout == -1.0);
        // What is refused; or a call that takes it would wait for ever, and not be told.
        const bool saturates = call.callee == Callee::lock_until || call.callee == Callee::rlock_until;
        const bool is_nan = call.timeout && *call.timeout != *call.timeout;
        const bool is_huge =
            call.timeout && (*call.timeout > (saturates ? longest : 2 * longest) || (saturates && is_nan));
        const bool has_block = call.callee <= Callee::simple_get || call.callee == Callee::rlock_owned;
        return !waits_long && !(call.callee == Callee::rlock_owned && call.must_wait) && (has_block || call.block) &&
               !(is_huge && call.must_wait);
    };
    const auto any = rc::gen::build<Call>(
        rc::gen::set(&Call::callee, rc::gen::map(rc::gen::inRange(0, static_cast<int>(std::size(callee_names))),
                                                 [](int n) { return static_cast<Callee>(n); })),
        rc::gen::set(&Call::must_wait), rc::gen::set(&Call::block),
        rc::gen::set(&Call::timeout, rc::gen::element<std::optional<double>>(std::nullopt, nan, -2.5, -1.0, -0.25, 0.0,
                                                                             0.001, longest, 2 * longest, infinity)));
    return rc::gen::suchThat(any, ends);
}

void refuses_what_python_refuses(bool (*perform)(const Call&), bool may_have_to_wait = true) {
    rc::detail::TestParams many = rc::detail::configuration().testParams;
    for (int n = 0; n != many.maxSuccess / 2; ++n) {
        const Call call =
            *rc::gen::suchThat(calls(), [=](const Call& any) { return may_have_to_wait || !any.must_wait; });
        RC_LOG() << call << '\n';
        RC_ASSERT(answered(perform, call) == specified(call));
    }
}

// By themselves, and first: they end whatever they are taken for.
TEST(TimeoutProperty, arguments_of_calls_that_need_not_wait_are_refused_as_python_refuses_them) {
    expect_holds("a call that need not wait refuses or succeeds as Python's does",
                 [] { refuses_what_python_refuses(&performed, false); });
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

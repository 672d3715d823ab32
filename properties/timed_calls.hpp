// Calls that take a time-out, and what Python answers to them.
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include <heddle/timeout.hpp>

namespace heddle::properties {

enum class Callee {
    lock,
    rlock,
    semaphore,
    queue_get,
    queue_get_shut_down,  // and empty
    queue_put,
    queue_put_shut_down,  // and full
    queue_put_unbounded,
    ring_get,
    ring_put,
    simple_get,
    event,
    condition,
    condition_unowned,
    barrier,
    lock_for,
    rlock_for,
    lock_until,
    rlock_until,
    rlock_owned,
    join,
    join_unstarted
};
inline constexpr const char* callee_names[] = {"Lock.acquire",
                                               "RLock.acquire",
                                               "Semaphore.acquire",
                                               "Queue.get",
                                               "Queue.get after shutdown",
                                               "Queue.put",
                                               "Queue.put after shutdown",
                                               "Queue.put without a bound",
                                               "RingQueue.get",
                                               "RingQueue.put",
                                               "SimpleQueue.get",
                                               "Event.wait",
                                               "Condition.wait",
                                               "Condition.wait without the lock",
                                               "Barrier.wait",
                                               "Lock.try_lock_for",
                                               "RLock.try_lock_for",
                                               "Lock.try_lock_until",
                                               "RLock.try_lock_until",
                                               "RLock.acquire of its owner",
                                               "Thread.join",
                                               "Thread.join before start"};

struct Call {
    Callee callee;
    bool must_wait;  // or what it waits for is there
    bool block;      // where there is such an argument
    std::optional<double> timeout;

    friend std::ostream& operator<<(std::ostream& out, const Call& call) {
        out << callee_names[static_cast<int>(call.callee)] << (call.must_wait ? " that must wait" : "") << " ("
            << call.block << ", ";
        return call.timeout ? out << *call.timeout << " s)" : out << "no time-out)";
    }
};

// The order of the checks is Python's, and differs from call to call.
inline std::string specified(const Call& call) {
    const bool is_nan = call.timeout && *call.timeout != *call.timeout;
    const bool is_negative = call.timeout && *call.timeout < 0;
    const bool is_too_long = call.timeout && *call.timeout > timeout_max.count();
    const std::string in_vain = call.callee == Callee::barrier ? "broken" : "no";
    const auto when_it_comes_to_it = [&] { return call.must_wait ? in_vain : "yes"; };
    switch (call.callee) {
        case Callee::lock:
        case Callee::rlock:
        case Callee::rlock_owned:
            if (is_nan || (!call.block && call.timeout && *call.timeout != -1.0)) return "ValueError";
            if (call.block && is_negative && *call.timeout != -1.0) return "ValueError";
            return call.block && is_too_long ? "OverflowError" : when_it_comes_to_it();
        case Callee::semaphore:
            if ((!call.block && call.timeout) || is_nan) return "ValueError";
            return call.must_wait && call.block && is_too_long ? "OverflowError" : when_it_comes_to_it();
        case Callee::queue_get_shut_down:
        case Callee::queue_put_shut_down:
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
        case Callee::lock_for:
        case Callee::rlock_for:
        case Callee::join:
            return is_nan ? "ValueError" : is_too_long ? "OverflowError" : when_it_comes_to_it();
        case Callee::lock_until:
        case Callee::rlock_until:
            return is_nan ? "ValueError" : when_it_comes_to_it();
        case Callee::condition_unowned:
        case Callee::join_unstarted:
            return "RuntimeError";
    }
    return "?";
}

}  // namespace heddle::properties

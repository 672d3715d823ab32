// A platform that decides what comes when the time of a call is over, so that models of time-outs need no clock.
#pragma once

#include <functional>
#include <utility>

#include <heddle/platform/platform.hpp>

namespace heddle::models {

/// Every wait with a time-out ends at its deadline; just before, what the model says comes. That may wait, too.
template <Platform P>
struct EndsAtTheDeadline : P {
    struct LastInstant {
        std::function<void()> comes;
    };
    static void before_the_deadline(std::function<void()> comes) {
        P::template global<LastInstant>().comes = std::move(comes);
    }
    static WaitResult wait(const typename P::template atomic<FutexWord>& word, FutexWord expected, Deadline deadline) {
        if (deadline.is_never()) return P::wait(word, expected, deadline);
        const auto comes = P::template global<LastInstant>().comes;  // whatever it says that comes next
        comes();
        return WaitResult::timed_out;
    }
};

}  // namespace heddle::models

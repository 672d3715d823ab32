// The bodies of condition.hpp.
#pragma once

#include <heddle/condition.hpp>

namespace heddle {

template <Platform P, class L>
template <class Predicate>
requires std::constructible_from<bool, std::invoke_result_t<Predicate&>>
inline auto BasicCondition<P, L>::wait_for(const std::stop_token& stop, Predicate predicate,
                                           const std::optional<Seconds>& timeout) {
    auto result = predicate();
    if (static_cast<bool>(result)) return result;
    refuse_unowned("cannot wait on un-acquired lock");
    const Deadline deadline = detail::deadline_after<P>(timeout);
    for (bool chosen = true; chosen && !static_cast<bool>(result) && !stop.stop_requested(); result = predicate()) {
        Waiter self;
        // Unregistered before `self` is gone; a request that has come already interrupts it at once.
        const std::stop_callback interrupt(stop, [&self] { self.interrupt(); });
        chosen = waiting_.wait(self, lock_, deadline);
    }
    return result;
}

}  // namespace heddle

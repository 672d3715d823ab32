// What a step of the program is known by: where in the code it is, and through which calls the thread came there. One
// loop is told from another although both look through the same function of a library.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include <heddle/engine/site.hpp>

#include "calls.hpp"
#include "places.hpp"

namespace heddle::unmodified {

class Sites {
  public:
    /// The number of a site: the same for the same place and calls, and in all likelihood for nothing else.
    static std::uint64_t number(std::uintptr_t return_address, const Calls& calls) {
        return calls.context() ^ return_address;
    }

    /// What a step with other calls returns to, so to say, that is told at a site of that number. Requires: of() was asked for it.
    static std::uintptr_t return_address_for(std::uint64_t number, const Calls& calls) {
        return calls.context() ^ number;
    }

    struct Known {
        engine::Site site;  ///< its place is that of the innermost call in the user's own files, if there is one
        engine::Site loop;  ///< of a loop that the step is in: as `site`, unless that is in a helper without loops
        engine::Site
            again;  ///< the place of `loop`, told from it: for whoever learns that he took it for another thing
        /// The step is one of the standard library's own in std::atomic::wait and what is made of it.
        bool is_of_atomic_wait = false;
        bool has_order_of_library = false;  ///< and not the order that the program has given to wait()
        bool notifies = false;              ///< it is one of those that wake
        bool counts_waiters = false;        ///< it keeps, or asks for, the number of those who wait
        /// The step is one of the standard library's own in a wait for a condition or a lock: of the time, it makes the deadline.
        bool is_of_timed_wait = false;
        /// What the step counts for the standard library.
        enum class Counts : std::uint8_t { nothing, down_latch, up_semaphore };
        Counts counts = Counts::nothing;
        std::int64_t most = 0;            ///< the semaphore's max()
        bool is_of_shared_mutex = false;  ///< the call is one of the standard library's shared mutexes
        /// The access is the standard library's own, to what a facet of a locale has found once and will find again.
        bool is_of_locale_cache = false;
    };
    /// What is known of a step that returns to `return_address`.
    const Known& of(std::uintptr_t return_address, const Calls& calls);

    Places& places() { return places_; }

  private:
    /// The places of a step and of the calls that lead to it, the innermost first, as long as `visit` returns true.
    Place place_of_loop(const Place& innermost, std::uintptr_t return_address, const Calls& calls);
    void classify(Known& known, std::uintptr_t return_address, const Calls& calls);
    template <class Visit>
    void visit_places(std::uintptr_t return_address, const Calls& calls, Visit visit);

    Places places_;
    std::unordered_map<std::uint64_t, Known> known_;
    std::uint64_t last_number_ = 0;  ///< that was asked for
    const Known* last_ = nullptr;
    std::deque<std::string> files_;  // one for each site: an engine tells sites by the address of the name
};

/// Whether the number of a site is among those.
inline bool holds(const std::vector<std::uint64_t>& numbers, std::uint64_t number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

}  // namespace heddle::unmodified

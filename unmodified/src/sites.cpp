#include "sites.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace heddle::unmodified {

namespace {

bool is_one_of(const Place& place, const auto& endings) {
    return place.is_in_library() && std::any_of(endings.begin(), endings.end(),
                                                [&](std::string_view ending) { return place.file.ends_with(ending); });
}

bool names_one_of(const Place& place, const auto& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return place.function.find(name) != std::string::npos; });
}

bool names_all_of(const Place& place, const auto& names) {
    return std::all_of(names.begin(), names.end(),
                       [&](std::string_view name) { return place.function.find(name) != std::string::npos; });
}

/// Headers of libstdc++ whose functions are an access to an atomic, or a yield, and nothing else.
constexpr std::array<std::string_view, 3> accesses{"/bits/atomic_base.h", "/atomic", "/bits/gthr-default.h"};
/// Those that wait on atomics.
constexpr std::array<std::string_view, 5> waits{"/bits/atomic_wait.h", "/bits/atomic_timed_wait.h",
                                                "/bits/semaphore_base.h", "/latch", "/barrier"};
/// Those that wait until a time has come, and what they ask for the time with.
constexpr std::array<std::string_view, 7> timed_waits{
    "/condition_variable",      "/mutex", "/shared_mutex", "/future", "/bits/atomic_futex.h", "/bits/semaphore_base.h",
    "/bits/atomic_timed_wait.h"};
constexpr std::array<std::string_view, 2> clocks{"/chrono", "/bits/chrono.h"};
/// Functions of those that keep or ask for the number of those who wait.
constexpr std::array<std::string_view, 3> counts{"_M_enter_wait", "_M_leave_wait", "_M_waiting"};
/// The name of what an atomic's wait() looks with has these.
constexpr std::array<std::string_view, 2> looks_of_wait{"wait", "lambda"};
/// Functions that count for those who wait, and the header of locks that may be shared.
constexpr std::string_view counts_latch_down = "std::latch::count_down(";
constexpr std::string_view counts_semaphore_up = "::_M_release(";
constexpr std::string_view semaphore = "std::counting_semaphore<";
constexpr std::array<std::string_view, 1> shared_mutexes{"/shared_mutex"};
/// A function that keeps what it has found in its facet, without a lock: each thread finds the same.
constexpr std::string_view caching = "std::ctype<char>::narrow(char, char) const";

}  // namespace

template <class Visit>
void Sites::visit_places(std::uintptr_t return_address, const Calls& calls, Visit visit) {
    for (const Place& place : places_.of(return_address))
        if (!visit(place)) return;
    for (std::size_t at = calls.size(); at-- != 0;)
        for (const Place& place : places_.of(calls[at].called_from))
            if (!visit(place)) return;
}

const Sites::Known& Sites::of(std::uintptr_t return_address, const Calls& calls) {
    const std::uint64_t wanted = number(return_address, calls);
    if (last_ != nullptr && last_number_ == wanted) return *last_;
    const auto [found, is_new] = known_.try_emplace(wanted);
    last_number_ = wanted;
    last_ = &found->second;
    if (!is_new) return found->second;
    Place shown;
    visit_places(return_address, calls, [&](const Place& place) {
        const bool is_users = !place.file.empty() && !place.is_in_library();
        if (shown.file.empty() || is_users) shown = place;
        return !is_users;
    });
    found->second.site = engine::Site(files_.emplace_back(shown.file).c_str(), shown.line);
    const Place loop = place_of_loop(shown, return_address, calls);
    const bool is_there = loop.file == shown.file && loop.line == shown.line;
    found->second.loop =
        is_there ? found->second.site : engine::Site(files_.emplace_back(loop.file).c_str(), loop.line);
    found->second.again = engine::Site(files_.emplace_back(loop.file).c_str(), loop.line);
    classify(found->second, return_address, calls);
    return found->second;
}

/// Where a loop is that the step is in: in the first function from there outward that may have one; of a library's, where the
/// user's own code begins that it calls. `innermost`: what is shown otherwise.
Place Sites::place_of_loop(const Place& innermost, std::uintptr_t return_address, const Calls& calls) {
    Place latest;
    bool is_found = false;
    visit_places(return_address, calls, [&](const Place& place) {
        if (!place.file.empty() && !place.is_in_library()) latest = place;
        is_found = place.may_loop && !place.file.empty();
        return !place.may_loop;
    });
    return is_found && !latest.file.empty() ? latest : innermost;
}

/// What the step is for, if the standard library takes it for itself.
void Sites::classify(Known& known, std::uintptr_t return_address, const Calls& calls) {
    const auto& places = places_.of(return_address);
    known.is_of_locale_cache = !places.empty() && places.front().function == caching;
    known.is_of_shared_mutex = !places.empty() && is_one_of(places.front(), shared_mutexes);
    bool is_looking = false;
    visit_places(return_address, calls, [&](const Place& place) {
        // The function that looks for what an atomic's wait() waits for: with the order that wait() was given.
        if (is_one_of(place, accesses) && names_all_of(place, looks_of_wait)) is_looking = true;
        known.is_of_atomic_wait = is_one_of(place, waits);
        known.counts = !known.is_of_atomic_wait                                        ? Known::Counts::nothing
                       : place.function.starts_with(counts_latch_down)                 ? Known::Counts::down_latch
                       : place.function.find(counts_semaphore_up) != std::string::npos ? Known::Counts::up_semaphore
                                                                                       : Known::Counts::nothing;
        known.counts_waiters = known.is_of_atomic_wait && names_one_of(place, counts);
        return is_one_of(place, accesses);
    });
    visit_places(return_address, calls, [&](const Place& place) {
        known.is_of_timed_wait = is_one_of(place, timed_waits);
        return place.file.empty() || is_one_of(place, clocks);
    });
    if (!known.is_of_atomic_wait) return;
    known.has_order_of_library = !is_looking;
    if (known.counts == Known::Counts::up_semaphore)
        visit_places(return_address, calls, [&](const Place& place) {
            if (!place.function.starts_with(semaphore)) return place.is_in_library();
            known.most = std::strtoll(place.function.c_str() + semaphore.size(), nullptr, 10);
            return false;
        });
    visit_places(return_address, calls, [&](const Place& place) {
        known.notifies = place.function.find("notify") != std::string::npos;
        return place.is_in_library() && !known.notifies;
    });
}

}  // namespace heddle::unmodified

#include "stepping_loops.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "front_end.hpp"
#include "options.hpp"

namespace heddle::unmodified {

namespace {

constexpr std::size_t most_looked_at = engine::most_adopted_events / 2;  // of a thread's latest events
constexpr std::size_t most_in_turn = 32;                                 // of those that have come again
constexpr std::ptrdiff_t least_turns = 4;                                // among those

/// Returns: the steps that the thread goes through again and again, each once; empty if it does not. Where those are not
/// the same in each turn, they are those that come again.
std::vector<std::uint64_t> turn_of(std::span<const std::uint64_t> latest) {
    std::size_t period = 1;
    const auto repeats = [&] {
        return std::equal(latest.begin() + static_cast<std::ptrdiff_t>(period), latest.end(), latest.begin());
    };
    while (period != latest.size() && !repeats()) ++period;
    const bool is_same = period <= latest.size() / least_turns;
    std::vector<std::uint64_t> sites;
    for (const std::uint64_t site : is_same ? latest.first(period) : latest) {
        const bool is_known = site == 0 || std::find(sites.begin(), sites.end(), site) != sites.end();
        if (!is_known && std::count(latest.begin(), latest.end(), site) > 1) sites.push_back(site);
    }
    const bool comes_round = std::any_of(sites.begin(), sites.end(), [&](std::uint64_t site) {
        return std::count(latest.begin(), latest.end(), site) >= least_turns;
    });
    return comes_round ? sites : std::vector<std::uint64_t>();
}

}  // namespace

void SteppingLoops::writes() {
    const engine::Witness& witness = front_end_.witness();
    steps_[witness.thread()].written = witness.events();
}

void SteppingLoops::looks() {
    const engine::Witness& witness = front_end_.witness();
    steps_[witness.thread()].looked = witness.events();
}

void SteppingLoops::come_to_step(std::uintptr_t caller) {
    const engine::Witness& witness = front_end_.witness();
    if (witness.is_imagining()) return;
    Steps& mine = steps_[witness.thread()];
    SitesOfThread& sites = sites_[witness.thread()];
    const unsigned events = std::min(witness.events(), engine::most_adopted_events);
    while (mine.events < events) sites[mine.events++] = 0;
    if (events == engine::most_adopted_events) return come_to_end(mine, sites, caller);
    const std::uint64_t here = Sites::number(caller, self.calls);
    sites[events] = here;
    mine.events = events + 1;  // some may have been taken back
    if (!loops_.empty()) count_turn(mine, here, caller);
}

void SteppingLoops::count_turn(Steps& mine, std::uint64_t here, std::uintptr_t caller) {
    const auto known = loops_.find(here);
    const Loop loop = known == loops_.end() ? 0 : known->second;
    if (loop != mine.loop) {
        mine.loop = loop;
        mine.head = here;
        mine.turns = 0;
        return;
    }
    if (loop == 0 || here != mine.head) return;
    ++mine.turns;
    // Each turn more multiplies the executions: without being asked, no more than of a loop that yields.
    const unsigned asked_for = options.spin != ExploreLimits{}.spin ? options.spin : 0;
    if (mine.turns >= asked_for && !front_end_.witness().may_go_round(mine.turns)) cut_off(mine.turns, caller);
}

/// The thread has had as many events as there is room for. Returns where it is not seen to go round.
void SteppingLoops::come_to_end(const Steps& mine, const SitesOfThread& sites_of_mine, std::uintptr_t caller) {
    std::span<const std::uint64_t> latest = std::span(sites_of_mine).last(most_looked_at);
    if (std::min(mine.written, mine.looked) < sites_of_mine.size() - latest.size()) {
        // It does nothing but look or write. What writes and takes that back has looked, too, and may have just left its loop.
        const std::size_t end = front_end_.witness().last_come_again();
        if (end < latest.size()) return;
        if (mine.written + most_in_turn < end)
            front_end_.cut_off(fmt::format("{} events, most of them in a loop,", engine::most_adopted_events),
                               front_end_.known_of(caller).loop);
        latest = std::span(sites_of_mine).first(end).last(most_in_turn);
    }
    const std::vector<std::uint64_t> sites = turn_of(latest);
    if (sites.empty()) return;
    learn(sites);
    cut_off(mine.turns != 0 ? mine.turns : static_cast<unsigned>(least_turns), caller);
}

/// Does not return where a step is new. What has a step of a loop that is known is that loop.
void SteppingLoops::learn(const std::vector<std::uint64_t>& sites) {
    Loop loop = sites.front();
    bool is_new = false;
    for (const std::uint64_t site : sites) {
        const auto known = loops_.find(site);
        if (known == loops_.end()) is_new = true;
        else loop = known->second;
    }
    for (const std::uint64_t site : sites) loops_[site] = loop;
    if (is_new) front_end_.run().restart();
}

void SteppingLoops::cut_off(unsigned turns, std::uintptr_t caller) const {
    front_end_.cut_off(fmt::format("{} iterations of a loop that does not yield, and writes in each,", turns),
                       front_end_.known_of(caller).loop);
}

}  // namespace heddle::unmodified

// What a thread has looked at, and what it does between two yields.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <heddle/engine/site.hpp>

#include "digest.hpp"

namespace heddle::unmodified {

/// A thread has read an atomic, or has failed to write it, or has written what was there.
struct Look {
    std::uint64_t site = 0;
    std::uintptr_t address = 0;
    std::uint64_t value = 0;

    bool operator==(const Look&) const = default;
    bool is_at(std::uint64_t at_site, std::uintptr_t at_address) const {
        return site == at_site && address == at_address;
    }
    /// A number that stands for looks, and this one after them.
    std::uint64_t after(std::uint64_t looks) const { return mixed(mixed(mixed(looks, site), address), value); }
};

/// Looks of a thread, in order: the first ones, if there are very many.
class Looks {
  public:
    /// Returns: whether there was room for it.
    bool add(const Look& look) {
        if (count_ == kept_.size()) return false;
        kept_[count_++] = look;
        return true;
    }
    void clear() { count_ = 0; }

    std::size_t size() const { return count_; }
    /// Requires: `at` is below size().
    const Look& operator[](std::size_t at) const { return kept_[at]; }
    /// Those from there to there. Requires: neither is above size().
    std::span<const Look> between(std::size_t from, std::size_t to) const { return {kept_.data() + from, to - from}; }
    std::span<const Look> since(std::size_t from) const { return between(from, count_); }

    bool has_one_at(std::uint64_t site) const {
        return std::any_of(kept_.begin(), kept_.begin() + count_, [=](const Look& look) { return look.site == site; });
    }
    /// Returns: which was the latest one at the site; size() if none was, or if there may have been more than are kept.
    std::size_t latest_at(std::uint64_t site) const {
        if (count_ == kept_.size()) return count_;
        for (std::size_t at = count_; at-- != 0;)
            if (kept_[at].site == site) return at;
        return count_;
    }
    /// Whether a look at the address that has found that would find it again: the latest one there has.
    bool would_find(std::uintptr_t address, std::uint64_t value) const {
        for (std::size_t at = count_; at-- != 0;)
            if (kept_[at].address == address) return kept_[at].value == value;
        return true;
    }
    /// Whether those from there on, at least one, would each find again what they have found.
    bool are_in_vain_since(std::size_t from) const {
        const std::span<const Look> all = since(from);
        return !all.empty() && std::all_of(all.begin(), all.end(), [&](const Look& look) {
            return std::all_of(all.begin(), all.end(), [&](const Look& other) {
                return other.address != look.address || other.value == look.value;
            });
        });
    }

  private:
    static constexpr std::size_t most = 16;

    std::size_t count_ = 0;
    std::array<Look, most> kept_{};
};

/// What a thread does between two yields: an iteration of a loop, it may be. WaitingLoops has it; RepeatedIterations takes it
/// through the same looks again.
struct Iteration {
    std::uint64_t yielded_at = 0;  ///< the number of the site of the yield before it; 0: there was none
    engine::Site yield;
    bool is_untold = false;       ///< the engine does not know of that yield yet
    bool is_partly_told = false;  ///< it had looks that were no steps before the engine knew of that yield
    bool repeats = false;         ///< looks that are those of the last iteration are no steps
    bool is_compared = false;     ///< at its end, with what the thread was at its beginning
    bool has_steps = false;       ///< it had steps, looks not counted
    bool is_new = false;          ///< the looks are those of the last iteration
    std::size_t position = 0;     ///< repeats: the latest look of the last iteration that it has had, counted from 1
    std::size_t first = 0;        ///< repeats: the first one
    Looks looks;                  ///< since the last step that was none
    unsigned events = 0;          ///< of the thread, at the yield
    unsigned repeated = 0;        ///< so many iterations in a row without a step
    unsigned first_turns = 0;     ///< so many of those came first, and left a trace
    unsigned clock_looks = 0;     ///< of the thread, before those
    std::uint64_t found = 0;      ///< in the last iteration without a step, as one number
    unsigned told = 0;            ///< so many yields of loops that leave a trace

    /// Whether the thread has had no step since the yield, not even a look.
    bool is_empty() const { return yielded_at != 0 && is_new && position == 0 && !has_steps; }
    /// Whether the looks since then have found something else than those of the iteration before.
    bool has_found_new() {
        std::uint64_t all = 0;
        for (const Look& look : looks.since(0)) all = look.after(all);
        return std::exchange(found, all) != all;
    }
    /// Those that it has had. Requires: it repeats, and has had one.
    std::span<const Look> looks_in_vain() const { return looks.between(first - 1, position); }
};

}  // namespace heddle::unmodified

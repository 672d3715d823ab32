// Loops on Relacy that yield and give up. Relacy's yield is fair: every other thread takes a step before the one that yields
// goes on. So a loop that is left after some looks in vain would never be left that way.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "execution/read_modify_write.hpp"
#include "execution/words.hpp"
#include "host/digest.hpp"
#include "relacy_execution.hpp"

namespace heddle::engine::relacy {

/// A thread that yields has two ways on: to yield, or to go on in vain. Then nobody else runs while it only looks, and what
/// it sees is the latest, until it does something else: it has left the loop. A loop in which it never does waits for ever;
/// that is learnt once, and then its yields are as Relacy has them. Whoever takes a step asks is_in_vain() before.
template <int threads>
class RelacyLoops {
  public:
    explicit RelacyLoops(RelacyExecution<threads>& execution) : execution_(execution) {}

    void begin() {
        in_vain_.fill(false);
        ways_left_.fill(most_ways);
    }

    /// The running thread yields at `site`. Returns: whether it goes on at once. `learns`: called if something became known
    /// that changes all executions; does not return.
    template <class Learns>
    bool goes_on(Site site, const Learns& learns) {
        const std::size_t self = execution_.fiber_index();
        if (in_vain_[self]) {
            note_what_is_left_behind(self);
            if (++laps_[self] <= most_iterations_in_vain) return true;
            waits_.push_back({site, counts_[self]});
            learns();
        }
        if (ways_left_[self] == 0 || waits_for_ever(site)) return false;
        if (rl::ctx().rand(2, rl::sched_type_user) == 0) return false;
        --ways_left_[self];
        in_vain_[self] = true;
        laps_[self] = 0;
        return true;
    }

    bool is_in_vain() const { return in_vain_[execution_.fiber_index()]; }

    /// What a step of a thread that goes on in vain gives; nothing if the thread has left the loop, so that the step is one
    /// as any other.
    std::optional<OperationResult> look(Slot<threads>& slot, const Operation& op) {
        const rl::preemption_disabler at_once(rl::ctx());
        // After an iteration the thread knows all that it can learn here: what it looks at is no step of Relacy's any more.
        const bool knows = laps_[execution_.fiber_index()] != 0;
        const std::uint64_t latest = has_value(op.object->kind) ? slot.atomic().debug_value() : 0;
        if (op.kind == OperationKind::load)
            return OperationResult{.value = knows ? latest : slot.read_latest(op.order)};
        if (op.kind == OperationKind::try_lock && latest != 0)
            return OperationResult{.value = knows ? latest : slot.read_latest(std::memory_order_relaxed),
                                   .success = false};
        if (op.kind == OperationKind::read) return knows ? std::optional(OperationResult{}) : std::nullopt;
        const bool compares = is_compare_exchange(op.kind);
        if (compares && latest != op.expected)
            return OperationResult{.value = knows ? latest : slot.read_latest(op.failure_order), .success = false};
        if (is_read_modify_write(op.kind) && !compares &&
            modified(op.kind, op.object->size, op.value, latest) == latest) {
            if (!knows) slot.replace(latest, op.order);
            return OperationResult{.value = latest, .success = true};
        }
        in_vain_[execution_.fiber_index()] = false;
        return std::nullopt;
    }

  private:
    static constexpr unsigned most_iterations_in_vain = 10'000;
    /// How often a thread may go on in vain in one execution: enough for the bugs, and an end to loops that write.
    static constexpr unsigned most_ways = 2;

    /// A loop that is not seen to end.
    struct Wait {
        Site yield;
        bool counts;  ///< how often it goes round
    };

    bool waits_for_ever(Site site) {
        const auto found = std::find_if(waits_.begin(), waits_.end(), [&](const Wait& known) {
            return known.yield.line() == site.line() && known.yield.file_name() == site.file_name();
        });
        if (found == waits_.end()) return false;
        if (found->counts) execution_.leave_out(words::looks_too_often(most_iterations_in_vain, site));
        return true;
    }

    /// By an iteration in vain.
    void note_what_is_left_behind(std::size_t self) {
        if (laps_[self] >= iterations_asked) return;
        const std::uint64_t left = digest_of_frames() ^ execution_.shared().memory.digest();
        counts_[self] = left != std::exchange(left_behind_[self], left);
    }

    RelacyExecution<threads>& execution_;
    std::vector<Wait> waits_;  // of the program
    std::array<bool, threads> in_vain_{};
    std::array<unsigned, threads> laps_{};
    std::array<std::uint64_t, threads> left_behind_{};  // by the latest iteration, as a digest
    std::array<bool, threads> counts_{};                // whether that was another one before
    std::array<unsigned, threads> ways_left_{};
};

}  // namespace heddle::engine::relacy

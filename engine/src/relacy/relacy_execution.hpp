// An execution on Relacy's fibers.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <heddle/engine/program.hpp>

#include "execution/execution.hpp"
#include "host/internal_error.hpp"
#include "host/reused.hpp"
#include "relacy_library.hpp"
#include "relacy_translation.hpp"

namespace heddle::engine::relacy {

/// What the parts of a run have in common: who runs, and how an execution ends early. Its members may assume that the
/// calling code is on one of Relacy's fibers, whose allocations are the engine's. `threads` counts the spawned ones too.
template <int threads>
class RelacyExecution {
  public:
    explicit RelacyExecution(const Program& program) : program_(program) {}

    Execution& shared() { return execution_; }
    const Program& program() const { return program_; }

    static int fiber() { return rl::ctx().threadx_->index_; }
    static std::size_t fiber_index() { return static_cast<std::size_t>(fiber()); }

    // Relacy hands out the fibers of spawned threads from the last to the first; people count upwards.
    std::uint64_t number_of(int fiber) const {
        return static_cast<std::uint64_t>(fiber < program_.threads ? fiber : program_.threads + threads - 1 - fiber);
    }

    /// Whether there is more than one thread of control: not before and after the threads.
    bool is_concurrent() const { return concurrent_; }
    void be_concurrent(bool concurrent) { concurrent_ = concurrent; }
    /// The running thread as a counterexample numbers it.
    std::uint64_t shown_running() const { return concurrent_ ? number_of(fiber()) : Counterexample::main_thread; }

    [[noreturn]] void fail(Failure failure) {
        if (!failure.thread) failure.thread = shown_running();
        execution_.failure = std::move(failure);
        stop();
    }
    [[noreturn]] void fail(FailureKind kind, std::string_view message, Site site) {
        fail({.kind = kind, .message = std::string(message), .site = site});
    }

    /// Leaves the fiber for good; the search learns why from the failure, if there is one.
    [[noreturn]] void stop() {
        rl::ctx().fail_test("", rl::test_result_user_assert_failed, info_);
        internal_error("Relacy goes on with an execution that has failed");
    }

    /// Leaves the fiber for good, and the execution unfinished, which is no failure. `what`: is not explored.
    [[noreturn]] void cut(std::string what) {
        is_cut_ = true;
        leave_out(std::move(what));
        stop();
    }
    /// Notes what is not explored, though the execution goes on.
    void leave_out(std::string what) {
        if (std::find(cut_.begin(), cut_.end(), what) == cut_.end()) cut_.push_back(std::move(what));
    }
    /// Whether the last execution was cut; not any more.
    bool take_cut() { return std::exchange(is_cut_, false); }
    /// What was cut since forget_cuts(), in words.
    const std::vector<std::string>& cuts() const { return cut_; }
    void forget_cuts() { cut_.clear(); }

  private:
    struct InItsPlace : Execution {
        InItsPlace() : Execution(places::relacy_memory) {}
    };

    const Program& program_;
    Reused<InItsPlace> reused_;
    Execution& execution_ = *reused_;
    bool concurrent_ = false;
    bool is_cut_ = false;
    std::vector<std::string> cut_;
    rl::debug_info info_;
};

/// Relacy's side of an Object.
template <int threads>
struct Slot {
    using Atomic = rl::atomic<std::uint64_t>;

    alignas(Atomic) unsigned char storage[sizeof(Atomic)];
    rl::var_data* plain = nullptr;
    std::vector<int> waiting;                        ///< fibers that sleep on it or are about to, oldest first
    std::array<rl::timestamp_t, threads> used_at{};  ///< by fiber: when it last used the object, on its own clock
    std::optional<std::size_t> made_by;              ///< which fiber, while there were others
    rl::timestamp_t made_at = 0;                     ///< when, on the clock of that one

    Atomic& atomic() { return *std::launder(reinterpret_cast<Atomic*>(storage)); }

    /// Reads the latest store. Requires: preemption is disabled.
    std::uint64_t read_latest(std::memory_order order) {
        // Relacy's compare-exchange reads the latest store; this one cannot succeed.
        std::uint64_t expected = ~atomic().debug_value();
        atomic().compare_exchange(rl::bool_t<false>(), expected, expected, to_relacy(order), to_relacy(order), {});
        return expected;
    }

    /// Replaces the latest store by a read-modify-write. Requires: preemption is disabled.
    void replace(std::uint64_t desired, std::memory_order order) {
        std::uint64_t expected = atomic().debug_value();
        atomic().compare_exchange(rl::bool_t<false>(), expected, desired, to_relacy(order), rl::mo_relaxed, {});
    }
};

}  // namespace heddle::engine::relacy

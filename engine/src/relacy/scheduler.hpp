// Relacy's scheduler with our answers: every choice that Relacy leaves open is asked of a Choices object.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

#include <heddle/engine/engine.hpp>

#include "choices.hpp"
#include "host/processor_clock.hpp"
#include "relacy_library.hpp"

namespace heddle::engine::relacy {

/// One search through the executions of a program: its limits, and how far it got.
struct SearchControl {
    using Clock = ProcessorClock;
    static constexpr unsigned unlimited = std::numeric_limits<unsigned>::max();

    Choices* choices = nullptr;
    unsigned preemptions = unlimited;
    int dynamic_threads = 0;
    Clock::time_point give_up_at;
    std::function<void(const Progress&)> progress;
    bool ends_with_a_pass = false;

    std::uint64_t executions = 0;
    bool budget_spent = false;
    bool limited = false;  ///< the bound on preemptions has left out an execution

    /// Counts an execution. Returns: whether the search goes on.
    bool next_execution() {
        ++executions;
        if (executions % clock_period == 0) {
            if (progress) progress({.executions = executions});
            if (Clock::now() >= give_up_at) {
                budget_spent = choices->advance();
                return false;
            }
        }
        return choices->advance();
    }

  private:
    static constexpr std::uint64_t clock_period = 1024;  // about a millisecond of executions
};

/// Full and context-bound search, and any other policy that a Choices object has.
template <rl::thread_id_t threads>
class Scheduler
    : public rl::tree_search_scheduler<Scheduler<threads>, rl::context_bound_scheduler_thread_info<threads>, threads> {
    using Base = rl::tree_search_scheduler<Scheduler, rl::context_bound_scheduler_thread_info<threads>, threads>;

  public:
    using typename Base::thread_info_t;

    struct shared_context_t : Base::shared_context_t {  // NOLINT(readability-identifier-naming): Relacy asks for it
        SearchControl* control = nullptr;
    };

    Scheduler(rl::test_params& params, shared_context_t& shared, rl::thread_id_t /*of the test suite: none*/)
        : Base(params, shared, shared.control->dynamic_threads), control_(*shared.control) {}

    rl::thread_id_t iteration_begin_impl() {
        control_.choices->begin_execution();
        preemptions_left_ = control_.preemptions;
        lone_yields_ = 0;
        return this
            ->running_threads[rand_impl(static_cast<unsigned>(this->running_threads_count), rl::sched_type_sched)];
    }

    /// Relacy lets a thread that parks also yield: it would not run again, not even time out, before every other
    /// thread has taken a step. That would cut interleavings off, so only a yield of the program yields.
    rl::thread_id_t schedule(rl::unpark_reason& reason, unsigned yield) {
        const bool parks = this->thread_->state_ == rl::thread_state_blocked;
        const bool alone = this->running_threads_count == 1;
        if (!alone) lone_yields_ = 0;
        else if (!parks && yield != 0) ++lone_yields_;
        if (!parks && yield != 0 && lone_yields_ > most_lone_yields)
            if (const auto next = time_out_somebody(reason)) return *next;
        return Base::schedule(reason, parks ? 0 : yield);
    }

    bool iteration_end_impl() { return control_.ends_with_a_pass || !control_.next_execution(); }

    unsigned rand_impl(unsigned limit, rl::sched_type subject) {
        return control_.choices->choose(limit, static_cast<unsigned>(subject));
    }

    bool can_switch(thread_info_t& running) {
        const bool could =
            this->running_threads_count > 1 || this->timed_thread_count_ + this->spurious_thread_count_ != 0;
        if (preemptions_left_ == 0 && could && running.state_ == rl::thread_state_running) control_.limited = true;
        return preemptions_left_ != 0;
    }

    void on_switch(thread_info_t& from) {
        const bool preempted = from.state_ == rl::thread_state_running;
        if (preempted && preemptions_left_ != SearchControl::unlimited) --preemptions_left_;
    }

    double iteration_count_approx() { return 1; }
    void get_state_impl(std::ostream& /*out*/) {}
    void set_state_impl(std::istream& /*in*/) {}

  private:
    /// A thread that yields while all others sleep or have ended waits for one of those whose time will be out.
    static constexpr unsigned most_lone_yields = 1;

    /// Lets a wait time out. Returns: the thread that goes on; nothing if none waits with a deadline.
    std::optional<rl::thread_id_t> time_out_somebody(rl::unpark_reason& reason) {
        if (this->timed_thread_count_ == 0) return std::nullopt;
        thread_info_t& chosen =
            *this->timed_threads_[rand_impl(static_cast<unsigned>(this->timed_thread_count_), rl::sched_type_user)];
        if (chosen.block_count_ != 1) return std::nullopt;
        this->unpark_thread(chosen.index_);
        reason = rl::unpark_reason_timeout;
        this->thread_ = &chosen;
        lone_yields_ = 0;
        return chosen.index_;
    }

    SearchControl& control_;
    unsigned preemptions_left_ = 0;
    unsigned lone_yields_ = 0;
};

}  // namespace heddle::engine::relacy

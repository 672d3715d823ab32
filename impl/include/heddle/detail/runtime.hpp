// What the threads of one process share: the names and ids handed out, the live threads, the hook for failures.
#pragma once

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <heddle/detail/thread_state.hpp>
#include <heddle/except_hook.hpp>

namespace heddle::detail {

template <Platform P>
class Runtime {
  public:
    using State = ThreadState<P>;

    /// The runtime of this process; under a checker, of this execution.
    static Runtime& instance() { return P::template global<Runtime>(); }

    /// The state of the calling thread; null in one that no Thread started and that has not asked for its own.
    static State* current() noexcept { return static_cast<State*>(P::local()); }
    static void set_current(State* state) noexcept { P::local() = state; }

    /// The state of the calling thread, which is made for one that no Thread started: until its end it is listed.
    std::shared_ptr<State> current_or_adopted();

    /// The state of the main thread; listed for good.
    std::shared_ptr<State> main_state() {
        const std::scoped_lock guard(lock_);
        return listed_main_state();
    }

    /// Every live thread: the main one first, then in the order of their starts. Those inside of start() included.
    std::vector<std::shared_ptr<State>> live();

    /// "Thread-N", N a number that no other generated name has. Relaxed: the numbers only have to differ.
    std::string next_name(const char* prefix = "Thread-") {
        return prefix + std::to_string(next_name_.fetch_add(1, std::memory_order_relaxed));
    }

    // Relaxed: a setting by itself.
    std::size_t stack_bytes() const noexcept { return stack_bytes_.load(std::memory_order_relaxed); }
    std::size_t exchange_stack_bytes(std::size_t bytes) noexcept {
        return stack_bytes_.exchange(bytes, std::memory_order_relaxed);  // relaxed: a setting by itself
    }

    /// Lists a thread that is about to start.
    void add(std::shared_ptr<State> state) {
        const std::scoped_lock guard(lock_);
        live_touched_.write();
        live_.push_back(std::move(state));
    }

    /// Unlists a thread that could not be started.
    void remove(const State* state) {
        const std::scoped_lock guard(lock_);
        unlist(state);
    }

    /// The main thread enters the exit phase: who joins it need not wait any longer. It stays listed.
    void end_main_thread();

    /// Ends a thread: it is unlisted and stopped in one step, so that whoever does not find it in the list knows
    /// that it has stopped.
    void retire(const std::shared_ptr<State>& state);

    /// A live non-daemon thread other than the calling one; null if there is none.
    std::shared_ptr<State> any_non_daemon();

    void set_hook(ExceptHook hook) {
        const std::scoped_lock guard(lock_);
        hook_touched_.write();
        hook_.swap(hook);  // what it held ends with the parameter, without the lock: it may call heddle
    }

    /// Tells the hook about the exception being handled. Nothing leaves this function.
    void report_current_exception(const State& state) noexcept;

  private:
    ExceptHook hook() {
        const std::scoped_lock guard(lock_);
        hook_touched_.read();
        return hook_;
    }

    // Requires lock_.
    std::shared_ptr<State> listed_main_state();

    // Requires lock_.
    void unlist(const State* state) {
        live_touched_.write();
        live_.remove_if([state](const auto& listed) { return listed.get() == state; });
    }

    BasicLock<P> lock_;
    typename P::template atomic<std::uint64_t> next_name_{1, "Runtime.next_name"};
    typename P::template atomic<std::size_t> stack_bytes_{0, "Runtime.stack_bytes"};
    [[no_unique_address]] typename P::region live_touched_{"Runtime.live"};
    [[no_unique_address]] typename P::region hook_touched_{"Runtime.hook"};
    std::list<std::shared_ptr<State>> live_;
    ExceptHook hook_;
};

}  // namespace heddle::detail

#include <heddle/detail/runtime.inl>

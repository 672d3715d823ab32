// What the threads of one process share: the names and ids handed out, the live threads, the hook for failures.
#pragma once

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include <heddle/detail/thread_state.hpp>
#include <heddle/errors.hpp>

namespace heddle {

/// What an excepthook is told about a failed thread body.
struct ExceptHookArgs {
    std::exception_ptr exception;
    std::string thread_name;
};

/// Called in the failing thread, once, before it ends; see set_excepthook.
using ExceptHook = std::function<void(const ExceptHookArgs&)>;

/// Prints `Exception in thread NAME: WHAT` to stderr; says nothing about SystemExit.
/// Source: Python 3.13 threading.excepthook.
inline void default_excepthook(const ExceptHookArgs& args) {
    try {
        std::rethrow_exception(args.exception);
    } catch (const SystemExit&) {
    } catch (const std::exception& error) {
        std::fprintf(stderr, "Exception in thread %s: %s\n", args.thread_name.c_str(), error.what());
    } catch (...) {
        std::fprintf(stderr, "Exception in thread %s: not derived from std::exception\n", args.thread_name.c_str());
    }
}

namespace detail {

template <Platform P>
class Runtime {
  public:
    using State = ThreadState<P>;

    /// The runtime of this process; under a checker, of this execution.
    static Runtime& instance() { return P::template global<Runtime>(); }

    /// The state of the calling thread; null in one that no Thread started.
    static State* current() noexcept { return static_cast<State*>(P::local()); }
    static void set_current(State* state) noexcept { P::local() = state; }

    // Relaxed: the numbers only have to differ.
    std::uint64_t next_ident() noexcept { return next_ident_.fetch_add(1, std::memory_order_relaxed); }
    std::string next_name() { return "Thread-" + std::to_string(next_name_.fetch_add(1, std::memory_order_relaxed)); }

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

    /// Ends a thread: it is unlisted and stopped in one step, so that whoever does not find it in the list knows
    /// that it has stopped.
    void retire(const std::shared_ptr<State>& state) {
        {
            const std::scoped_lock guard(lock_);
            unlist(state.get());
            state->publish_stopped();
        }
        state->wake_waiters();
    }

    /// A live non-daemon thread other than the calling one; null if there is none.
    std::shared_ptr<State> any_non_daemon() {
        const std::scoped_lock guard(lock_);
        live_touched_.read();
        const auto found = std::find_if(live_.begin(), live_.end(),
                                        [](const auto& state) { return !state->daemon() && state.get() != current(); });
        return found == live_.end() ? nullptr : *found;
    }

    void set_hook(ExceptHook hook) {
        const std::scoped_lock guard(lock_);
        hook_touched_.write();
        hook_ = std::move(hook);
    }

    /// Tells the hook about the exception being handled. Nothing leaves this function.
    void report_current_exception(const State& state) noexcept {
        try {
            const ExceptHookArgs args{std::current_exception(), state.name()};
            const ExceptHook hook = this->hook();
            hook ? hook(args) : default_excepthook(args);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "Exception in threading.excepthook: %s\n", error.what());
        } catch (...) {
            std::fprintf(stderr, "Exception in threading.excepthook\n");
        }
    }

  private:
    ExceptHook hook() {
        const std::scoped_lock guard(lock_);
        hook_touched_.read();
        return hook_;
    }

    // Requires lock_.
    void unlist(const State* state) {
        live_touched_.write();
        live_.remove_if([state](const auto& listed) { return listed.get() == state; });
    }

    BasicLock<P> lock_;
    typename P::template atomic<std::uint64_t> next_ident_{1, "Runtime.next_ident"};
    typename P::template atomic<std::uint64_t> next_name_{1, "Runtime.next_name"};
    [[no_unique_address]] typename P::region live_touched_{"Runtime.live"};
    [[no_unique_address]] typename P::region hook_touched_{"Runtime.hook"};
    std::list<std::shared_ptr<State>> live_;
    ExceptHook hook_;
};

}  // namespace detail
}  // namespace heddle

// Thread: a thread of control built from a function, from a callable object or by subclassing.
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <heddle/detail/runtime.hpp>
#include <heddle/detail/thread_state.hpp>
#include <heddle/errors.hpp>
#include <heddle/thread_handle.hpp>

namespace heddle {

/// The optional arguments of Thread's constructors.
struct ThreadOptions {
    std::string name{};               ///< empty: a generated one, "Thread-N"
    std::optional<bool> daemon = {};  ///< nullopt: as the creating thread
};

/// One thread of control. Build it from anything callable, or derive from it and override run(); then start() it.
/// The exit of a program waits for non-daemon threads when it ends with shutdown() or an ExitGuard; daemon threads
/// die with the process, without clean-up, and may therefore only touch objects that are never destroyed.
///
/// Lifetime: dropping a Thread that runs a callable leaves the thread running, with what it needs. An object of a
/// class derived from Thread is what its run() runs on: it must outlive the thread. Either join it first, or own it
/// by a std::shared_ptr, of which the thread then holds a copy. Source: Python 3.13 threading.Thread, docs/decisions/0004-semantics.md, D15.
template <Platform P>
class BasicThread : public BasicThreadHandle<P>, public std::enable_shared_from_this<BasicThread<P>> {
  public:
    /// A thread without a callable, for classes that override run().
    explicit BasicThread(ThreadOptions options = {}) : Handle(make_state(std::move(options))) {}

    /// A thread that will call `function(args...)` on its own copies of them. Nothing runs yet.
    template <class F, class... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Args>...> &&
        (!std::derived_from<std::decay_t<F>, BasicThread>)explicit BasicThread(F&& function, Args&&... args)
        : BasicThread(ThreadOptions{}, std::forward<F>(function), std::forward<Args>(args)...) {}

    /// The same with options.
    template <class F, class... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Args>...> BasicThread(ThreadOptions options, F&& function,
                                                                                Args&&... args)
        : BasicThread(std::move(options)) {
        state().target = detail::Task::bind(std::forward<F>(function), std::forward<Args>(args)...);
    }

    BasicThread(const BasicThread&) = delete;
    BasicThread& operator=(const BasicThread&) = delete;

    virtual ~BasicThread() {
        if (runs_on_this_object_ && this->is_alive())
            P::misuse("a Thread subclass object was destroyed while its run() was still running; join it first");
    }

    /// What the thread does: calls the callable, once, and then drops it. Override it to do something else.
    virtual void run() { state().target.run_once(); }

    /// Starts the thread; returns when it runs, so that ident() is set.
    /// Requires: nothing. Returns: nothing.
    /// Errors: throws RuntimeError if it was started before (of two racing calls exactly one succeeds), or if the
    /// system has no thread to give; after the latter it may be tried again.
    /// Visibility: everything before the call happens-before run(). Source: Python 3.13 Thread.start, docs/decisions/0004-semantics.md, D19.
    void start() {
        if (!state().claim_start()) throw RuntimeError("threads can only be started once");
        try {
            launch();
        } catch (...) {
            runtime().remove(&state());
            state().abandon_start();
            throw RuntimeError("can't start new thread");
        }
        state().wait_while(State::starting, Deadline::never());
    }

  protected:
    /// Whether run() needs this very object, as the override of a derived class does.
    virtual bool runs_on_object() const { return typeid(*this) != typeid(BasicThread); }

  private:
    using Handle = BasicThreadHandle<P>;
    using Handle::runtime;
    using Handle::shared_state;
    using Handle::state;
    using typename Handle::Runtime;
    using typename Handle::State;

    static std::shared_ptr<State> make_state(ThreadOptions options) {
        const State* const creator = Runtime::current();
        const bool inherited = creator != nullptr && creator->daemon();
        if (options.name.empty()) options.name = runtime().next_name();
        return P::template make_shared<State>(std::move(options.name), options.daemon.value_or(inherited));
    }

    void launch() {
        // Only a derived class can need the object itself: its run(). Its owner is kept alive, if it is shared.
        const bool needs_object = runs_on_object();
        auto owner = needs_object ? this->weak_from_this().lock() : nullptr;
        runs_on_this_object_ = needs_object && owner == nullptr;
        BasicThread* const object = needs_object ? this : nullptr;
        runtime().add(shared_state());
        P::spawn([state = shared_state(), object, owner = std::move(owner)]() mutable { body(*state, object, owner); },
                 [state = shared_state()] { runtime().retire(state); }, runtime().stack_bytes());
    }

    static void body(State& state, BasicThread* object, std::shared_ptr<BasicThread>& owner) {
        Runtime::set_current(&state);
        state.publish_started();
        try {
            object != nullptr ? object->run() : state.target.run_once();
        } catch (...) {
            runtime().report_current_exception(state);
        }
        owner.reset();
    }

    bool runs_on_this_object_ = false;  // written by start() before the thread exists
};

/// The Thread of programs.
using Thread = BasicThread<StdPlatform>;

/// Replaces what is told about exceptions that leave a thread's body; an empty one brings the default back.
/// Requires: nothing. The hook runs in the failing thread, which still counts as alive; what it throws is printed.
/// Errors: none. Visibility: happens-before the hook's calls in threads that fail later.
/// Source: Python 3.13 threading.excepthook.
template <Platform P = StdPlatform>
void set_excepthook(ExceptHook hook) {
    detail::Runtime<P>::instance().set_hook(std::move(hook));
}

/// Waits for every non-daemon thread, those started meanwhile included; the calling thread excepted. Idempotent.
/// Call it, or hold an ExitGuard, at the end of main: nothing is joined from static destructors (docs/decisions/0004-semantics.md, D12).
/// Requires: nothing. Returns: nothing. Errors: none.
/// Visibility: the end of each such thread happens-before the return. Source: Python 3.13 threading._shutdown.
template <Platform P = StdPlatform>
void shutdown() {
    using State = detail::ThreadState<P>;
    if (P::is_main_thread()) detail::Runtime<P>::instance().end_main_thread();
    while (const auto state = detail::Runtime<P>::instance().any_non_daemon()) {
        state->wait_while(State::starting, Deadline::never());
        state->wait_while(State::started, Deadline::never());
    }
}

/// Calls shutdown() where its scope ends: `int main() { heddle::ExitGuard guard; ... }`.
class ExitGuard {
  public:
    ExitGuard() = default;
    ExitGuard(const ExitGuard&) = delete;
    ExitGuard& operator=(const ExitGuard&) = delete;
    ~ExitGuard() { shutdown(); }
};

}  // namespace heddle

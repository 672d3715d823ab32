// Thread: a thread of control built from a function, from a callable object or by subclassing.
//
// ```cpp
// int sum = 0;
// heddle::Thread adder([&](int a, int b) { sum = a + b; }, 40, 2);
// adder.start();
// adder.join();
// EXPECT_EQ(sum, 42);
// ```
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <heddle/detail/dynamic_class.hpp>
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
    static constexpr bool counts_owners = false;  ///< for checkers: whoever calls start() has an owner already

    /// Requires: nothing. Returns: a thread without a callable, for classes that override run(); nothing runs yet.
    /// Errors: std::bad_alloc. Visibility: none. Source: Python 3.13 threading.Thread.
    explicit BasicThread(ThreadOptions options = {}) : Handle(make_state(std::move(options))) {}

    /// Requires: nothing. Returns: a thread that will call `function(args...)` on its own copies of them; nothing runs yet.
    /// Errors: what copying throws; std::bad_alloc. Visibility: none. Source: Python 3.13 threading.Thread.
    template <class F, class... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Args>...> &&
        (!std::derived_from<std::decay_t<F>, BasicThread>)explicit BasicThread(F&& function, Args&&... args)
        : BasicThread(ThreadOptions{}, std::forward<F>(function), std::forward<Args>(args)...) {}

    /// As BasicThread(function, args...), with options.
    template <class F, class... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Args>...> BasicThread(ThreadOptions options, F&& function,
                                                                                Args&&... args)
        : BasicThread(std::move(options)) {
        state().target = detail::Task::bind(std::forward<F>(function), std::forward<Args>(args)...);
    }

    BasicThread(const BasicThread&) = delete;
    BasicThread& operator=(const BasicThread&) = delete;

    virtual ~BasicThread() {
        touched_.read();
        if (runs_on_this_object_ && this->is_alive())
            P::misuse("a Thread subclass object was destroyed while its run() was still running; join it first");
    }

    /// What the thread does: calls the callable, once, and then drops it. Override it to do something else. Requires:
    /// nothing. Returns: nothing. Errors: what the callable throws. Visibility: none: it is called in the thread.
    /// Source: Python 3.13 Thread.run.
    virtual void run() { state().target.run_once(); }

    /// Starts the thread; returns when it runs, so that ident() is set.
    /// Requires: nothing. Returns: nothing.
    /// Errors: throws RuntimeError if it was started before (of two racing calls exactly one succeeds), or if the
    /// system has no thread to give; after the latter it may be tried again.
    /// Visibility: everything before the call happens-before run(). Source: Python 3.13 Thread.start, docs/decisions/0004-semantics.md, D19.
    void start();

  protected:
    /// Whether run() needs this very object, as the override of a derived class does.
    virtual bool runs_on_object() const { return detail::dynamic_class(this) != own_class_; }

    /// For constructors of classes that leave run() as it is: what derives from them further may need its object.
    void needs_no_object() { own_class_ = detail::dynamic_class(this); }

  private:
    using Handle = BasicThreadHandle<P>;
    using Handle::runtime;
    using Handle::shared_state;
    using Handle::state;
    using typename Handle::Runtime;
    using typename Handle::State;

    static std::shared_ptr<State> make_state(ThreadOptions options);

    void launch();

    static void body(State& state, BasicThread* object, std::shared_ptr<BasicThread>& owner);

    const void* own_class_ = detail::dynamic_class(this);  // while it is under construction: no more than this class
    [[no_unique_address]] typename P::region touched_{"Thread.runs_on_this_object"};  // stands for the next one
    bool runs_on_this_object_ = false;  // written by start() before the thread exists
};

/// The Thread of programs.
using Thread = BasicThread<StdPlatform>;

/// Replaces what is told about exceptions that leave a thread's body; an empty one brings the default back. The hook
/// runs in the failing thread, which still counts as alive; what it throws is printed. Requires: nothing. Returns:
/// nothing. Errors: none. Visibility: happens-before the hook's calls in threads that fail later. Source: Python 3.13
/// threading.excepthook.
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

#include <heddle/thread.inl>

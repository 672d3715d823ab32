// ThreadHandle: what can be asked of a thread, and waiting for its end.
//
// ```cpp
// heddle::Thread worker([] { EXPECT_EQ(heddle::current_thread().name(), "worker"); });
// worker.set_name("worker");
// worker.start();
// worker.join();
// EXPECT_FALSE(worker.is_alive());
// ```
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <heddle/detail/runtime.hpp>
#include <heddle/detail/thread_state.hpp>
#include <heddle/errors.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// Names a thread, whoever started it; every Thread is one. Copies name the same thread and compare equal. The handle
/// may be kept after the thread has ended. Source: Python 3.13 threading.Thread, as current_thread() returns it.
template <Platform P>
class BasicThreadHandle {
  public:
    /// Waits until the thread has ended. Any number of threads may do so, any number of times. The main thread counts as
    /// ended when it enters shutdown().
    /// Requires: nothing; threads that join each other wait for ever. Returns: nothing.
    /// Errors: throws RuntimeError before start() has returned, in the thread itself, and for a thread that heddle did
    /// not start (the main one excepted).
    /// Visibility: everything the thread did, its excepthook and its thread_local destructors included,
    /// happens-before the return. Source: Python 3.13 Thread.join.
    void join() {
        refuse_join();
        state_->wait_while(State::started, Deadline::never());
    }

    /// Waits for at most `timeout`; zero and negative ones do not wait. Requires: nothing. Returns: whether the
    /// thread has ended. Errors: as join(), and OverflowError above timeout_max, ValueError for NaN. Visibility: as
    /// join(), if it has ended. Source: Python 3.13 Thread.join.
    bool join(Seconds timeout) {
        refuse_join();
        return state_->wait_while(State::started, detail::deadline_after<P>(timeout));
    }

    /// Whether the thread runs: from before start() returns until it has ended.
    /// Requires: nothing. Returns: that; once false after a start, false for good. Errors: none.
    /// Visibility: false after a start: as join(). Source: Python 3.13 Thread.is_alive.
    [[nodiscard]] bool is_alive() const noexcept { return state_->phase() == State::started; }

    /// Requires: nothing. Returns: the name, which is for people only and need not be unique. Errors: std::bad_alloc.
    /// Visibility: set_name() happens-before a return of what it set. Source: Python 3.13 Thread.name.
    [[nodiscard]] std::string name() const { return state_->name(); }
    /// Changes the name; any thread may do so at any time. Requires: nothing. Returns: nothing. Errors: none.
    /// Visibility: happens-before a name() that returns it. Source: Python 3.13 Thread.name.
    void set_name(std::string name) { state_->set_name(std::move(name)); }

    /// Requires: nothing. Returns: get_ident() of the thread, which no other thread of the process has or will have;
    /// nullopt before the start, kept after the end. The main thread has one from its first call of current_thread()
    /// on. Errors: none. Visibility: none. Source: Python 3.13 Thread.ident.
    [[nodiscard]] std::optional<std::uint64_t> ident() const noexcept { return when_started(&State::ident); }

    /// Requires: nothing. Returns: the operating system's number for the thread; nullopt as for ident(). Errors:
    /// none. Visibility: none. Source: Python 3.13 Thread.native_id.
    [[nodiscard]] std::optional<std::uint64_t> native_id() const noexcept { return when_started(&State::native_id); }

    /// Requires: nothing. Returns: whether the exit of the process does not wait for this thread. Errors: none.
    /// Visibility: none. Source: Python 3.13 Thread.daemon.
    [[nodiscard]] bool daemon() const noexcept { return state_->daemon(); }

    /// Changes daemon(). Requires: nothing. Returns: nothing. Errors: throws RuntimeError once the thread was
    /// started. Visibility: happens-before shutdown() if it happens-before start(). Source: Python 3.13
    /// Thread.daemon.
    void set_daemon(bool daemon) {
        if (state_->phase() != State::initial) throw RuntimeError("cannot set daemon status of active thread");
        state_->set_daemon(daemon);
    }

    friend bool operator==(const BasicThreadHandle& a, const BasicThreadHandle& b) noexcept {
        return a.state_ == b.state_;
    }

    template <Platform Q>
    friend BasicThreadHandle<Q> current_thread();
    template <Platform Q>
    friend BasicThreadHandle<Q> main_thread();
    template <Platform Q>
    friend std::vector<BasicThreadHandle<Q>> enumerate();

  protected:
    using State = detail::ThreadState<P>;
    using Runtime = detail::Runtime<P>;

    explicit BasicThreadHandle(std::shared_ptr<State> state) : state_(std::move(state)) {}

    static Runtime& runtime() { return Runtime::instance(); }
    State& state() const { return *state_; }
    const std::shared_ptr<State>& shared_state() const { return state_; }

  private:
    void refuse_join() const {
        const FutexWord phase = state_->phase();
        if (phase == State::initial || phase == State::starting)
            throw RuntimeError("cannot join thread before it is started");
        if (state_->origin() == State::Origin::foreign) throw RuntimeError("cannot join a dummy thread");
        // The main thread need not know itself yet.
        if (state_.get() == Runtime::current() || (state_->origin() == State::Origin::main && P::is_main_thread()))
            throw RuntimeError("cannot join current thread");
    }

    std::optional<std::uint64_t> when_started(std::uint64_t (State::*number)() const noexcept) const noexcept {
        const FutexWord phase = state_->phase();
        if (phase == State::initial || phase == State::starting) return std::nullopt;
        return (state_.get()->*number)();
    }

    std::shared_ptr<State> state_;
};

/// The ThreadHandle of programs.
using ThreadHandle = BasicThreadHandle<StdPlatform>;

/// The calling thread. In one that heddle did not start, the main one excepted, it is a dummy: named "Dummy-N", a daemon,
/// listed until the thread ends, and not to be joined. Requires: nothing. Returns: the same handle at every call in one
/// thread. Errors: std::bad_alloc at the first call in a dummy. Visibility: none. Source: Python 3.13 current_thread.
template <Platform P = StdPlatform>
[[nodiscard]] BasicThreadHandle<P> current_thread() {
    return BasicThreadHandle<P>(detail::Runtime<P>::instance().current_or_adopted());
}

/// Requires: nothing. Returns: the thread that the process began with, named "MainThread". Errors: std::bad_alloc at
/// the first call. Visibility: none. Source: Python 3.13 threading.main_thread.
template <Platform P = StdPlatform>
[[nodiscard]] BasicThreadHandle<P> main_thread() {
    return BasicThreadHandle<P>(detail::Runtime<P>::instance().main_state());
}

/// Every live thread at some instant during the call: the main thread always, daemons and dummies too, and threads
/// inside of start(). A thread that join() has returned for is not listed; one whose start() has returned and whose
/// body has not ended is. Low-level threads are listed from their first current_thread() on. Requires: nothing.
/// Returns: the main thread first, then in the order of their starts. Errors: std::bad_alloc. Visibility: the end of
/// a thread that is not listed any more happens-before the return. Source: Python 3.13 threading.enumerate.
template <Platform P = StdPlatform>
[[nodiscard]] std::vector<BasicThreadHandle<P>> enumerate() {
    std::vector<BasicThreadHandle<P>> threads;
    for (auto& state : detail::Runtime<P>::instance().live()) threads.push_back(BasicThreadHandle<P>(std::move(state)));
    return threads;
}

/// Requires: nothing. Returns: how many threads enumerate() would have listed. Errors: std::bad_alloc. Visibility: as
/// enumerate(). Source: Python 3.13 threading.active_count.
template <Platform P = StdPlatform>
[[nodiscard]] std::size_t active_count() {
    return detail::Runtime<P>::instance().live().size();
}

/// Requires: nothing. Returns: a number of the calling thread, whoever started it: never zero, and no other thread
/// has it or will have it. Errors: none. Visibility: none. Source: Python 3.13 threading.get_ident;
/// docs/decisions/0004-semantics.md, D16: it is never used again.
template <Platform P = StdPlatform>
[[nodiscard]] std::uint64_t get_ident() noexcept {
    return P::thread_id();
}

/// Requires: nothing. Returns: the operating system's number of the calling thread, unique in the system while the
/// thread lives. Errors: none. Visibility: none. Source: Python 3.13 threading.get_native_id.
template <Platform P = StdPlatform>
[[nodiscard]] std::uint64_t get_native_id() noexcept {
    return P::native_id();
}

/// The least stack that a thread can be asked to have.
inline constexpr std::size_t stack_bytes_min = 32768;

/// The stack of the threads started from now on, in bytes; zero means the system's default. Requires: nothing.
/// Returns: what was set before. Errors: throws ValueError for anything between one and stack_bytes_min; then nothing
/// has changed. (A size that the system refuses shows when a thread is started.). Visibility: none; a start() that
/// happens-after it uses what it set. Source: Python 3.13 threading.stack_size.
template <Platform P = StdPlatform>
std::size_t stack_size(std::size_t bytes = 0) {
    if (bytes != 0 && bytes < stack_bytes_min)
        throw ValueError("size not valid: " + std::to_string(bytes) + " bytes, at least 32768 are needed");
    return detail::Runtime<P>::instance().exchange_stack_bytes(bytes);
}

}  // namespace heddle

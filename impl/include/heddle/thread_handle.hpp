// ThreadHandle: what can be asked of a thread, and waiting for its end.
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

    /// The same, for at most `timeout`; zero and negative ones only look.
    /// Returns: whether the thread has ended. Errors: also OverflowError above timeout_max, ValueError for NaN.
    bool join(Seconds timeout) {
        refuse_join();
        return state_->wait_while(State::started, detail::deadline_after<P>(timeout));
    }

    /// Whether the thread runs: from before start() returns until it has ended.
    /// Requires: nothing. Returns: that; once false after a start, false for good. Errors: none.
    /// Visibility: false after a start: as join(). Source: Python 3.13 Thread.is_alive.
    [[nodiscard]] bool is_alive() const noexcept { return state_->phase() == State::started; }

    /// The name: for people only, need not be unique. Any thread may read and change it at any time.
    [[nodiscard]] std::string name() const { return state_->name(); }
    void set_name(std::string name) { state_->set_name(std::move(name)); }

    /// get_ident() of the thread, which no other thread of the process has or will have; nullopt before the start, kept
    /// after the end. The main thread has one from its first call of current_thread() on.
    [[nodiscard]] std::optional<std::uint64_t> ident() const noexcept { return when_started(&State::ident); }

    /// The operating system's number for the thread; nullopt as for ident().
    [[nodiscard]] std::optional<std::uint64_t> native_id() const noexcept { return when_started(&State::native_id); }

    /// Whether the exit of the process does not wait for this thread.
    [[nodiscard]] bool daemon() const noexcept { return state_->daemon(); }

    /// Changes daemon(). Errors: throws RuntimeError once the thread was started.
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
        if (state_.get() == Runtime::current()) throw RuntimeError("cannot join current thread");
    }

    std::optional<std::uint64_t> when_started(std::uint64_t (State::*number)() const noexcept) const noexcept {
        const FutexWord phase = state_->phase();
        if (phase == State::initial || phase == State::starting) return std::nullopt;
        const std::uint64_t known = (state_.get()->*number)();
        return known == 0 ? std::nullopt : std::optional(known);
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

/// The thread that the process began with, named "MainThread". Source: Python 3.13 threading.main_thread.
template <Platform P = StdPlatform>
[[nodiscard]] BasicThreadHandle<P> main_thread() {
    return BasicThreadHandle<P>(detail::Runtime<P>::instance().main_state());
}

/// Every live thread at some instant during the call: the main thread always, daemons and dummies too, and threads inside
/// of start(). A thread that join() has returned for is not listed; one whose start() has returned and whose body has
/// not ended is. Low-level threads are listed from their first current_thread() on.
/// Returns: the main thread first, then in the order of their starts. Errors: std::bad_alloc.
/// Source: Python 3.13 threading.enumerate.
template <Platform P = StdPlatform>
[[nodiscard]] std::vector<BasicThreadHandle<P>> enumerate() {
    std::vector<BasicThreadHandle<P>> threads;
    for (auto& state : detail::Runtime<P>::instance().live()) threads.push_back(BasicThreadHandle<P>(std::move(state)));
    return threads;
}

/// How many threads enumerate() would have listed. Source: Python 3.13 threading.active_count.
template <Platform P = StdPlatform>
[[nodiscard]] std::size_t active_count() {
    return detail::Runtime<P>::instance().live().size();
}

/// A number of the calling thread, whoever started it: never zero, and no other thread has it or will have it.
/// Requires: nothing. Errors: none. Source: Python 3.13 threading.get_ident; docs/decisions/0004-semantics.md, D16, it is never used again.
template <Platform P = StdPlatform>
[[nodiscard]] std::uint64_t get_ident() noexcept {
    return P::thread_id();
}

/// The operating system's number of the calling thread, unique in the system while the thread lives.
/// Source: Python 3.13 threading.get_native_id.
template <Platform P = StdPlatform>
[[nodiscard]] std::uint64_t get_native_id() noexcept {
    return P::native_id();
}

/// The least stack that a thread can be asked to have.
inline constexpr std::size_t stack_bytes_min = 32768;

/// The stack of the threads started from now on, in bytes; zero means the system's default.
/// Requires: nothing. Returns: what was set before.
/// Errors: throws ValueError for anything between one and stack_bytes_min; then nothing has changed. (A size that the
/// system refuses shows when a thread is started.) Source: Python 3.13 threading.stack_size.
template <Platform P = StdPlatform>
std::size_t stack_size(std::size_t bytes = 0) {
    if (bytes != 0 && bytes < stack_bytes_min)
        throw ValueError("size not valid: " + std::to_string(bytes) + " bytes, at least 32768 are needed");
    return detail::Runtime<P>::instance().exchange_stack_bytes(bytes);
}

}  // namespace heddle

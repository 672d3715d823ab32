// Barrier: a fixed number of threads wait for each other.
//
// ```cpp
// heddle::Barrier barrier(2);
// heddle::Thread other([&] { barrier.wait(); });
// other.start();
// EXPECT_LT(barrier.wait(), 2);  // both have arrived
// other.join();
// ```
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include <heddle/detail/late_wakes.hpp>
#include <heddle/detail/wait_list.hpp>
#include <heddle/errors.hpp>
#include <heddle/lock.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// Lets `parties` threads wait until all of them have arrived, again and again. If one gives up, all of them learn.
/// A thread that was let go has succeeded, whatever happens to the barrier before it returns (docs/decisions/0004-semantics.md, D13).
/// It may be destroyed in any state, but not during a call by another thread. Source: Python 3.13 threading.Barrier.
template <Platform P>
class BasicBarrier {
  public:
    using Action = std::function<void()>;

    /// `timeout` is that of wait() where none is given. Requires: `action`, which the thread that arrives last calls
    /// before any is let go, does not throw what the others should not notice, and of the barrier asks only
    /// parties(), n_waiting() and broken(). Returns: a barrier for `parties` threads. Errors: throws ValueError if
    /// `parties` is less than one. Visibility: none. Source: Python 3.13 threading.Barrier.
    explicit BasicBarrier(std::ptrdiff_t parties, Action action = {}, std::optional<Seconds> timeout = std::nullopt)
        : parties_(checked(parties)), action_(std::move(action)), timeout_(timeout) {}
    BasicBarrier(const BasicBarrier&) = delete;
    BasicBarrier& operator=(const BasicBarrier&) = delete;

    /// Waits until all parties have arrived, for at most `timeout`, or the constructor's; zero and negative ones break
    /// the barrier unless this thread is the last.
    /// Requires: nothing. Returns: a number from 0 to parties() - 1, different for each of the threads let go together.
    /// Errors: throws BrokenBarrierError if the barrier is, or while waiting becomes, broken, or is reset; its own
    /// time-out breaks it. What the action throws leaves this call in the last thread, and breaks the barrier.
    /// OverflowError above timeout_max and ValueError for NaN, if it would have to wait; then the barrier is as before.
    /// RuntimeError if the action calls it (docs/decisions/0004-semantics.md, D8).
    /// Visibility: the arrivals of all happen-before the action, and that happens-before every return.
    /// Source: Python 3.13 Barrier.wait.
    std::ptrdiff_t wait(std::optional<Seconds> timeout = std::nullopt);

    /// Makes the barrier as new. Threads that wait get BrokenBarrierError. Requires: nothing. Returns: nothing.
    /// Errors: RuntimeError if the action calls it. Visibility: happens-before the BrokenBarrierError that it causes.
    /// Source: Python 3.13 Barrier.reset.
    void reset();

    /// Breaks the barrier: threads that wait, now or later, get BrokenBarrierError, until a reset(). Requires:
    /// nothing. Returns: nothing. Errors: RuntimeError if the action calls it. Visibility: happens-before the
    /// BrokenBarrierError that it causes. Source: Python 3.13 Barrier.abort.
    void abort();

    /// Requires: nothing. Returns: how many threads the barrier waits for. Errors: none. Visibility: none. Source:
    /// Python 3.13 Barrier.parties.
    [[nodiscard]] std::ptrdiff_t parties() const noexcept { return parties_; }

    /// Requires: nothing. Returns: how many threads wait at some instant during the call; inside of the action all
    /// but one. Errors: none. Visibility: none. Source: Python 3.13 Barrier.n_waiting.
    [[nodiscard]] std::ptrdiff_t n_waiting() const noexcept {
        // Relaxed: a snapshot for those outside; inside, lock_ orders it.
        return waiting_.load(std::memory_order_relaxed);
    }

    /// Requires: nothing. Returns: whether the barrier is broken at some instant during the call. Errors: none.
    /// Visibility: none. Source: Python 3.13 Barrier.broken.
    [[nodiscard]] bool broken() const noexcept {
        return broken_.load(std::memory_order_relaxed);  // relaxed: as n_waiting()
    }

  private:
    using List = detail::WaitList<P>;
    using Wakes = detail::LateWakes<P, 16>;  // a barrier for more wakes some of them with the lock held

    // What a waiting thread is chosen for.
    static constexpr FutexWord tripped = 1;
    static constexpr FutexWord broken_up = 2;

    static std::ptrdiff_t checked(std::ptrdiff_t parties) {
        if (parties < 1) throw ValueError("parties must be > 0");
        return parties;
    }

    void refuse_in_action() const {
        // Relaxed: nobody else ever writes this thread's id.
        if (acting_.load(std::memory_order_relaxed) == P::thread_id())
            throw RuntimeError("the action of a barrier must not call wait, reset or abort");
    }

    // What follows requires lock_.

    void trip(Wakes& wakes);

    void act();

    void break_up(Wakes& wakes) {
        broken_.store(true, std::memory_order_relaxed);  // relaxed: see broken()
        let_go(broken_up, wakes);
    }

    void let_go(FutexWord outcome, Wakes& wakes) {
        while (!waiters_.empty()) {
            if (const auto sleeper = waiters_.choose_first(outcome)) wakes.add(*sleeper);
        }
        waiting_.store(0, std::memory_order_relaxed);  // relaxed: see n_waiting()
    }

    void wait_for_others(std::unique_lock<BasicLock<P>>& guard, Deadline deadline, Wakes& wakes);

    static constexpr std::uint64_t nobody = 0;  // no thread has this id

    const std::ptrdiff_t parties_;
    const Action action_;
    const std::optional<Seconds> timeout_;
    mutable BasicLock<P> lock_;
    List waiters_{"Barrier.waiters"};
    typename P::template atomic<std::ptrdiff_t> waiting_{0, "Barrier.waiting"};
    typename P::template atomic<bool> broken_{false, "Barrier.broken"};
    typename P::template atomic<std::uint64_t> acting_{nobody, "Barrier.acting"};
};

/// The Barrier of programs.
using Barrier = BasicBarrier<StdPlatform>;

}  // namespace heddle

#include <heddle/barrier.inl>

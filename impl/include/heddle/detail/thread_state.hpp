// What a Thread object and the thread that it started share.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <heddle/detail/task.hpp>
#include <heddle/lock.hpp>

namespace heddle::detail {

/// Outlives both the Thread object and the thread: each holds a reference.
template <Platform P>
class ThreadState : public std::enable_shared_from_this<ThreadState<P>> {
  public:
    // phase      set by                                    next
    // initial    the constructor; a failed start           starting
    // starting   the one start() that wins                 started, or initial if no thread could be created
    // started    the new thread, once its ids are set      stopped
    // stopped    the new thread, as its last action        -
    static constexpr FutexWord initial = 0;
    static constexpr FutexWord starting = 1;
    static constexpr FutexWord started = 2;
    static constexpr FutexWord stopped = 3;

    static constexpr bool counts_owners = false;  // for checkers: who asks for it owns it, since it is its own thread's

    /// Whose thread it is: one that start() made, the one that the process began with, or somebody else's.
    enum class Origin : std::uint8_t { started_here, main, foreign };

    ThreadState(std::string name, bool daemon, Origin origin = Origin::started_here)
        : origin_(origin), daemon_(daemon, "Thread.daemon"), name_(std::move(name)) {}

    Origin origin() const noexcept { return origin_; }

    /// Acquire: synchronizes-with the releases in enter and publish_stopped, so that everything that the thread did before it
    /// entered the phase happens-before the return.
    FutexWord phase() const noexcept { return phase_.load(std::memory_order_acquire); }

    /// Whether the caller is the one that may start the thread.
    bool claim_start() noexcept {
        FutexWord expected = initial;
        // Acquire on success: synchronizes-with the release in abandon_start, whose caller gave the thread back.
        // Relaxed on failure: somebody else starts it, nothing is read.
        return phase_.compare_exchange_strong(expected, starting, std::memory_order_acquire, std::memory_order_relaxed);
    }

    /// Undoes claim_start().
    void abandon_start() noexcept { enter(initial); }

    /// Says of the main thread that it runs; any thread may be the first to ask for it.
    void publish_main() noexcept { publish(P::main_thread_id, P::main_native_id()); }

    /// The thread says that it runs.
    void publish_started() noexcept { publish(P::thread_id(), P::native_id()); }

    /// The thread says that it is over. Waking is left to the caller, who may hold a lock meanwhile.
    void publish_stopped() noexcept {
        // Release: synchronizes-with the acquire in phase(), through which join and is_alive learn of the end.
        phase_.store(stopped, std::memory_order_release);
    }
    void wake_waiters() noexcept { P::wake_all(phase_); }

    /// Waits while the phase is `old`. Returns: false if the deadline passed first.
    bool wait_while(FutexWord old, Deadline deadline) {
        while (phase() == old) {
            if (P::wait(phase_, old, deadline) == WaitResult::timed_out) return phase() != old;
        }
        return true;
    }

    /// Zero until the thread runs. Relaxed: see publish().
    std::uint64_t ident() const noexcept { return ident_.load(std::memory_order_relaxed); }
    std::uint64_t native_id() const noexcept { return native_id_.load(std::memory_order_relaxed); }

    // Relaxed: a flag by itself; start() publishes it to shutdown() through the registry's lock.
    bool daemon() const noexcept { return daemon_.load(std::memory_order_relaxed); }
    void set_daemon(bool daemon) noexcept { daemon_.store(daemon, std::memory_order_relaxed); }

    std::string name() const {
        const std::scoped_lock guard(name_lock_);
        name_touched_.read();
        return name_;
    }
    void set_name(std::string name) {
        const std::scoped_lock guard(name_lock_);
        name_touched_.write();
        name_.swap(name);
    }

    /// The function to run; used by the constructor and by run() only, which start() orders.
    Task target;

  private:
    void publish(std::uint64_t ident, std::uint64_t native_id) noexcept {
        // Relaxed: whoever reads an id has seen `started` first, which enter() publishes with release.
        ident_.store(ident, std::memory_order_relaxed);
        native_id_.store(native_id, std::memory_order_relaxed);
        enter(started);
    }

    void enter(FutexWord phase) noexcept {
        // Release: synchronizes-with the acquire in phase().
        phase_.store(phase, std::memory_order_release);
        P::wake_all(phase_);
    }

    const Origin origin_;
    typename P::template atomic<FutexWord> phase_{initial, "Thread.phase"};
    typename P::template atomic<std::uint64_t> ident_{0, "Thread.ident"};
    typename P::template atomic<std::uint64_t> native_id_{0, "Thread.native_id"};
    typename P::template atomic<bool> daemon_;
    mutable BasicLock<P> name_lock_;
    [[no_unique_address]] typename P::region name_touched_{"Thread.name"};
    std::string name_;
};

}  // namespace heddle::detail

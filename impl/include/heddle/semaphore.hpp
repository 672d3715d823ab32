// Semaphore and BoundedSemaphore: a number of permits.
//
// ```cpp
// heddle::BoundedSemaphore connections(2);
// connections.acquire();
// connections.acquire();
// EXPECT_FALSE(connections.acquire(false));
// connections.release(2);
// ```
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>

#include <heddle/errors.hpp>
#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// The most permits that a semaphore can hold.
inline constexpr std::uint32_t permits_max = std::numeric_limits<std::int32_t>::max();

/// Permits that threads take and give back; one that finds none waits. Which of several waiting threads gets a permit is
/// open, and one that does not wait may come first. It is Lockable, so std::scoped_lock works with it.
/// It may be destroyed in any state, but not during a call by another thread.
/// Source: Python 3.13 threading.Semaphore; one futex word, as in the three-state mutex of Lock.
template <Platform P>
class BasicSemaphore {
  public:
    /// Requires: nothing. Returns: a semaphore with so many permits. Errors: throws ValueError if `permits` is
    /// negative, OverflowError above permits_max. Visibility: none. Source: Python 3.13 threading.Semaphore.
    explicit BasicSemaphore(std::int64_t permits = 1) : permits_(checked(permits), "Semaphore.permits") {}
    BasicSemaphore(const BasicSemaphore&) = delete;
    BasicSemaphore& operator=(const BasicSemaphore&) = delete;

    /// Takes a permit; waits for one if `blocking`, for at most `timeout` (nullopt: for ever; zero and negative ones
    /// mean one try). Requires: nothing. Returns: whether a permit was taken; on false nothing has changed.
    /// Errors: throws ValueError if a time-out is given although not `blocking`, or is NaN; OverflowError above
    /// timeout_max if it would have to wait.
    /// Visibility: the release() of the permit, and all earlier ones, happen-before a return of true.
    /// Source: Python 3.13 Semaphore.acquire.
    bool acquire(bool blocking = true, const std::optional<Seconds>& timeout = std::nullopt);

    /// Gives `n` permits back, or makes new ones, and lets as many waiting threads proceed.
    /// Requires: nothing; the caller need not have taken any. Returns: nothing.
    /// Errors: throws ValueError if `n` is less than one, OverflowError if there would be more than permits_max; then
    /// nothing has changed. Visibility: happens-before every acquire of these permits and of later ones.
    /// Source: Python 3.13 Semaphore.release.
    void release(std::int64_t n = 1) { release_up_to(permits_max, n, &throw_too_many); }

    /// Requires: nothing. Returns: how many permits there are at some instant during the call. Errors: none.
    /// Visibility: none. Source: Python 3.13 Semaphore._value.
    [[nodiscard]] std::uint32_t value() const noexcept {
        return count(permits_.load(std::memory_order_relaxed));  // relaxed: a snapshot that promises no order
    }

    /// As acquire(false), under the name that the standard library expects.
    [[nodiscard]] bool try_lock() noexcept;
    /// As acquire(), under the name that the standard library expects.
    void lock() { acquire(); }
    /// As release(), under the name that the standard library expects.
    void unlock() { release(); }

  protected:
    // All or nothing. `refuse` throws what says that there would be more than `most`.
    void release_up_to(std::uint32_t most, std::int64_t n, void (*refuse)());

  private:
    // permits_               set by                              means
    // 0                      take, or acquire_contended that     none left
    //                        has not slept, with the last permit
    // 1 to permits_max       release                             so many
    // none_contended         acquire_contended, before it        none left, and somebody may be asleep
    //                        sleeps, and later with the last
    //                        permit
    // Somebody may also be asleep while there are permits: the thread that the release has woken wakes the next one.
    static constexpr FutexWord none_contended = ~FutexWord{0};
    static constexpr FutexWord count(FutexWord word) { return word == none_contended ? 0 : word; }

    static FutexWord checked(std::int64_t permits) {
        if (permits < 0) throw ValueError("semaphore initial value must be >= 0");
        if (permits > static_cast<std::int64_t>(permits_max)) throw_too_many();
        return static_cast<FutexWord>(permits);
    }
    [[noreturn]] static void throw_too_many() { throw OverflowError("a semaphore holds at most 2147483647 permits"); }

    // Takes a permit, if there is one. Returns: whether it did; if not, `now` is the word without one that it has seen.
    bool take(FutexWord& now) noexcept;

    // Called when `now`, the word as it was seen, had no permits. A thread that has slept cannot know whether others still sleep:
    // it leaves none_contended behind, or, if permits are left, wakes the next one. One that has not leaves that to whom the
    // release has woken. After the deadline there is one more try: what was released in time is not refused.
    [[gnu::noinline]] bool acquire_contended(FutexWord now, Deadline deadline);

    typename P::template atomic<FutexWord> permits_;
};

/// A semaphore whose permits never outnumber those it began with: a release too many is an error.
/// Source: Python 3.13 threading.BoundedSemaphore.
template <Platform P>
class BasicBoundedSemaphore : public BasicSemaphore<P> {
  public:
    /// Requires: nothing. Returns: a semaphore that never has more than so many permits. Errors: as Semaphore.
    /// Visibility: none. Source: Python 3.13 threading.BoundedSemaphore.
    explicit BasicBoundedSemaphore(std::int64_t permits = 1)
        : BasicSemaphore<P>(permits), most_(static_cast<std::uint32_t>(permits)) {}

    /// Gives `n` permits back, and lets as many waiting threads proceed. Requires: nothing; the caller need not have
    /// taken any. Returns: nothing. Errors: throws ValueError if `n` is less than one or there would be more permits
    /// than in the beginning; then nothing has changed. Visibility: happens-before every acquire of these permits and
    /// of later ones. Source: Python 3.13 BoundedSemaphore.release.
    void release(std::int64_t n = 1) {
        this->release_up_to(most_, n, [] { throw ValueError("Semaphore released too many times"); });
    }
    /// As release(), under the name that the standard library expects.
    void unlock() { release(); }

  private:
    const std::uint32_t most_;
};

/// The semaphores of programs.
using Semaphore = BasicSemaphore<StdPlatform>;
using BoundedSemaphore = BasicBoundedSemaphore<StdPlatform>;

}  // namespace heddle

#include <heddle/semaphore.inl>

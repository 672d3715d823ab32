// The mutexes of the standard library but std::mutex, under a checker.
#pragma once

#include <chrono>
#include <cstdint>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/checker/mutex.hpp>
#include <heddle/platform/deadline.hpp>

namespace heddle::checker::detail {

/// std::timed_mutex: one step, as std::mutex is. Time-outs are choices.
class CheckedTimedMutex : public CheckedMutex {
  public:
    explicit CheckedTimedMutex(const char* name = "timed_mutex", Site site = Site::current())
        : CheckedMutex(name, site) {}

    template <class Rep, class Period>
    bool try_lock_for(std::chrono::duration<Rep, Period> timeout, Site site = Site::current()) {
        return lock_before(Deadline::after(CheckingPlatform::now(), timeout), site);
    }
    template <class Clock, class Duration>
    bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when, Site site = Site::current()) {
        return lock_before(deadline_at(when), site);
    }
};

/// std::recursive_mutex or std::recursive_timed_mutex, made of a `Mutex`: only the outermost lock and unlock are steps.
template <class Mutex>
class CheckedRecursive : private Mutex {
  public:
    explicit CheckedRecursive(const char* name = "recursive_mutex", Site site = Site::current()) : Mutex(name, site) {}

    void lock(Site site = Site::current()) {
        enter([&] {
            Mutex::lock(site);
            return true;
        });
    }
    bool try_lock(Site site = Site::current()) {
        return enter([&] { return Mutex::try_lock(site); });
    }
    template <class Rep, class Period>
    bool try_lock_for(std::chrono::duration<Rep, Period> timeout, Site site = Site::current()) {
        return enter([&] { return Mutex::try_lock_for(timeout, site); });
    }
    template <class Clock, class Duration>
    bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when, Site site = Site::current()) {
        return enter([&] { return Mutex::try_lock_until(when, site); });
    }
    void unlock(Site site = Site::current()) {
        if (this->is_held_here() && --depth_ != 0) return;
        Mutex::unlock(site);
    }

  private:
    template <class Lock>
    bool enter(const Lock& lock) {
        const bool entered = this->is_held_here() || lock();
        if (entered) ++depth_;
        return entered;
    }

    std::uint64_t depth_ = 0;  // changes only while the mutex is held
};

/// std::shared_mutex and std::shared_timed_mutex on platform `P`. Who unlocks synchronizes with who locks next, in either
/// mode; as in C libraries, so does a thread that gives up a shared lock with one that takes a shared lock afterwards.
///
/// | word   | means                                       |
/// |--------|---------------------------------------------|
/// | 0      | free                                        |
/// | writer | locked by one thread                        |
/// | else   | how many threads have a shared lock         |
template <class P>
class CheckedSharedMutex {
  public:
    explicit CheckedSharedMutex(const char* name = "shared_mutex", Site site = Site::current())
        : word_(0, name, site) {}
    CheckedSharedMutex(const CheckedSharedMutex&) = delete;
    CheckedSharedMutex& operator=(const CheckedSharedMutex&) = delete;
    ~CheckedSharedMutex() {
        if (held_ != 0 && Run::current() != nullptr)
            CheckingPlatform::misuse("a shared_mutex is destroyed while a thread holds it", Site{});
    }

    void lock(Site site = Site::current()) { lock_before(Deadline::never(), site); }
    bool try_lock(Site site = Site::current()) {
        FutexWord seen = 0;
        const bool taken = take(seen, writer, site);
        if (!taken) back_off(site);
        return taken;
    }
    template <class Rep, class Period>
    bool try_lock_for(std::chrono::duration<Rep, Period> timeout, Site site = Site::current()) {
        return lock_before(Deadline::after(CheckingPlatform::now(), timeout), site);
    }
    template <class Clock, class Duration>
    bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when, Site site = Site::current()) {
        return lock_before(deadline_at(when), site);
    }
    void unlock(Site site = Site::current()) {
        if (writer_ != self()) CheckingPlatform::misuse("a thread unlocks a shared_mutex that it has not locked", site);
        writer_ = nobody;
        let_go();
        word_.store(0, std::memory_order_release, site);  // synchronizes with the acquires in take()
        P::wake_all(word_, site);
    }

    void lock_shared(Site site = Site::current()) { lock_shared_before(Deadline::never(), site); }
    bool try_lock_shared(Site site = Site::current()) {
        FutexWord seen = 0;
        while (!take(seen, seen + 1, site))
            if (seen == writer) return back_off(site), false;
        return true;
    }
    template <class Rep, class Period>
    bool try_lock_shared_for(std::chrono::duration<Rep, Period> timeout, Site site = Site::current()) {
        return lock_shared_before(Deadline::after(CheckingPlatform::now(), timeout), site);
    }
    template <class Clock, class Duration>
    bool try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& when, Site site = Site::current()) {
        return lock_shared_before(deadline_at(when), site);
    }
    void unlock_shared(Site site = Site::current()) {
        if ((readers_ & own_bit()) == 0)
            CheckingPlatform::misuse("a thread gives up a shared lock that it does not hold", site);
        readers_ &= ~own_bit();
        let_go();
        // Release: synchronizes with the acquires in take().
        if (word_.fetch_sub(1, std::memory_order_release, site) == 1) P::wake_all(word_, site);
    }

  private:
    static constexpr FutexWord writer = ~FutexWord{0};
    static constexpr std::uint64_t nobody = ~std::uint64_t{0};

    static std::uint64_t self() { return Run::require("a shared_mutex").thread_index(); }
    static std::uint64_t own_bit() { return std::uint64_t{1} << self(); }  // engines that check have 15 threads at most

    /// Exchanges what was `seen`, or sees something else.
    bool take(FutexWord& seen, FutexWord desired, Site site) {
        // Acquire: synchronizes with the releases in unlock() and unlock_shared(). Relaxed: nothing follows from a failure.
        if (!word_.compare_exchange_strong(seen, desired, std::memory_order_acquire, std::memory_order_relaxed, site))
            return false;
        if (desired == writer) {
            writer_ = self();
        } else {
            if ((readers_ & own_bit()) != 0)
                CheckingPlatform::misuse("a thread takes a shared lock that it holds already", site);
            readers_ |= own_bit();
        }
        ++held_;
        ++ThreadLocals::of_this_thread("a shared_mutex").held;
        return true;
    }
    void let_go() {
        --held_;
        --ThreadLocals::of_this_thread("a shared_mutex").held;
    }

    bool lock_before(Deadline deadline, Site site) {
        for (FutexWord seen = 0; !take(seen, writer, site); seen = 0)
            if (P::wait(word_, seen, deadline, site) == WaitResult::timed_out) return false;
        return true;
    }
    bool lock_shared_before(Deadline deadline, Site site) {
        for (FutexWord seen = 0; !take(seen, seen + 1, site);) {
            if (seen != writer) continue;
            if (P::wait(word_, seen, deadline, site) == WaitResult::timed_out) return false;
            seen = 0;
        }
        return true;
    }

    typename P::template atomic<FutexWord> word_;
    std::uint64_t writer_ = nobody;  // who holds it alone; changes only while it is held so
    std::uint64_t readers_ = 0;      // a bit of each thread that has a shared lock
    std::uint64_t held_ = 0;         // by how many
};

}  // namespace heddle::checker::detail

// Semaphore and BoundedSemaphore: permits.
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/semaphore.hpp>

#include "two_steps.hpp"

namespace heddle::models {

template <Platform P, int thread_count = 2, class AnySemaphore = BasicSemaphore<P>>
struct OnePermit {
    static constexpr auto claim = "a Semaphore of one permit excludes, and publishes what its holders wrote";
    static constexpr auto invariants = "INV-S-NONNEG HB-SEM";
    static constexpr int threads = thread_count;
    static constexpr unsigned spurious_wakeups = 0;
    AnySemaphore semaphore{1};
    typename P::template plain<int> count{0, "count"};

    void thread(int) {
        semaphore.acquire();
        count.write(count.read() + 1);
        semaphore.release();
    }
    void after() { check(count.read() == threads, "every thread has counted"); }
};

template <Platform P>
struct SemaphoreExcludes : OnePermit<P> {
    static constexpr auto invariants = "INV-S-NONNEG INV-S-CONSERVE HB-SEM";
    static constexpr unsigned spurious_wakeups = 1;
    void after() {
        OnePermit<P>::after();
        check(this->semaphore.value() == 1, "the semaphore says so");
        check(this->semaphore.acquire(false) && !this->semaphore.acquire(false), "one permit is left");
    }
};
HEDDLE_MODEL(SemaphoreExcludes);

template <Platform P>
struct SemaphoreTakenInTwoSteps : OnePermit<P, 2, TakenInTwoSteps<P>> {
    static constexpr auto breaks = "INV-S-NONNEG";
    static constexpr auto fails_at = "count";
};
HEDDLE_BROKEN_MODEL(SemaphoreTakenInTwoSteps, failure::data_race);

template <Platform>
struct SemaphoreReleasedRelaxed : OnePermit<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "HB-SEM";
    static constexpr auto fails_at = "count";
};
HEDDLE_BROKEN_MODEL(SemaphoreReleasedRelaxed, failure::data_race);

// The largest that the exhaustive engine finishes within twenty seconds.
template <Platform P>
struct ThreeForOnePermit : OnePermit<P, 3> {
    static constexpr int alike = 3;
    static constexpr auto search = checker::context_bound(2);
};
template <Platform P>
struct SemaphoreExcludesThree : ThreeForOnePermit<P> {};
HEDDLE_MODEL(SemaphoreExcludesThree);

template <Platform>
struct SemaphoreForThreeReleasedRelaxed : ThreeForOnePermit<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "HB-SEM";
    static constexpr auto fails_at = "count";
};
HEDDLE_BROKEN_MODEL(SemaphoreForThreeReleasedRelaxed, failure::data_race);

// Two sleepers, two permits, released one by one: the second release finds a permit and wakes nobody.
template <Platform P, class AnySemaphore = BasicSemaphore<P>>
struct TwoAcquirers {
    static constexpr auto claim = "two permits released one by one let two waiting threads go on";
    static constexpr auto invariants = "INV-S-WAKEN INV-S-CONSERVE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    AnySemaphore semaphore{0};

    void thread(int index) {
        if (index != 0) {
            semaphore.acquire();
            return;
        }
        semaphore.release();
        semaphore.release();
    }
    void after() { check(!semaphore.acquire(false), "both permits were taken"); }
};

template <Platform P>
struct SemaphoreWakesOneByOne : TwoAcquirers<P> {};
HEDDLE_MODEL(SemaphoreWakesOneByOne);

// Who was woken takes its permit and forgets that another may be waiting for the next.
template <Platform P>
class WakesNoSuccessor {
  public:
    explicit WakesNoSuccessor(FutexWord permits) : permits_(permits, "Semaphore.permits") {}
    bool acquire(bool blocking = true) {
        for (;;) {
            FutexWord now = permits_.load(std::memory_order_relaxed);  // relaxed: as in Semaphore
            if (now != 0 && now != contended) {
                // Acquire on success, relaxed on failure: as in Semaphore.
                if (permits_.compare_exchange_strong(now, now == 1 ? contended : now - 1, std::memory_order_acquire,
                                                     std::memory_order_relaxed))
                    return true;
                continue;
            }
            if (!blocking) return false;
            // Relaxed: as in Semaphore.
            if (now == 0 &&
                !permits_.compare_exchange_strong(now, contended, std::memory_order_relaxed, std::memory_order_relaxed))
                continue;
            P::wait(permits_, contended, Deadline::never());
        }
    }
    void release() {
        FutexWord now = permits_.load(std::memory_order_relaxed);  // relaxed: as in Semaphore
        // Release on success, relaxed on failure: as in Semaphore.
        while (!permits_.compare_exchange_strong(now, now == contended ? 1 : now + 1, std::memory_order_release,
                                                 std::memory_order_relaxed)) {
        }
        if (now == contended) P::wake_one(permits_);
    }

  private:
    static constexpr FutexWord contended = ~FutexWord{0};
    typename P::template atomic<FutexWord> permits_;
};
template <Platform P>
struct SemaphoreForgetsTheSecond : TwoAcquirers<P, WakesNoSuccessor<P>> {
    static constexpr auto breaks = "INV-S-WAKEN";
    static constexpr auto fails_at = "Semaphore.permits";
};
HEDDLE_BROKEN_MODEL(SemaphoreForgetsTheSecond, failure::deadlock);

template <Platform P, class AnySemaphore = BasicSemaphore<P>>
struct ReleaseOfTwo {
    static constexpr auto claim = "release(2) lets two waiting threads go on";
    static constexpr auto invariants = "INV-S-WAKEN";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    AnySemaphore semaphore{0};

    void thread(int index) {
        if (index == 0) semaphore.release(2);
        else semaphore.acquire();
    }
    void after() { check(!semaphore.acquire(false), "both permits were taken"); }
};

template <Platform P>
struct SemaphoreReleasesTwo : ReleaseOfTwo<P> {};
HEDDLE_MODEL(SemaphoreReleasesTwo);

template <Platform>
struct SemaphoreWakesNobody : ReleaseOfTwo<checker::WakeOneDropped> {
    static constexpr auto breaks = "INV-S-WAKEN";
    static constexpr auto fails_at = "Semaphore.permits";
};
HEDDLE_BROKEN_MODEL(SemaphoreWakesNobody, failure::deadlock);

template <Platform P, class AnySemaphore = BasicSemaphore<P>>
struct TimedAcquireOfPermits {
    static constexpr auto claim = "an acquire that times out takes no permit, and no other thread is left waiting";
    static constexpr auto invariants = "INV-TO-NOEFFECT INV-TO-LAST-LOOK INV-S-CONSERVE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    AnySemaphore semaphore{0};
    typename P::template plain<bool> in_time{false, "in_time"};

    void thread(int index) {
        if (index == 0) {
            semaphore.release();
        } else if (index == 1) {
            if (semaphore.acquire(true, Seconds(1))) semaphore.release();
        } else {
            semaphore.acquire();
        }
    }
    void after() { check(!semaphore.acquire(false), "the permit was taken once"); }
};

template <Platform P>
struct SemaphoreTimesOutCleanly : TimedAcquireOfPermits<P> {};
HEDDLE_MODEL(SemaphoreTimesOutCleanly);

template <Platform P>
struct TakesByTimeout : BasicSemaphore<P> {
    using BasicSemaphore<P>::BasicSemaphore;
    bool acquire(bool blocking = true, std::optional<Seconds> timeout = std::nullopt) {
        return BasicSemaphore<P>::acquire(blocking, timeout) || blocking;
    }
};
template <Platform P>
struct SemaphoreTakenByTimeout : TimedAcquireOfPermits<P, TakesByTimeout<P>> {
    static constexpr auto breaks = "INV-TO-NOEFFECT INV-S-CONSERVE";
    static constexpr auto fails_at = "the permit was taken once";
};
HEDDLE_BROKEN_MODEL(SemaphoreTakenByTimeout, failure::assertion);

template <Platform P, class AnySemaphore = BasicBoundedSemaphore<P>>
struct TooManyReleases {
    static constexpr auto claim = "of two releases of a BoundedSemaphore with room for one exactly one is refused";
    static constexpr auto invariants = "INV-S-BOUND INV-EXC";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnySemaphore semaphore{2};
    typename P::template atomic<int> refused{0, "refused"};

    TooManyReleases() { semaphore.acquire(); }
    void thread(int) {
        try {
            semaphore.release();
        } catch (const ValueError&) {
            refused.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() {
        check(refused.load(std::memory_order_relaxed) == 1, "exactly one release is refused");
        check(semaphore.acquire(false) && semaphore.acquire(false) && !semaphore.acquire(false), "two permits");
    }
};

template <Platform P>
struct BoundedSemaphoreKeepsItsBound : TooManyReleases<P> {};
HEDDLE_MODEL(BoundedSemaphoreKeepsItsBound);

// Looks first and releases afterwards.
template <Platform P>
class ChecksTooEarly : public BasicSemaphore<P> {
  public:
    explicit ChecksTooEarly(std::int64_t permits) : BasicSemaphore<P>(permits), left_(static_cast<int>(permits)) {}
    bool acquire(bool blocking = true) {
        const bool taken = BasicSemaphore<P>::acquire(blocking);
        if (taken) left_.fetch_sub(1, std::memory_order_relaxed);  // relaxed: the mistake is elsewhere
        return taken;
    }
    void release() {
        if (left_.load(std::memory_order_relaxed) == 2) throw ValueError("too many");  // relaxed: as above
        left_.fetch_add(1, std::memory_order_relaxed);                                 // relaxed: as above
        BasicSemaphore<P>::release();
    }

  private:
    typename P::template atomic<int> left_;
};
template <Platform P>
struct BoundedSemaphoreChecksTooEarly : TooManyReleases<P, ChecksTooEarly<P>> {
    static constexpr auto breaks = "INV-S-BOUND";
    static constexpr auto fails_at = "exactly one release is refused";
};
HEDDLE_BROKEN_MODEL(BoundedSemaphoreChecksTooEarly, failure::assertion);

}  // namespace heddle::models

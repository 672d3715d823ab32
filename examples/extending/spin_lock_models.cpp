// What must hold of the spin lock, and what happens when it does not.
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>

#include "spin_lock.hpp"

using heddle::check;
using heddle::Platform;

template <Platform P>
struct SpinLockExcludes {
    static constexpr auto claim = "two threads never hold a SpinLock at once";
    static constexpr int threads = 2;
    mine::BasicSpinLock<P> lock;
    typename P::template plain<int> inside{0, "inside"};

    void thread(int) {
        lock.lock();
        inside.write(inside.read() + 1);
        lock.unlock();
    }
    void after() { check(inside.read() == 2, "both threads were inside once"); }
};
HEDDLE_MODEL(SpinLockExcludes);

template <Platform P>
struct SpinLockTries : SpinLockExcludes<P> {
    static constexpr auto claim = "try_lock takes a SpinLock that is free, and no other";
    void thread(int) {
        if (!this->lock.try_lock()) return;
        this->inside.write(this->inside.read() + 1);
        this->lock.unlock();
    }
    void after() { check(this->inside.read() >= 1, "one of the threads found it free"); }
};
HEDDLE_MODEL(SpinLockTries);

template <Platform>
struct SpinLockReleasedRelaxed : SpinLockExcludes<heddle::checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(SpinLockReleasedRelaxed, heddle::failure::data_race);

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

template <Platform>
struct SpinLockReleasedRelaxed : SpinLockExcludes<heddle::checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(SpinLockReleasedRelaxed, heddle::failure::data_race);

// A first model: a lock that spins on a flag, and the mistake that the README explains.
#include <heddle/checker/model.hpp>

using heddle::check;
using heddle::Platform;

template <Platform P>
class FlagLock {
  public:
    void lock() {
        // Acquire: synchronizes-with the store in unlock.
        while (held_.exchange(true, std::memory_order_acquire)) P::yield();
    }
    void unlock() { held_.store(false, unlock_order); }

  private:
    static constexpr auto unlock_order = std::memory_order_relaxed;  // the mistake
    typename P::template atomic<bool> held_{false, "held"};
};

template <Platform P>
struct FlagLockExcludes {
    static constexpr auto claim = "two threads never hold a FlagLock at once";
    static constexpr int threads = 2;
    FlagLock<P> lock;
    typename P::template plain<int> inside{0, "inside"};

    void thread(int) {
        lock.lock();
        inside.write(inside.read() + 1);
        lock.unlock();
    }
    void after() { check(inside.read() == 2, "both threads were inside once"); }
};
HEDDLE_MODEL(FlagLockExcludes);

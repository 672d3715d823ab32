// The mistake that every lock is made against: to look whether it is free is one step, to take it is another.
#pragma once

#include <heddle/checker/model.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle::models {

/// A lock of two threads, or a semaphore of one permit, that both may get at once. Its holder may take it again. It never
/// stays locked: who takes it releases it.
template <Platform P>
class TakenInTwoSteps {
  public:
    explicit TakenInTwoSteps(int /*permits*/ = 1) {}
    void acquire() {
        if (level()++ != 0) return;
        // Acquire: synchronizes-with the release in release().
        while (taken_.load(std::memory_order_acquire) != 0) P::wait(taken_, 1, Deadline::never());
        taken_.store(1, std::memory_order_relaxed);  // relaxed: the mistake is that it is a step of its own
    }
    void release() {
        if (--level() != 0) return;
        taken_.store(0, std::memory_order_release);  // release: synchronizes-with the acquire in acquire()
        P::wake_all(taken_);
    }
    bool locked() const { return taken_.load(std::memory_order_relaxed) != 0; }  // relaxed: a snapshot

  private:
    int& level() { return levels_[P::thread_id() - P::main_thread_id]; }

    typename P::template atomic<FutexWord> taken_{0, "taken"};
    int levels_[2] = {0, 0};  // each of one thread only
};

}  // namespace heddle::models

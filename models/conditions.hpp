// Conditions of models: the real one over a Lock, and the naive one that mistakes are made of.
#pragma once

#include <optional>

#include <heddle/condition.hpp>

namespace heddle::models {

template <Platform P>
using OverLock = BasicCondition<P, BasicLock<P>>;

/// A futex word that every notify advances: it returns without cause now and then, releases its lock once whatever the
/// level, and does not know who has waited longest.
template <Platform P, class AnyLock>
class EpochCondition {
  public:
    explicit EpochCondition(AnyLock& lock) : lock_(lock) {}
    bool wait(std::optional<Seconds> timeout = std::nullopt) {
        const FutexWord before = epoch_.load(std::memory_order_relaxed);  // relaxed: the lock orders it
        lock_.release();
        const auto result = P::wait(epoch_, before, heddle::detail::deadline_after<P>(timeout));
        lock_.acquire();
        return result != WaitResult::timed_out;
    }
    void notify(int = 1) {
        epoch_.fetch_add(1, std::memory_order_relaxed);  // relaxed: the lock orders it
        P::wake_one(epoch_);
    }

  private:
    AnyLock& lock_;
    typename P::template atomic<FutexWord> epoch_{0, "epoch"};
};

}  // namespace heddle::models

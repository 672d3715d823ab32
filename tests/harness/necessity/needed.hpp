// Every operation here is as strong as it must be, and no stronger.
#pragma once

#include <atomic>
#include <cstdint>

#include <heddle/platform/platform.hpp>

namespace heddle::necessity {

/// A flag that one thread raises and another one waits for.
template <Platform P>
class Signal {
  public:
    void raise() {
        word_.store(1, std::memory_order_release);
        P::wake_one(word_);
    }
    void wait() {
        while (word_.load(std::memory_order_acquire) == 0) P::wait(word_, 0, Deadline::never());
    }

  private:
    typename P::template atomic<FutexWord> word_{0, "Signal.word"};
};

/// A number that several threads add to.
template <Platform P>
class Counter {
  public:
    void add() { value_.fetch_add(1, std::memory_order_relaxed); }
    int value() const { return value_.load(std::memory_order_relaxed); }

  private:
    typename P::template atomic<int> value_{0, "Counter.value"};
};

/// Of two threads that each raise a flag and look at the other's, one at least sees it.
template <Platform P>
class Pair {
  public:
    bool raise_and_look(int mine) {
        flags_[mine].store(true, std::memory_order_relaxed);
        P::fence(std::memory_order_seq_cst);
        return flags_[1 - mine].load(std::memory_order_relaxed);
    }

  private:
    typename P::template atomic<bool> flags_[2]{typename P::template atomic<bool>(false, "first"),
                                                typename P::template atomic<bool>(false, "second")};
};

}  // namespace heddle::necessity

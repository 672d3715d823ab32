// What Queue and RingQueue are both asked: a few threads that pass a few items.
#pragma once

#include <heddle/checker/model.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle::models {

/// Two producers and a consumer that gets one of their items.
template <Platform P, class AnyQueue, int maxsize>
struct TwoProducers {
    static constexpr auto claim = "two producers' items reach a consumer, each exactly once";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    AnyQueue queue{maxsize};
    typename P::template plain<int> got{0, "got"};

    void thread(int index) {
        if (index < 2) queue.put(index + 1);
        else got.write(queue.get());
    }
    void after() {
        check(got.read() + queue.get_nowait() == 3 && queue.empty(), "one item was got, the other is left");
    }
};

/// A note that is written before an item is put and read after it was got.
template <Platform P, class AnyQueue>
struct Publication {
    static constexpr auto claim = "what came before a put is seen after the get of its item";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyQueue queue;
    typename P::template plain<int> note{0, "note"};

    void thread(int index) {
        if (index == 0) {
            note.write(1);
            queue.put(1);
        } else {
            queue.get();
            check(note.read() == 1, "what came before the put is seen");
        }
    }
};

/// A queue of one with a twin's mistake: every step is relaxed, so each side sees the other's items, and nothing of what was
/// done before. Items are not zero.
template <Platform P>
class RelaxedMailbox {
  public:
    explicit RelaxedMailbox(int /*maxsize*/ = 1) {}
    void put(FutexWord item) {
        // Relaxed, here and below: the mistake of the twin.
        FutexWord now = 0;
        while (!slot_.compare_exchange_strong(now, item, std::memory_order_relaxed, std::memory_order_relaxed)) {
            P::wait(slot_, now, Deadline::never());
            now = 0;
        }
        P::wake_all(slot_);
    }
    void get() {
        // Relaxed: the mistake of the twin.
        while (slot_.exchange(0, std::memory_order_relaxed) == 0) P::wait(slot_, 0, Deadline::never());
        P::wake_all(slot_);
    }

  private:
    typename P::template atomic<FutexWord> slot_{0, "slot"};
};

/// Room for one item between two threads: both sides wait.
template <class AnyQueue, int items = 2>
struct HandOver {
    static constexpr auto claim = "through a queue for one item all items pass in order, and nobody is stuck";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyQueue queue{1};

    void thread(int index) {
        for (int item = 1; item <= items; ++item) {
            if (index == 0) queue.put(item);
            else check(queue.get() == item, "the items come in order");
        }
    }
    void after() { check(queue.empty(), "nothing is left"); }
};

}  // namespace heddle::models

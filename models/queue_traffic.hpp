// What Queue and RingQueue are both asked: a few threads that pass a few items.
#pragma once

#include <heddle/checker/model.hpp>

namespace heddle::models {

/// Two producers and a consumer that gets one of their items.
template <Platform P, class AnyQueue, int maxsize>
struct TwoProducers {
    static constexpr auto claim = "two producers' items reach a consumer, each exactly once";
    static constexpr int threads = 3;
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

/// Room for one item between two threads: both sides wait.
template <class AnyQueue, int items = 2>
struct HandOver {
    static constexpr auto claim = "through a queue for one item all items pass in order, and nobody is stuck";
    static constexpr int threads = 2;
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

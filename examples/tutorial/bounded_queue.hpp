// A queue of one's own, as anybody writes it: nothing in it knows of heddle. It has a mistake, which the tutorial finds.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

template <class T>
class BoundedQueue {
  public:
    explicit BoundedQueue(std::size_t most) : most_(most) {}

    void push(T item) {
        std::unique_lock lock(mutex_);
        not_full_.wait(lock, [&] { return items_.size() < most_; });
        items_.push_back(item);
        if (items_.size() == 1) not_empty_.notify_one();  // nobody waits while there are items
    }

    T pop() {
        std::unique_lock lock(mutex_);
        not_empty_.wait(lock, [&] { return !items_.empty(); });
        T item = items_.front();
        items_.pop_front();
        not_full_.notify_one();
        return item;
    }

  private:
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable not_full_, not_empty_;
    std::deque<T> items_;
};

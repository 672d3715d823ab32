// A library that knows nothing of heddle.
#pragma once

#include <mutex>

class Counter {
  public:
    void add();
    void add_in_a_hurry();
    int count() const { return count_; }

  private:
    std::mutex mutex_;
    int count_ = 0;
};

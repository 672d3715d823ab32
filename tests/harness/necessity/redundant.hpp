// Either of two acquires may be relaxed, but not both.
#pragma once

#include <atomic>

#include <heddle/platform/platform.hpp>

namespace heddle::necessity {

template <Platform P>
class CautiousFlag {
  public:
    void raise() { flag_.store(true, std::memory_order_release); }
    bool is_up() const {
        if (!flag_.load(std::memory_order_acquire)) return false;
        return flag_.load(std::memory_order_acquire);
    }

  private:
    typename P::template atomic<bool> flag_{false, "flag"};
};

}  // namespace heddle::necessity

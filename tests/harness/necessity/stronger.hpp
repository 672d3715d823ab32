// Stronger than it must be: release would do.
#pragma once

#include <atomic>

#include <heddle/platform/platform.hpp>

namespace heddle::necessity {

template <Platform P>
class LoudFlag {
  public:
    void raise() { flag_.store(true, std::memory_order_seq_cst); }
    bool is_up() const { return flag_.load(std::memory_order_acquire); }

  private:
    typename P::template atomic<bool> flag_{false, "flag"};
};

}  // namespace heddle::necessity

// Nobody calls lower().
#pragma once

#include <atomic>

#include <heddle/platform/platform.hpp>

namespace heddle::necessity {

template <Platform P>
class LonelyFlag {
  public:
    void raise() { flag_.store(true, std::memory_order_release); }
    bool is_up() const { return flag_.load(std::memory_order_acquire); }
    void lower() {
        flag_.exchange(false,
                       std::memory_order_acq_rel);  // a comment may say std::memory_order_seq_cst
    }

  private:
    typename P::template atomic<bool> flag_{false, "flag"};
};

}  // namespace heddle::necessity

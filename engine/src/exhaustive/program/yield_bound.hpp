// How often a thread may yield in loops that write something in each round, and may so go on for ever.
#pragma once

#include <utility>

namespace heddle::engine::exhaustive {

/// A thread that yields more often is given up, but where it does nothing but read between two yields: that is waiting.
inline constexpr unsigned most_yields_of_a_thread = 2;

/// Of one exploration. It is raised where what is cut off is looked at after all.
class YieldBound {
  public:
    unsigned most() const { return most_; }

    /// Whether a thread may yield that has done so `yields` times.
    bool allows(unsigned yields) {
        is_met_ = is_met_ || yields >= most_;
        return yields < most_;
    }

    /// Returns: whether a thread has met it, and may yield more often from now on.
    bool raise() {
        constexpr unsigned too_many = 16 * most_yields_of_a_thread;
        if (most_ >= too_many || !std::exchange(is_met_, false)) return false;
        most_ *= 4;
        return true;
    }

  private:
    unsigned most_ = most_yields_of_a_thread;
    bool is_met_ = false;
};

}  // namespace heddle::engine::exhaustive

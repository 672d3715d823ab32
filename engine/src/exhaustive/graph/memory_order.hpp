// Memory orders, and what they do.
#pragma once

#include <atomic>
#include <cstdint>

namespace heddle::engine::exhaustive {

/// std::memory_order in one byte: there are three of them in each event.
class MemoryOrder {
  public:
    constexpr MemoryOrder(std::memory_order order) : order_(static_cast<std::uint8_t>(order)) {}
    constexpr operator std::memory_order() const { return static_cast<std::memory_order>(order_); }

  private:
    std::uint8_t order_;
};

constexpr bool acquires(std::memory_order order) {
    return order == std::memory_order_acquire || order == std::memory_order_consume ||
           order == std::memory_order_acq_rel || order == std::memory_order_seq_cst;
}
constexpr bool releases(std::memory_order order) {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
}
/// Whether whatever one operation orders, another one of its kind in that order does, too.
constexpr bool is_no_weaker(std::memory_order order, std::memory_order than) {
    return (acquires(order) || !acquires(than)) && (releases(order) || !releases(than)) &&
           (order == std::memory_order_seq_cst || than != std::memory_order_seq_cst);
}

}  // namespace heddle::engine::exhaustive

#include "names.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace heddle::harness {

namespace {

using engine::ObjectKind;
using engine::OperationKind;

// In the order of the enumerations, which begin at zero.
constexpr std::array<std::string_view, 25> operations{"load",
                                                      "store",
                                                      "exchange",
                                                      "fetch_add",
                                                      "fetch_sub",
                                                      "fetch_and",
                                                      "fetch_or",
                                                      "fetch_xor",
                                                      "compare_exchange_strong",
                                                      "compare_exchange_weak",
                                                      "fence",
                                                      "read",
                                                      "write",
                                                      "destroy",
                                                      "wait",
                                                      "wake",
                                                      "spawn",
                                                      "yield",
                                                      "lock",
                                                      "try_lock",
                                                      "unlock",
                                                      "enlist",
                                                      "sleep",
                                                      "notify",
                                                      "construct"};
static_assert(operations.size() == static_cast<std::size_t>(OperationKind::construct) + 1);

constexpr std::array<std::string_view, 5> objects{"atomic", "plain", "region", "mutex", "condition"};
static_assert(objects.size() == static_cast<std::size_t>(ObjectKind::condition) + 1);

constexpr std::array<std::string_view, 6> orders{"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
static_assert(orders.size() == static_cast<std::size_t>(std::memory_order_seq_cst) + 1);

template <class Enum, std::size_t count>
Enum value_in(const std::array<std::string_view, count>& names, std::string_view name, const char* what) {
    for (std::size_t n = 0; n != count; ++n)
        if (names[n] == name) return static_cast<Enum>(n);
    throw std::invalid_argument("'" + std::string(name) + "' is no " + what);
}

}  // namespace

std::string_view name_of(OperationKind kind) { return operations[static_cast<std::size_t>(kind)]; }
std::string_view name_of(ObjectKind kind) { return objects[static_cast<std::size_t>(kind)]; }
std::string_view name_of(std::memory_order order) { return orders[static_cast<std::size_t>(order)]; }

OperationKind operation_kind_from(std::string_view name) {
    return value_in<OperationKind>(operations, name, "operation");
}
ObjectKind object_kind_from(std::string_view name) { return value_in<ObjectKind>(objects, name, "kind of object"); }
std::memory_order memory_order_from(std::string_view name) {
    return value_in<std::memory_order>(orders, name, "memory order");
}

}  // namespace heddle::harness

// The spelling of operations, orders and objects in reports and JSON.
#pragma once

#include <atomic>
#include <string_view>

#include <heddle/engine/operation.hpp>

namespace heddle::harness {

std::string_view name_of(engine::OperationKind kind);
std::string_view name_of(engine::ObjectKind kind);
std::string_view name_of(std::memory_order order);

// The way back. Errors: each throws std::invalid_argument that names `name`.
engine::OperationKind operation_kind_from(std::string_view name);
engine::ObjectKind object_kind_from(std::string_view name);
std::memory_order memory_order_from(std::string_view name);

}  // namespace heddle::harness

// Objects of executions that were given up half-way.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace heddle::engine {

/// Moves an object out of its owner's hands and never destroys it: what it refers to was cut off half-way, and what it
/// has allocated goes back with the memory of the execution.
template <class T>
void forget(T& object) {
    alignas(T) std::byte grave[sizeof(T)];
    ::new (static_cast<void*>(grave)) T(std::move(object));
}

}  // namespace heddle::engine

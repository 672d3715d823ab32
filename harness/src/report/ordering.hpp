// What orders one step after another of a different thread, and what is missing where nothing does.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "trace.hpp"

namespace heddle::harness {

/// What keeps a step from being ordered after the one that it reads from, in sentences: empty if nothing does, because it
/// synchronizes with that one or comes after it in the same thread. Requires: `read` reads from `write`, or follows it in
/// its thread.
std::vector<std::string> missing_order(const Trace& trace, std::size_t write, std::size_t read);

/// Whether a step reads, and would be ordered after what it reads from if that were released: by its own order, or by a fence
/// of its thread after it and before `until`.
bool can_acquire(const Trace& trace, std::size_t read, std::size_t until);

/// The step of another thread that a step synchronizes with: the one that it reads from, or the head of a release sequence
/// that this one continues. Nothing if there is none.
std::optional<std::size_t> synchronizes_with(const Trace& trace, std::size_t read);

}  // namespace heddle::harness

// What a verdict says of its check, whatever becomes of the exploration.
#pragma once

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

/// Nothing is explored yet.
Verdict verdict_of(const Check& check, const engine::Engine& engine, const engine::Limits& limits);

}  // namespace heddle::harness

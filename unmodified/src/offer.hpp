// What a function of ordinary code offers the exhaustive engine.
#pragma once

#include <functional>

#include <heddle/harness/check.hpp>

namespace heddle::unmodified {

/// The program whose first thread runs `body`, as often as it is explored.
harness::Offer offer_of(std::function<void()> body);

}  // namespace heddle::unmodified

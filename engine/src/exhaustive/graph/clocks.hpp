// What events know of others: happens-before, what depends on what, and what the kernel orders.
#pragma once

#include "events.hpp"

namespace heddle::engine::exhaustive {

/// Computes the clocks of an event from its predecessor, its source and its order.
void compute_clocks(Events& events, EventId id);

/// A read has become a read-modify-write: what others learn who acquire it. Requires: its other clocks are computed.
void release(const Events& events, Event& event);

/// Lets an event know all that a thread did whose last event is `from`.
void learn(Events& events, EventId id, EventId from);

}  // namespace heddle::engine::exhaustive

// In which order the steps of an execution may have taken effect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <heddle/engine/counterexample.hpp>

namespace heddle::engine {

/// The steps of one execution, and what is known of their order. A step that takes effect twice is two nodes.
struct Effects {
    struct Node {
        std::size_t step = 0;
        Counterexample::Part part = Counterexample::Part::whole;
        std::uint64_t thread = 0;
        bool finished = true;
        std::vector<std::size_t> after;         ///< nodes that come before it in every order
        std::optional<std::size_t> reads_from;  ///< one of those
    };
    struct Read {
        std::size_t node = 0;
        std::optional<std::size_t> source;  ///< index of the write that it reads from; nothing: older than all of them
    };
    /// What is written to: its writes in the modification order, each by another node.
    struct Location {
        std::vector<std::size_t> writes;
        std::vector<Read> reads;  ///< a node that reads and writes is there, too
    };

    std::vector<Node> nodes;  ///< of each thread in program order
    std::vector<Location> locations;
};

/// Nodes in an order in which they may have taken effect.
struct EffectOrder {
    std::vector<std::size_t> nodes;
    std::vector<std::optional<std::size_t>> newer;  ///< by node: as Counterexample::Step::newer
};

/// Looks for an order that an interleaving has: every read finds the latest write. If there is none, as few nodes as can be
/// found do not have the latest. Requires: what must come before what has no cycle. `last`: only this node, which comes
/// last, and what must come before it. Returns: the order, with few switches between threads. Errors: none.
EffectOrder order_of(const Effects& effects, std::optional<std::size_t> last);

}  // namespace heddle::engine

// Executions of small programs, and which of them C++20 allows: the axioms, word for word, without a thought of speed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "program.hpp"

namespace heddle::oracle {

inline constexpr std::size_t no_event = ~std::size_t{0};

// The steps of instructions that have run. The first events are the initial writes of the locations. Each location has a
// second one, the queue of those who wait there: coherence[n + locations].
struct Event {
    std::size_t thread = no_event;  // no_event: an initial write
    std::size_t number = 0;
    bool reads = false;
    bool writes = false;
    bool fence = false;
    bool barrier = false;  // of the kernel's, before a wait looks: a seq_cst fence that nothing synchronizes with
    std::size_t location = no_event;
    std::memory_order order = std::memory_order_relaxed;
    std::size_t reads_from = no_event;
    std::uint64_t value = 0;  // written
    bool fails_without_cause = false;
    bool enqueues = false;             // having looked just before
    std::vector<std::size_t> waiters;  // written: the threads in the queue, the longest waiting first
    std::size_t woken_by = no_event;
};

struct Execution {
    std::vector<Event> events;
    std::vector<std::vector<std::size_t>> coherence;  // per location
    std::vector<std::size_t> next;                    // per thread: the instruction
    std::vector<std::size_t> phase;                   // per thread: the step of it
};

/// Whether the memory model, and the kernel's handling of futexes, allow it.
bool consistent(const Execution& execution);

/// Barriers have no names in it: where they make no difference, an engine may do without.
Canonical canonical(const Execution& execution);

}  // namespace heddle::oracle

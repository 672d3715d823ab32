// Operations as they stand in the source: which of them a program has performed, and which one a Weakening is of.
//
// ```cpp
// heddle::engine::OperationLog log;
// log.note({.kind = heddle::engine::OperationKind::load, .order = std::memory_order_acquire, .site = {"a/b/c.hpp", 7}});
// EXPECT_EQ(log.sites().at(0).place, (heddle::engine::Place{"b/c.hpp", 7}));
// ```
#pragma once

#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <heddle/engine/counterexample.hpp>
#include <heddle/engine/operation.hpp>

namespace heddle::engine {

/// An operation in the source, the same in every process and checkout. What these members do not tell apart is one: two
/// loads with the same order in one line.
struct OperationSite {
    Place place;
    OperationKind kind = OperationKind::load;
    std::memory_order order = std::memory_order_relaxed;
    std::memory_order failure_order = std::memory_order_relaxed;  ///< compare_exchange only
    bool wakes_one = false;                                       ///< wake only: not all
    std::string source;  ///< the file as the compiler was given it; says nothing of which operation it is

    /// Requires: nothing. Returns: whether `operation` stands there. Errors: none. Visibility: none. Source: none.
    bool is_of(const Operation& operation) const noexcept;
    /// Requires: nothing. Returns: whether both are the same operation. Errors: none. Visibility: none. Source: none.
    bool operator==(const OperationSite& other) const noexcept;
};

/// Where a program has performed operations on atomics, fences and wakes. One thread at a time may use it.
class OperationLog {
  public:
    /// Called for each operation. Requires: its site's file name lives as long as the log. Returns: nothing. Errors:
    /// std::bad_alloc. Visibility: none. Source: none.
    void note(const Operation& operation);
    /// Requires: nothing. Returns: each operation that was noted, once, ordered by place. Errors: std::bad_alloc. Visibility:
    /// none. Source: none.
    std::vector<OperationSite> sites() const;

  private:
    struct Key {
        const char* file = nullptr;
        std::uint32_t line = 0;
        OperationKind kind{};
        std::memory_order order{};
        std::memory_order failure_order{};
        bool wakes_one = false;
        auto operator<=>(const Key&) const = default;  // NOLINT(modernize-use-nullptr): no pointer is compared
    };
    static constexpr std::size_t remembered = 256;  // by line, so that most of what comes again needs no search

    std::array<Key, remembered> recent_{};
    std::set<Key> keys_;
};

}  // namespace heddle::engine

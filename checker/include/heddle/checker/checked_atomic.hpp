// What stands for std::atomic under a checking engine: each operation becomes one step of the exploration.
//
// ```cpp declarations
// struct IsCounted {
//     heddle::checker::CheckingPlatform::atomic<int> count{0, "count"};
//     void thread(int) { count.fetch_add(1, std::memory_order_relaxed); }
//     void after() { heddle::check(count.load(std::memory_order_relaxed) == 2, "both have counted"); }
// };
// ```
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <heddle/checker/detail/execution_state.hpp>
#include <heddle/checker/detail/handle.hpp>
#include <heddle/engine/run.hpp>

namespace heddle::checker {

template <const Weakening* weakening = nullptr>
struct BasicCheckingPlatform;

/// An atomic, each operation of which is a step; `weakening` spoils them.
template <class T, const Weakening* weakening>
class CheckedAtomic {
    static_assert(
        detail::Checkable<T>);  // not a constraint of T: Clang 14 crashes where such a member template is named

  public:
    /// Reports call it `name`. Requires: a program that an engine runs. Returns: an atomic that holds `initial`. Errors: aborts
    /// outside of a program. Visibility: none. Source: C++20 std::atomic.
    explicit CheckedAtomic(T initial, const char* name = nullptr, Site site = Site::current())
        : handle_("an atomic", ObjectKind::atomic, sizeof(T), name, &detail::show_bits<T>, detail::to_bits(initial),
                  site) {}

    /// Requires: an order for loads. Returns: a value that the order allows. Errors: a use after the end fails the execution.
    /// Visibility: the order's. Source: std::atomic.
    T load(std::memory_order order, Site site = Site::current()) const {
        return read({.kind = OperationKind::load, .order = order, .site = site, .weakening = weakening});
    }
    /// Requires: an order for stores. Returns: nothing. Errors: as load. Visibility: the order's. Source: std::atomic.
    void store(T desired, std::memory_order order, Site site = Site::current()) {
        modify(OperationKind::store, desired, order, site);
    }
    /// Requires: nothing. Returns: the value before. Errors: as load. Visibility: the order's. Source: std::atomic.
    T exchange(T desired, std::memory_order order, Site site = Site::current()) {
        return modify(OperationKind::exchange, desired, order, site);
    }
    /// May fail without cause. Requires: `failure` is an order for loads. Returns: whether `desired` was stored; if not,
    /// `expected` is the value read. Errors: as load. Visibility: the orders'. Source: std::atomic.
    bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                               Site site = Site::current()) {
        return compare_exchange(OperationKind::compare_exchange_weak, expected, desired, success, failure, site);
    }
    /// Requires: `failure` is an order for loads. Returns: whether `desired` was stored; if not, `expected` is the value read.
    /// Errors: as load. Visibility: the orders'. Source: std::atomic.
    bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                 Site site = Site::current()) {
        return compare_exchange(OperationKind::compare_exchange_strong, expected, desired, success, failure, site);
    }
    /// As exchange().
    T fetch_add(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
        return modify(OperationKind::fetch_add, arg, order, site);
    }
    /// As exchange().
    T fetch_sub(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
        return modify(OperationKind::fetch_sub, arg, order, site);
    }
    /// As exchange().
    T fetch_and(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
        return modify(OperationKind::fetch_and, arg, order, site);
    }
    /// As exchange().
    T fetch_or(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
        return modify(OperationKind::fetch_or, arg, order, site);
    }
    /// As exchange().
    T fetch_xor(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
        return modify(OperationKind::fetch_xor, arg, order, site);
    }

  private:
    template <const Weakening*>
    friend struct BasicCheckingPlatform;

    T read(Operation&& operation) const { return detail::from_bits<T>(handle_.perform(std::move(operation)).value); }

    T modify(OperationKind kind, T value, std::memory_order order, Site site) {
        return read(
            {.kind = kind, .order = order, .value = detail::to_bits(value), .site = site, .weakening = weakening});
    }

    bool compare_exchange(OperationKind kind, T& expected, T desired, std::memory_order success,
                          std::memory_order failure, Site site) {
        const OperationResult result = handle_.perform({.kind = kind,
                                                        .order = success,
                                                        .failure_order = failure,
                                                        .value = detail::to_bits(desired),
                                                        .expected = detail::to_bits(expected),
                                                        .site = site,
                                                        .weakening = weakening});
        if (!result.success) expected = detail::from_bits<T>(result.value);
        return result.success;
    }

    detail::Handle handle_;
};

}  // namespace heddle::checker

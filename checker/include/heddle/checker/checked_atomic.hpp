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

#include <cstddef>
#include <cstdint>
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
    // Not a constraint of T: Clang 14 crashes where such a member template is named.
    static_assert(detail::Checkable<T>, "P::atomic<T> asks for a T that is trivially copyable and has at most 8 bytes");

  public:
    /// Requires: a program that an engine runs. Returns: an atomic that holds T(). Errors: aborts outside of a program.
    /// Visibility: none. Source: C++20 std::atomic.
    explicit(false) CheckedAtomic(Site site = Site::current()) : CheckedAtomic(T(), nullptr, site) {}
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
    /// May fail without cause; with one order: a failure has what of it a load can have. Requires: nothing. Returns: whether
    /// `desired` was stored; if not, `expected` is the value read. Errors: as load. Visibility: the order's. Source: std::atomic.
    bool compare_exchange_weak(T& expected, T desired, std::memory_order order, Site site = Site::current()) {
        return compare_exchange_weak(expected, desired, order, order_of_failure(order), site);
    }
    /// With one order: a failure has what of it a load can have. Requires: nothing. Returns: whether
    /// `desired` was stored; if not, `expected` is the value read. Errors: as load. Visibility: the order's. Source: std::atomic.
    bool compare_exchange_strong(T& expected, T desired, std::memory_order order, Site site = Site::current()) {
        return compare_exchange_strong(expected, desired, order, order_of_failure(order), site);
    }
    /// As exchange(); of a pointer, by so many elements.
    T fetch_add(heddle::detail::Difference<T> arg, std::memory_order order,
                Site site = Site::current()) requires heddle::detail::Steppable<T> {
        return read(modification(OperationKind::fetch_add, detail::to_bits(in_bytes(arg)), order, site));
    }
    /// As exchange(); of a pointer, by so many elements.
    T fetch_sub(heddle::detail::Difference<T> arg, std::memory_order order,
                Site site = Site::current()) requires heddle::detail::Steppable<T> {
        return read(modification(OperationKind::fetch_sub, detail::to_bits(in_bytes(arg)), order, site));
    }
    /// As exchange(): stores the larger one. Engines have a load and compare-exchanges.
    T fetch_max(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
        const auto is_larger = [](T before, T other) { return before < other; };
        return heddle::detail::fetch_chosen(*this, arg, order, is_larger, site);
    }
    /// As exchange(): stores the smaller one. Engines have a load and compare-exchanges.
    T fetch_min(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
        const auto is_smaller = [](T before, T other) { return other < before; };
        return heddle::detail::fetch_chosen(*this, arg, order, is_smaller, site);
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
    /// Waits until it holds something else than `old`. Requires: an order for loads. Returns: nothing. Errors: as load; a
    /// deadlock fails the execution. Visibility: the order's, of the value that was not `old`. Source: std::atomic::wait.
    void wait(T old, std::memory_order order, Site site = Site::current()) const {
        while (detail::to_bits(load(order, site)) == detail::to_bits(old))
            handle_.perform({.kind = OperationKind::wait, .expected = detail::to_bits(old), .site = site});
    }
    /// Requires: nothing. Returns: nothing, when one of those in wait() has been told to look again. Errors: as load.
    /// Visibility: none. Source: std::atomic::notify_one.
    void notify_one(Site site = Site::current()) { notify(1, site); }
    /// Requires: nothing. Returns: nothing, when all of those in wait() have been told to look again. Errors: as load.
    /// Visibility: none. Source: std::atomic::notify_all.
    void notify_all(Site site = Site::current()) { notify(engine::every_waiter, site); }

  private:
    template <const Weakening*>
    friend struct BasicCheckingPlatform;

    T read(Operation&& operation) const { return detail::from_bits<T>(handle_.perform(std::move(operation)).value); }

    static Operation modification(OperationKind kind, std::uint64_t value, std::memory_order order, Site site) {
        return {.kind = kind, .order = order, .value = value, .site = site, .weakening = weakening};
    }

    T modify(OperationKind kind, T value, std::memory_order order, Site site) {
        return read(modification(kind, detail::to_bits(value), order, site));
    }

    /// By how much a pointer moves.
    static auto in_bytes(heddle::detail::Difference<T> difference) {
        if constexpr (std::is_pointer_v<T>)
            return difference * static_cast<std::ptrdiff_t>(sizeof(std::remove_pointer_t<T>));
        else return difference;
    }

    void notify(std::uint64_t count, Site site) {
        handle_.perform({.kind = OperationKind::wake, .value = count, .site = site, .weakening = weakening});
    }

    static constexpr std::memory_order order_of_failure(std::memory_order order) {
        if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
        return order == std::memory_order_release ? std::memory_order_relaxed : order;
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

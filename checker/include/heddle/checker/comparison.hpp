// HEDDLE_CHECK: a check that shows both sides of a comparison that does not hold.
//
// ```cpp declarations
// template <heddle::Platform P> struct Sums {
//     typename P::template atomic<int> sum{1, "sum"};
//     void after() { HEDDLE_CHECK(sum.load(std::memory_order_relaxed) == 1, "nothing was added"); }
// };
// ```
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include <heddle/checker/detail/handle.hpp>
#include <heddle/engine/run.hpp>

namespace heddle::checker::detail {

/// A check is told values, and not where they come from.
class NoAddresses final : public engine::Addresses {
  public:
    std::string name_of(std::uint64_t address) const override { return address == 0 ? "null" : "a pointer"; }
};

template <class T>
std::string side(const T& value) {
    if constexpr (std::is_null_pointer_v<T>) return "null";
    else return show_value(value, NoAddresses());
}

/// A condition, and both of its sides if it does not hold; empty if there is no way to show them.
struct Compared {
    bool holds;
    std::string sides;
};

template <class L, class R>
Compared compared(bool holds, const L& left, std::string_view comparison, const R& right) {
    if (holds) return {true, {}};
    const engine::FrontEndAllocations ours;
    const std::string shown_left = side(left);
    const std::string shown_right = side(right);
    if (shown_left.empty() || shown_right.empty()) return {false, {}};
    return {false, shown_left + ' ' + std::string(comparison) + ' ' + shown_right};
}

// The comparisons are the user's own, where the compiler has looked at them already.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"

/// What stands first in a condition; what it is compared with follows.
template <class T>
class Left {
  public:
    explicit Left(const T& value) : value_(value) {}

    template <class R>
    Compared operator==(const R& right) const {
        return compared(value_ == right, value_, "==", right);
    }
    template <class R>
    Compared operator!=(const R& right) const {
        return compared(value_ != right, value_, "!=", right);
    }
    template <class R>
    Compared operator<(const R& right) const {
        return compared(value_ < right, value_, "<", right);
    }
    template <class R>
    Compared operator<=(const R& right) const {
        return compared(value_ <= right, value_, "<=", right);
    }
    template <class R>
    Compared operator>(const R& right) const {
        return compared(value_ > right, value_, ">", right);
    }
    template <class R>
    Compared operator>=(const R& right) const {
        return compared(value_ >= right, value_, ">=", right);
    }
    /// No comparison follows.
    operator Compared() const { return {static_cast<bool>(value_), {}}; }

    // Two conditions have more than two sides: parentheses around them make them one.
    template <class R>
    Compared operator&&(const R& right) const = delete;
    template <class R>
    Compared operator||(const R& right) const = delete;

  private:
    const T& value_;
};

#pragma GCC diagnostic pop

/// `FirstOf() <= a == b` is a Left of `a`, compared with `b`: no operator of a comparison binds more tightly.
struct FirstOf {
    template <class T>
    Left<T> operator<=(const T& value) const {
        return Left<T>(value);
    }
};

inline void check_compared(const Compared& compared, const char* condition, std::string_view claim = {},
                           engine::Site site = engine::Site::current()) {
    if (compared.holds) return;
    const engine::FrontEndAllocations ours;
    std::string message = claim.empty() ? "" : std::string(claim) + ": ";
    message.append(condition).append(" is false");
    if (!compared.sides.empty()) message.append(": ").append(compared.sides);
    heddle::check(false, message, site);
}

}  // namespace heddle::checker::detail

/// heddle::check() whose report shows both sides of the condition, which is at most one comparison, as their types are shown
/// elsewhere: HEDDLE_CHECK(a == b), or HEDDLE_CHECK(a == b, "claim"). Each side is evaluated once. A statement, so that no
/// compiler suggests parentheses in it.
#define HEDDLE_CHECK(condition, ...)                                                                       \
    do {                                                                                                   \
        _Pragma("GCC diagnostic push")                                                                     \
            _Pragma("GCC diagnostic ignored \"-Wparentheses\"")::heddle::checker::detail::check_compared(  \
                ::heddle::checker::detail::FirstOf() <= condition, #condition __VA_OPT__(, ) __VA_ARGS__); \
        _Pragma("GCC diagnostic pop")                                                                      \
    } while (false)

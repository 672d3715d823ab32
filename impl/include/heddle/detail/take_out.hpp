// How an item leaves a container: whole, or not at all.
#pragma once

#include <heddle/platform/requirements.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace heddle::detail {

/// Calls a function when its scope is left, unless by an exception. So a `return T(...)` can be followed by a step that
/// must not happen if making the T throws, although the caller's object is made in place.
template <class F>
class OnSuccess {
  public:
    explicit OnSuccess(F function) : function_(std::move(function)) {}
    OnSuccess(const OnSuccess&) = delete;
    OnSuccess& operator=(const OnSuccess&) = delete;
    ~OnSuccess() {
        if (std::uncaught_exceptions() == exceptions_) function_();
    }

  private:
    F function_;
    int exceptions_ = std::uncaught_exceptions();
};

/// Moves `item` out, then calls `remove`, which takes its remains out of the container. Requires: `remove` does not throw.
/// Returns: the item. Errors: what moving a T throws; then `remove` was not called and the item is where it was.
template <class T, class F>
T take_out(T& item, F remove) {
    if constexpr (std::is_nothrow_move_constructible_v<T>) {
        T taken(std::move(item));
        remove();
        return taken;
    } else {
        const OnSuccess removal(std::move(remove));
        return T(std::move(item));
    }
}

}  // namespace heddle::detail

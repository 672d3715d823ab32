// Work for the end of a scope that is left without an exception.
#pragma once

#include <exception>
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

}  // namespace heddle::detail

// Whether two looks at an object see the same class, without run-time type information.
#pragma once

#include <heddle/platform/requirements.hpp>

#include <cstring>
#include <type_traits>

namespace heddle::detail {

/// Which class an object is of, or of how much of it the constructors have begun, as far as they have got: its pointer to
/// its virtual functions, which lies first in it. Comparable for one object only: a class may have several such tables in
/// one process. Requires: T has the first virtual functions of its bases and itself. Returns: that. Errors: none.
/// Visibility: none. Source: Itanium C++ ABI 2.4, which GCC and Clang keep to.
template <class T>
const void* dynamic_class(const T* object) {
    static_assert(std::is_polymorphic_v<T>);
    const void* functions = nullptr;
    std::memcpy(&functions, static_cast<const void*>(object), sizeof functions);
    return functions;
}

}  // namespace heddle::detail

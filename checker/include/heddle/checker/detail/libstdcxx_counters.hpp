// The counters of std::shared_ptr, which libstdc++ changes in functions that are compiled into each program: here they go
// through a checker first. CMake has every source of a target that uses heddle::checker include this before anything else,
// since the definition of std::shared_ptr must come after it.
#pragma once

#include <cstddef>

#if defined(__GLIBCXX__) && !defined(_SHARED_PTR_BASE_H)

#    include <ext/atomicity.h>

#    include <heddle/engine/site.hpp>

namespace heddle::checker::detail {

// What stands for the functions of the same names, with the place of the call. What no checker follows goes on to them.
int heddle_exchange_and_add(int* counter, int by, engine::Site site = engine::Site::current());
int heddle_load(const int* counter, int order, engine::Site site = engine::Site::current());
long long heddle_load(const long long* counters, int order);
bool heddle_compare_exchange(int* counter, int* expected, int desired, bool weak, int success, int failure,
                             engine::Site site = engine::Site::current());

}  // namespace heddle::checker::detail

// All that the header includes by itself, so that nothing else meets the macros.
#    include <bit>
#    include <compare>
#    include <typeinfo>

#    include <bits/align.h>
#    include <bits/allocated_ptr.h>
#    include <bits/allocator.h>
#    include <bits/exception_defines.h>
#    include <bits/functional_hash.h>
#    include <bits/refwrap.h>
#    include <bits/stl_function.h>
#    include <bits/stl_uninitialized.h>
#    include <bits/unique_ptr.h>
#    include <ext/aligned_buffer.h>
#    include <ext/concurrence.h>

namespace __gnu_cxx {
using heddle::checker::detail::heddle_exchange_and_add;
}

// NOLINTBEGIN(bugprone-reserved-identifier): the library's own names
#    define __exchange_and_add_dispatch heddle_exchange_and_add
#    define __atomic_add_dispatch heddle_exchange_and_add
#    define __atomic_load_n heddle::checker::detail::heddle_load
#    define __atomic_compare_exchange_n heddle::checker::detail::heddle_compare_exchange
// NOLINTEND(bugprone-reserved-identifier)
#    include <bits/shared_ptr_base.h>
#    undef __exchange_and_add_dispatch
#    undef __atomic_add_dispatch
#    undef __atomic_load_n
#    undef __atomic_compare_exchange_n

#    include <heddle/checker/detail/shared_count.hpp>

// What is included from here on may use none: it is the program's.
#    include <heddle/checker/detail/refused_builtins.hpp>

#endif

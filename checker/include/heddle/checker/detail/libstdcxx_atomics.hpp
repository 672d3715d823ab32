// The atomics of libstdc++, which an engine does not see: each operation asks first whether code under check has been left
// with one. CMake has every source of a target that uses heddle::checker include this before anything else, since the
// definition of std::atomic must come after it.
#pragma once

#include <heddle/platform/requirements.hpp>

#include <cstddef>

#if defined(__GLIBCXX__) && !defined(_GLIBCXX_ATOMIC) && !defined(_GLIBCXX_ATOMIC_BASE_H)

namespace heddle::engine {

/// Fails the execution as misuse if the caller is code under check. Requires: nothing. Returns: nothing elsewhere. Errors: none.
/// Visibility: none. Source: none.
void refuse_standard_atomics() noexcept;
/// What std::lock does between two tries. Requires: nothing. Returns: 0. Errors: none. Visibility: none. Source: none.
int yield_in_standard_lock() noexcept;

}  // namespace heddle::engine

#    include <heddle/checker/detail/refused_builtins.hpp>
#    include <atomic>
#    include <heddle/checker/detail/allowed_builtins.hpp>

// std::lock yields in between, where mutexes of several types are taken.
#    include <ext/concurrence.h>
// NOLINTNEXTLINE(bugprone-reserved-identifier): the library's own name
#    define __gthread_yield heddle::engine::yield_in_standard_lock
#    include <mutex>
#    undef __gthread_yield

#endif

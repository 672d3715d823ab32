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

}  // namespace heddle::engine

// What a macro expands to is not expanded again.
#    define __atomic_load_n(...) (heddle::engine::refuse_standard_atomics(), __atomic_load_n(__VA_ARGS__))
#    define __atomic_load(...) (heddle::engine::refuse_standard_atomics(), __atomic_load(__VA_ARGS__))
#    define __atomic_store_n(...) (heddle::engine::refuse_standard_atomics(), __atomic_store_n(__VA_ARGS__))
#    define __atomic_store(...) (heddle::engine::refuse_standard_atomics(), __atomic_store(__VA_ARGS__))
#    define __atomic_exchange_n(...) (heddle::engine::refuse_standard_atomics(), __atomic_exchange_n(__VA_ARGS__))
#    define __atomic_exchange(...) (heddle::engine::refuse_standard_atomics(), __atomic_exchange(__VA_ARGS__))
#    define __atomic_compare_exchange_n(...) \
        (heddle::engine::refuse_standard_atomics(), __atomic_compare_exchange_n(__VA_ARGS__))
#    define __atomic_compare_exchange(...) \
        (heddle::engine::refuse_standard_atomics(), __atomic_compare_exchange(__VA_ARGS__))
#    define __atomic_fetch_add(...) (heddle::engine::refuse_standard_atomics(), __atomic_fetch_add(__VA_ARGS__))
#    define __atomic_fetch_sub(...) (heddle::engine::refuse_standard_atomics(), __atomic_fetch_sub(__VA_ARGS__))
#    define __atomic_add_fetch(...) (heddle::engine::refuse_standard_atomics(), __atomic_add_fetch(__VA_ARGS__))
#    define __atomic_sub_fetch(...) (heddle::engine::refuse_standard_atomics(), __atomic_sub_fetch(__VA_ARGS__))
#    define __atomic_fetch_and(...) (heddle::engine::refuse_standard_atomics(), __atomic_fetch_and(__VA_ARGS__))
#    define __atomic_fetch_or(...) (heddle::engine::refuse_standard_atomics(), __atomic_fetch_or(__VA_ARGS__))
#    define __atomic_fetch_xor(...) (heddle::engine::refuse_standard_atomics(), __atomic_fetch_xor(__VA_ARGS__))
#    define __atomic_test_and_set(...) (heddle::engine::refuse_standard_atomics(), __atomic_test_and_set(__VA_ARGS__))
#    define __atomic_clear(...) (heddle::engine::refuse_standard_atomics(), __atomic_clear(__VA_ARGS__))
#    define __atomic_thread_fence(...) (heddle::engine::refuse_standard_atomics(), __atomic_thread_fence(__VA_ARGS__))
#    include <atomic>
#    undef __atomic_load_n
#    undef __atomic_load
#    undef __atomic_store_n
#    undef __atomic_store
#    undef __atomic_exchange_n
#    undef __atomic_exchange
#    undef __atomic_compare_exchange_n
#    undef __atomic_compare_exchange
#    undef __atomic_fetch_add
#    undef __atomic_fetch_sub
#    undef __atomic_add_fetch
#    undef __atomic_sub_fetch
#    undef __atomic_fetch_and
#    undef __atomic_fetch_or
#    undef __atomic_fetch_xor
#    undef __atomic_test_and_set
#    undef __atomic_clear
#    undef __atomic_thread_fence

#endif

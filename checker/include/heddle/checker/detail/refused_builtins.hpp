// Atomic builtins of the compiler, each of which asks first whether code under check has been left with one. Included more than
// once, and taken back by allowed_builtins.hpp; what a macro expands to is not expanded again.
#include <heddle/platform/requirements.hpp>

// NOLINTBEGIN(bugprone-reserved-identifier): the compiler's own names
#define __atomic_load_n(...) (::heddle::engine::refuse_standard_atomics(), __atomic_load_n(__VA_ARGS__))
#define __atomic_load(...) (::heddle::engine::refuse_standard_atomics(), __atomic_load(__VA_ARGS__))
#define __atomic_store_n(...) (::heddle::engine::refuse_standard_atomics(), __atomic_store_n(__VA_ARGS__))
#define __atomic_store(...) (::heddle::engine::refuse_standard_atomics(), __atomic_store(__VA_ARGS__))
#define __atomic_exchange_n(...) (::heddle::engine::refuse_standard_atomics(), __atomic_exchange_n(__VA_ARGS__))
#define __atomic_exchange(...) (::heddle::engine::refuse_standard_atomics(), __atomic_exchange(__VA_ARGS__))
#define __atomic_compare_exchange_n(...) \
    (::heddle::engine::refuse_standard_atomics(), __atomic_compare_exchange_n(__VA_ARGS__))
#define __atomic_compare_exchange(...) \
    (::heddle::engine::refuse_standard_atomics(), __atomic_compare_exchange(__VA_ARGS__))
#define __atomic_fetch_add(...) (::heddle::engine::refuse_standard_atomics(), __atomic_fetch_add(__VA_ARGS__))
#define __atomic_fetch_sub(...) (::heddle::engine::refuse_standard_atomics(), __atomic_fetch_sub(__VA_ARGS__))
#define __atomic_add_fetch(...) (::heddle::engine::refuse_standard_atomics(), __atomic_add_fetch(__VA_ARGS__))
#define __atomic_sub_fetch(...) (::heddle::engine::refuse_standard_atomics(), __atomic_sub_fetch(__VA_ARGS__))
#define __atomic_fetch_and(...) (::heddle::engine::refuse_standard_atomics(), __atomic_fetch_and(__VA_ARGS__))
#define __atomic_fetch_or(...) (::heddle::engine::refuse_standard_atomics(), __atomic_fetch_or(__VA_ARGS__))
#define __atomic_fetch_xor(...) (::heddle::engine::refuse_standard_atomics(), __atomic_fetch_xor(__VA_ARGS__))
#define __atomic_test_and_set(...) (::heddle::engine::refuse_standard_atomics(), __atomic_test_and_set(__VA_ARGS__))
#define __atomic_clear(...) (::heddle::engine::refuse_standard_atomics(), __atomic_clear(__VA_ARGS__))
#define __atomic_thread_fence(...) (::heddle::engine::refuse_standard_atomics(), __atomic_thread_fence(__VA_ARGS__))
#define __atomic_fetch_nand(...) (::heddle::engine::refuse_standard_atomics(), __atomic_fetch_nand(__VA_ARGS__))
#define __atomic_and_fetch(...) (::heddle::engine::refuse_standard_atomics(), __atomic_and_fetch(__VA_ARGS__))
#define __atomic_or_fetch(...) (::heddle::engine::refuse_standard_atomics(), __atomic_or_fetch(__VA_ARGS__))
#define __atomic_xor_fetch(...) (::heddle::engine::refuse_standard_atomics(), __atomic_xor_fetch(__VA_ARGS__))
#define __atomic_nand_fetch(...) (::heddle::engine::refuse_standard_atomics(), __atomic_nand_fetch(__VA_ARGS__))
#define __sync_fetch_and_add(...) (::heddle::engine::refuse_standard_atomics(), __sync_fetch_and_add(__VA_ARGS__))
#define __sync_fetch_and_sub(...) (::heddle::engine::refuse_standard_atomics(), __sync_fetch_and_sub(__VA_ARGS__))
#define __sync_fetch_and_or(...) (::heddle::engine::refuse_standard_atomics(), __sync_fetch_and_or(__VA_ARGS__))
#define __sync_fetch_and_and(...) (::heddle::engine::refuse_standard_atomics(), __sync_fetch_and_and(__VA_ARGS__))
#define __sync_fetch_and_xor(...) (::heddle::engine::refuse_standard_atomics(), __sync_fetch_and_xor(__VA_ARGS__))
#define __sync_fetch_and_nand(...) (::heddle::engine::refuse_standard_atomics(), __sync_fetch_and_nand(__VA_ARGS__))
#define __sync_add_and_fetch(...) (::heddle::engine::refuse_standard_atomics(), __sync_add_and_fetch(__VA_ARGS__))
#define __sync_sub_and_fetch(...) (::heddle::engine::refuse_standard_atomics(), __sync_sub_and_fetch(__VA_ARGS__))
#define __sync_or_and_fetch(...) (::heddle::engine::refuse_standard_atomics(), __sync_or_and_fetch(__VA_ARGS__))
#define __sync_and_and_fetch(...) (::heddle::engine::refuse_standard_atomics(), __sync_and_and_fetch(__VA_ARGS__))
#define __sync_xor_and_fetch(...) (::heddle::engine::refuse_standard_atomics(), __sync_xor_and_fetch(__VA_ARGS__))
#define __sync_nand_and_fetch(...) (::heddle::engine::refuse_standard_atomics(), __sync_nand_and_fetch(__VA_ARGS__))
#define __sync_bool_compare_and_swap(...) \
    (::heddle::engine::refuse_standard_atomics(), __sync_bool_compare_and_swap(__VA_ARGS__))
#define __sync_val_compare_and_swap(...) \
    (::heddle::engine::refuse_standard_atomics(), __sync_val_compare_and_swap(__VA_ARGS__))
#define __sync_lock_test_and_set(...) \
    (::heddle::engine::refuse_standard_atomics(), __sync_lock_test_and_set(__VA_ARGS__))
#define __sync_lock_release(...) (::heddle::engine::refuse_standard_atomics(), __sync_lock_release(__VA_ARGS__))
#define __sync_synchronize(...) (::heddle::engine::refuse_standard_atomics(), __sync_synchronize(__VA_ARGS__))
// NOLINTEND(bugprone-reserved-identifier)

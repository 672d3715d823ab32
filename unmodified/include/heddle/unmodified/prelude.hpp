// Included before all else in code that is explored: what a processor does for loops that wait and between memory accesses
// becomes a call that is seen, and what a compiler's hooks do not tell is told by a call before them.
#pragma once

// NOLINTBEGIN(bugprone-reserved-identifier,misc-definitions-in-headers): the compilers' own names, in each file that is explored
#ifdef __cplusplus
extern "C" {
#endif
void heddle_pause(void);
// After Intel's manual (volume 3, "Memory ordering"): MFENCE orders all that comes before it with all that comes after it,
// a seq_cst fence. SFENCE orders stores, and LFENCE what comes after loads: a release and an acquire fence.
void heddle_mfence(void);
void heddle_sfence(void);
void heddle_lfence(void);
// The processor's own clock would give something else in each execution.
unsigned long long heddle_rdtsc(void);
#ifdef __clang__
// Clang has one hook for all compare-exchanges, which gives what was there: that a weak one has failed although it found what it
// expected cannot be said so, and what was found stays in the frame. Returns: whether it has exchanged.
int heddle_compare_exchange(__SIZE_TYPE__ size, volatile void* memory, void* expected, const volatile void* desired,
                            int is_weak, int success, int failure) __attribute__((nothrow));
#endif
// Whoever explores looks whether these are there. Without the plugin GCC has no hooks where a call takes or returns an object of
// a class by value, and without an option Clang has none where a function accesses members of its own locals. For a number of 80
// bits it has no hooks at all.
#if !defined(__clang__) && !defined(HEDDLE_SEES_VALUES)
extern const char heddle_calls_are_unseen __attribute__((weak, visibility("default")));
const char heddle_calls_are_unseen = 1;
#endif
#if defined(__clang__) && !defined(HEDDLE_SEES_LOCALS)
extern const char heddle_locals_are_unseen __attribute__((weak, visibility("default")));
const char heddle_locals_are_unseen = 1;
#endif
#if defined(__clang__) && defined(__x86_64__)
extern const char heddle_long_doubles_are_unseen __attribute__((weak, visibility("default")));
const char heddle_long_doubles_are_unseen = 1;
#endif
#ifdef __cplusplus
}
#endif

#ifdef __clang__  // whose compiler knows the functions of <immintrin.h> themselves
#    define _mm_pause heddle_pause
#    define _mm_mfence heddle_mfence
#    define _mm_sfence heddle_sfence
#    define _mm_lfence heddle_lfence
#    define __builtin_readcyclecounter heddle_rdtsc
#    if __has_builtin(__rdtsc)
#        define __rdtsc heddle_rdtsc
#    endif

#    define HEDDLE_COMPARE_EXCHANGE(memory, expected, desired, is_weak, success, failure)                              \
        (heddle_compare_exchange(sizeof(*(memory)), memory, expected, desired, (is_weak) ? 1 : 0, success, failure) != \
         0)
#    ifdef __cplusplus
namespace heddle {
namespace unmodified {
template <class T>
struct Value {
    using Type = T;
};
// Inlined, and nothing that could throw, so that no local holds the result: what a turn of a loop leaves in the frame would be
// another than before its first.
template <class T>
__attribute__((always_inline, nodebug)) inline bool compare_exchange(__SIZE_TYPE__ size, volatile void* memory,
                                                                     T* expected, typename Value<T>::Type desired,
                                                                     int is_weak, int success, int failure) {
    return heddle_compare_exchange(size, memory, expected, &desired, is_weak, success, failure) != 0;
}
template <class T>
__attribute__((always_inline, nodebug)) inline bool bool_compare_and_swap(volatile T* memory,
                                                                          typename Value<T>::Type expected,
                                                                          typename Value<T>::Type desired) {
    return compare_exchange(sizeof(T), memory, &expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
template <class T>
__attribute__((always_inline, nodebug)) inline T val_compare_and_swap(volatile T* memory,
                                                                      typename Value<T>::Type expected,
                                                                      typename Value<T>::Type desired) {
    compare_exchange(sizeof(T), memory, &expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
}
}  // namespace unmodified
}  // namespace heddle
#        define HEDDLE_COMPARE_EXCHANGE_VALUE(memory, expected, desired, is_weak, success, failure)                 \
            ::heddle::unmodified::compare_exchange(sizeof(*(memory)), memory, expected, desired, (is_weak) ? 1 : 0, \
                                                   success, failure)
#        define __sync_bool_compare_and_swap(...) ::heddle::unmodified::bool_compare_and_swap(__VA_ARGS__)
#        define __sync_val_compare_and_swap(...) ::heddle::unmodified::val_compare_and_swap(__VA_ARGS__)
#    else
#        define HEDDLE_COMPARE_EXCHANGE_VALUE(memory, expected, desired, is_weak, success, failure)    \
            __extension__({                                                                            \
                __typeof__(*(expected)) heddle_desired = desired;                                      \
                HEDDLE_COMPARE_EXCHANGE(memory, expected, &heddle_desired, is_weak, success, failure); \
            })
#        define __sync_bool_compare_and_swap(memory, expected, desired)                               \
            __extension__({                                                                           \
                __typeof__(*(memory)) heddle_expected = expected;                                     \
                HEDDLE_COMPARE_EXCHANGE_VALUE(memory, &heddle_expected, desired, 0, __ATOMIC_SEQ_CST, \
                                              __ATOMIC_SEQ_CST);                                      \
            })
#        define __sync_val_compare_and_swap(memory, expected, desired)                                \
            __extension__({                                                                           \
                __typeof__(*(memory)) heddle_expected = expected;                                     \
                HEDDLE_COMPARE_EXCHANGE_VALUE(memory, &heddle_expected, desired, 0, __ATOMIC_SEQ_CST, \
                                              __ATOMIC_SEQ_CST);                                      \
                heddle_expected;                                                                      \
            })
#    endif
#    define __c11_atomic_compare_exchange_weak(memory, expected, desired, success, failure) \
        HEDDLE_COMPARE_EXCHANGE_VALUE(memory, expected, desired, 1, success, failure)
#    define __c11_atomic_compare_exchange_strong(memory, expected, desired, success, failure) \
        HEDDLE_COMPARE_EXCHANGE_VALUE(memory, expected, desired, 0, success, failure)
// A comma of a template's arguments may seem to make more of six arguments: such a call is left as it is.
#    define HEDDLE_SEEN(seen, unseen, ...) seen(__VA_ARGS__)
#    define HEDDLE_UNSEEN(seen, unseen, ...) unseen(__VA_ARGS__)
#    define HEDDLE_THIRTEENTH(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, thirteenth, ...) thirteenth
#    define HEDDLE_OF_SIX(seen, unseen, ...)                                                                      \
        HEDDLE_THIRTEENTH(__VA_ARGS__, HEDDLE_UNSEEN, HEDDLE_UNSEEN, HEDDLE_UNSEEN, HEDDLE_UNSEEN, HEDDLE_UNSEEN, \
                          HEDDLE_UNSEEN, HEDDLE_SEEN, HEDDLE_UNSEEN, HEDDLE_UNSEEN, HEDDLE_UNSEEN, HEDDLE_UNSEEN, \
                          HEDDLE_UNSEEN, )                                                                        \
        (seen, unseen, __VA_ARGS__)
#    define __atomic_compare_exchange_n(...) \
        HEDDLE_OF_SIX(HEDDLE_COMPARE_EXCHANGE_VALUE, __atomic_compare_exchange_n, __VA_ARGS__)
#    define __atomic_compare_exchange(...) \
        HEDDLE_OF_SIX(HEDDLE_COMPARE_EXCHANGE, __atomic_compare_exchange, __VA_ARGS__)
#endif
// Functions of libraries tell ThreadSanitizer to look away: such a function has hooks as all others, since its attribute becomes
// one of another sanitizer. GCC's plugin does without. `final`: whoever defines these words himself is told.
#ifndef HEDDLE_SEES_VALUES
#    define no_sanitize(...) no_sanitize("undefined")
#    define __no_sanitize__(...) __no_sanitize__("undefined")
#    define no_sanitize_thread no_sanitize_address
#    define __no_sanitize_thread__ __no_sanitize_address__
#    ifdef __clang__
#        define disable_sanitizer_instrumentation no_sanitize_memory
#        define __disable_sanitizer_instrumentation__ __no_sanitize_memory__
#        if __clang_major__ >= 14
#            pragma clang final(no_sanitize)
#            pragma clang final(__no_sanitize__)
#            pragma clang final(no_sanitize_thread)
#            pragma clang final(__no_sanitize_thread__)
#            pragma clang final(disable_sanitizer_instrumentation)
#            pragma clang final(__disable_sanitizer_instrumentation__)
#            pragma clang diagnostic error "-Wfinal-macro"
#        endif
#    endif
#endif
#define __builtin_ia32_pause heddle_pause
#define __builtin_ia32_mfence heddle_mfence
#define __builtin_ia32_sfence heddle_sfence
#define __builtin_ia32_lfence heddle_lfence
#define __builtin_ia32_rdtsc heddle_rdtsc
#define __builtin_ia32_rdtscp(processor) (*(processor) = 0U, heddle_rdtsc())
// NOLINTEND(bugprone-reserved-identifier,misc-definitions-in-headers)

// Included before all else in code that is explored: what a processor does for loops that wait and between memory accesses
// becomes a call that is seen.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
void heddle_pause(void);
// After Intel's manual (volume 3, "Memory ordering"): MFENCE orders all that comes before it with all that comes after it,
// a seq_cst fence. SFENCE orders stores, and LFENCE what comes after loads: a release and an acquire fence.
void heddle_mfence(void);
void heddle_sfence(void);
void heddle_lfence(void);
#if !defined(__clang__) && !defined(HEDDLE_SEES_VALUES)
// Whoever explores looks whether it is there: without the plugin GCC has no hooks where a call takes or returns an object of a
// class by value.
extern const char heddle_calls_are_unseen __attribute__((weak, visibility("default")));
const char heddle_calls_are_unseen = 1;
#endif
#ifdef __cplusplus
}
#endif

#ifdef __clang__  // whose compiler knows the functions of <immintrin.h> themselves
#    define _mm_pause heddle_pause
#    define _mm_mfence heddle_mfence
#    define _mm_sfence heddle_sfence
#    define _mm_lfence heddle_lfence
#endif
#define __builtin_ia32_pause heddle_pause
#define __builtin_ia32_mfence heddle_mfence
#define __builtin_ia32_sfence heddle_sfence
#define __builtin_ia32_lfence heddle_lfence

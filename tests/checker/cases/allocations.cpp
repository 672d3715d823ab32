// Memory that is given back wrongly, and that of the C library.
#include <malloc.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>

#include <heddle/checker/model.hpp>

namespace heddle::cases {

/// Compilers would see what is done with it.
template <class T>
[[gnu::noinline]] T* unknown(T* pointer) {
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

template <Platform P, class Does>
struct Allocates {
    static constexpr auto claim = "what a thread gets it gives back, once and as it must";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        if (word.fetch_add(1, std::memory_order_acq_rel) == 1) Does()();
    }
};

/// Where an object can be made that is not destroyed.
alignas(std::exception_ptr) std::byte kept[sizeof(std::exception_ptr)];

struct alignas(64) Wide {
    int numbers[16];
};

#define HEDDLE_ALLOCATES(Name, kind, ...)       \
    struct Name##Does {                         \
        void operator()() const { __VA_ARGS__ } \
    };                                          \
    HEDDLE_BROKEN_MODEL_OF(Name, failure::kind, Allocates, Name##Does)

HEDDLE_ALLOCATES(ArrayDeletedTwice, double_free, int* const p = new int[4]; int* const again = unknown(p); delete[] p;
                 delete[] again;);
#ifdef __cpp_sized_deallocation
HEDDLE_ALLOCATES(SizedAndNotDeleted, double_free, int* const p = new int; int* const again = unknown(p);
                 ::operator delete(p, sizeof(int)); ::operator delete(again););
#endif
HEDDLE_ALLOCATES(AlignedDeletedTwice, double_free, Wide* const p = new Wide; Wide* const again = unknown(p); delete p;
                 delete again;);
HEDDLE_ALLOCATES(FreedTwice, double_free, char* const p = static_cast<char*>(std::malloc(8));
                 char* const again = unknown(p); std::free(p); std::free(again););
HEDDLE_ALLOCATES(ArrayDeletedAsOne, misuse, const int* const p = unknown(new int[4]); delete p;);
HEDDLE_ALLOCATES(MallocDeleted, misuse, const char* const p = unknown(static_cast<char*>(std::malloc(8))); delete p;);
HEDDLE_ALLOCATES(DeletesItsStack, misuse, int here = 0; const int* const p = unknown(&here); delete p;);
HEDDLE_ALLOCATES(DeletesAStatic, misuse, static int there = 0; const int* const p = unknown(&there); delete p;);
HEDDLE_ALLOCATES(DeletesTheMiddle, misuse, const std::unique_ptr<int[]> p(new int[8]()); delete unknown(&p[4]););
HEDDLE_ALLOCATES(LeaksAnArray, leak, unknown(new char[100]););
HEDDLE_ALLOCATES(LeaksAnAlignedArray, leak, unknown(new Wide[2]););
HEDDLE_ALLOCATES(LeaksFromMalloc, leak, unknown(static_cast<char*>(std::malloc(8))););
HEDDLE_ALLOCATES(LeaksFromCalloc, leak, unknown(static_cast<char*>(std::calloc(2, 8))););
HEDDLE_ALLOCATES(LeaksFromRealloc, leak, unknown(static_cast<char*>(std::realloc(nullptr, 8))););
HEDDLE_ALLOCATES(LeaksFromAlignedAlloc, leak, unknown(static_cast<char*>(std::aligned_alloc(64, 64))););
HEDDLE_ALLOCATES(LeaksFromMemalign, leak, unknown(static_cast<char*>(memalign(64, 64))););
HEDDLE_ALLOCATES(LeaksFromStrdup, leak, unknown(strdup("text")););
HEDDLE_ALLOCATES(LeaksAnException, leak,
                 unknown(new (unknown(&kept)) std::exception_ptr(std::make_exception_ptr(17))););
HEDDLE_ALLOCATES(
    LeaksARethrownException, leak, try { std::rethrow_exception(std::make_exception_ptr(17)); } catch (...) {
        unknown(new (unknown(&kept)) std::exception_ptr(std::current_exception()));
    });
HEDDLE_ALLOCATES(FreesItsStack, misuse, char here[64] = ""; std::free(unknown(&here[16])););
HEDDLE_ALLOCATES(ReallocatesItsStack, misuse, char here[64] = ""; unknown(std::realloc(unknown(&here[16]), 8)););
HEDDLE_ALLOCATES(WritesBeyondItsMemory, crash, char* const p = unknown(new char[13]); p[13] = 1; delete[] unknown(p););
HEDDLE_ALLOCATES(WritesBeyondAWholeBlock, crash, char* const p = unknown(new char[16]); p[16] = 1;
                 delete[] unknown(p););
HEDDLE_ALLOCATES(WritesOverAnother, crash, char* const p = unknown(new char[16]); const int* const q = unknown(new int);
                 for (int n = 0; n != 40; ++n) p[n] = 1; delete unknown(q); delete[] p;);
HEDDLE_ALLOCATES(WritesInFrontOfItsMemory, crash, char* const p = unknown(static_cast<char*>(std::malloc(8)));
                 p[-1] = 1; std::free(unknown(p)););
#undef HEDDLE_ALLOCATES

struct UsesTheCLibrary {
    void operator()() const {
        auto* numbers = static_cast<int*>(std::calloc(4, sizeof(int)));
        check(numbers[3] == 0);
        numbers[3] = 7;
        numbers = static_cast<int*>(std::realloc(numbers, 400 * sizeof(int)));
        check(numbers[3] == 7 && malloc_usable_size(numbers) >= 400 * sizeof(int));
        std::free(numbers);
        std::free(unknown(strndup("text", 2)));
        std::free(nullptr);
    }
};
HEDDLE_MODEL_OF(GivesBackWhatMallocGave, Allocates, UsesTheCLibrary);

/// What the library gets in its own code is its own business: no engine follows it, and a leak is not seen.
struct KeepsText {
    void operator()() const {
        char* text = nullptr;
        check(asprintf(&text, "%d", 17) == 2 && text[0] == '1');
        static_cast<void>(unknown(text));
    }
};
HEDDLE_MODEL_OF(KeepsWhatTheCLibraryGave, Allocates, KeepsText);

/// Room for an exception may be what another thread has freed: to look for that is a step, and others run meanwhile. What the C
/// library gets for itself then is no part of the program.
template <Platform P>
struct ThrowsAmongOthers {
    static constexpr auto claim = "what the C library keeps is its own, also while another thread makes an exception";
    static constexpr int threads = 2;
    static constexpr bool hands_memory_on = true;
    using Large = std::array<char, 272>;  // as large as what is freed, with what the C++ library has in front
    typename P::template atomic<int> word{0, "word"};

    void thread(int index) {
        if (index == 0) {
            try {
                throw Large{};
            } catch (const Large&) {
                word.fetch_add(1, std::memory_order_relaxed);
            }
        } else {
            std::free(unknown(std::malloc(400)));
            KeepsText()();
            word.fetch_add(1, std::memory_order_relaxed);
        }
    }
};
HEDDLE_MODEL(ThrowsAmongOthers);

}  // namespace heddle::cases

// ThreadSanitizer's interface, which libraries call where they see that they are compiled for it. They tell it by that of what it
// cannot see, or what it should not report. What they tell of, a mutex of their own or a fence, is followed as it is; so nothing
// comes of most calls. Source: tsan_interface.h, common_interface_defs.h and tsan_interface_ann.cpp of compiler-rt.
#include <cstdint>
#include <cstring>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/atomics.hpp"
#include "hooks/on_behalf.hpp"

using namespace heddle::unmodified;  // NOLINT: what follows are the sanitizer's names

// Libraries have these in place of a fence, since the sanitizer follows none. There they order what the fence would.
HEDDLE_HOOK void __tsan_acquire(void*) { fence(__ATOMIC_ACQUIRE, HEDDLE_CALLER); }
HEDDLE_HOOK void __tsan_release(void*) { fence(__ATOMIC_RELEASE, HEDDLE_CALLER); }

// What looks at objects that belong to others, or at a value of any alignment.
HEDDLE_HOOK void __tsan_external_read(void* object, void*, void*) { OnBehalf(HEDDLE_CALLER).reads(object, 1); }
HEDDLE_HOOK void __tsan_external_write(void* object, void*, void*) { OnBehalf(HEDDLE_CALLER).writes(object, 1); }
#define HEDDLE_UNALIGNED(bits)                                                                \
    HEDDLE_HOOK std::uint##bits##_t __sanitizer_unaligned_load##bits(const void* from) {      \
        OnBehalf(HEDDLE_CALLER).reads(from, bits / 8);                                        \
        std::uint##bits##_t value = 0;                                                        \
        std::memcpy(&value, from, sizeof value);                                              \
        return value;                                                                         \
    }                                                                                         \
    HEDDLE_HOOK void __sanitizer_unaligned_store##bits(void* to, std::uint##bits##_t value) { \
        OnBehalf(HEDDLE_CALLER).writes(to, bits / 8);                                         \
        std::memcpy(to, &value, sizeof value);                                                \
    }
HEDDLE_UNALIGNED(16)
HEDDLE_UNALIGNED(32)
HEDDLE_UNALIGNED(64)

/// What only tells, or asks for what the sanitizer has found: whatever the arguments, nothing comes of it, and the answer is 0.
#define HEDDLE_TELLS(name) \
    HEDDLE_HOOK std::uintptr_t name() { return 0; }
HEDDLE_TELLS(__tsan_mutex_create)
HEDDLE_TELLS(__tsan_mutex_destroy)
HEDDLE_TELLS(__tsan_mutex_pre_lock)
HEDDLE_TELLS(__tsan_mutex_post_lock)
HEDDLE_TELLS(__tsan_mutex_pre_unlock)
HEDDLE_TELLS(__tsan_mutex_post_unlock)
HEDDLE_TELLS(__tsan_mutex_pre_signal)
HEDDLE_TELLS(__tsan_mutex_post_signal)
HEDDLE_TELLS(__tsan_mutex_pre_divert)
HEDDLE_TELLS(__tsan_mutex_post_divert)

HEDDLE_TELLS(AnnotateHappensBefore)
HEDDLE_TELLS(AnnotateHappensAfter)
HEDDLE_TELLS(WTFAnnotateHappensBefore)
HEDDLE_TELLS(WTFAnnotateHappensAfter)
HEDDLE_TELLS(AnnotateCondVarSignal)
HEDDLE_TELLS(AnnotateCondVarSignalAll)
HEDDLE_TELLS(AnnotateCondVarWait)
HEDDLE_TELLS(AnnotateMutexIsNotPHB)
HEDDLE_TELLS(AnnotateMutexIsUsedAsCondVar)
HEDDLE_TELLS(AnnotateRWLockCreate)
HEDDLE_TELLS(AnnotateRWLockCreateStatic)
HEDDLE_TELLS(AnnotateRWLockDestroy)
HEDDLE_TELLS(AnnotateRWLockAcquired)
HEDDLE_TELLS(AnnotateRWLockReleased)
HEDDLE_TELLS(AnnotatePCQCreate)
HEDDLE_TELLS(AnnotatePCQDestroy)
HEDDLE_TELLS(AnnotatePCQPut)
HEDDLE_TELLS(AnnotatePCQGet)
HEDDLE_TELLS(AnnotatePublishMemoryRange)
HEDDLE_TELLS(AnnotateUnpublishMemoryRange)

HEDDLE_TELLS(AnnotateBenignRace)
HEDDLE_TELLS(AnnotateBenignRaceSized)
HEDDLE_TELLS(WTFAnnotateBenignRaceSized)
HEDDLE_TELLS(AnnotateEnableRaceDetection)
HEDDLE_TELLS(AnnotateExpectRace)
HEDDLE_TELLS(AnnotateFlushExpectedRaces)
HEDDLE_TELLS(AnnotateIgnoreReadsBegin)
HEDDLE_TELLS(AnnotateIgnoreReadsEnd)
HEDDLE_TELLS(AnnotateIgnoreWritesBegin)
HEDDLE_TELLS(AnnotateIgnoreWritesEnd)
HEDDLE_TELLS(AnnotateIgnoreSyncBegin)
HEDDLE_TELLS(AnnotateIgnoreSyncEnd)
HEDDLE_TELLS(__tsan_ignore_thread_begin)
HEDDLE_TELLS(__tsan_ignore_thread_end)

HEDDLE_TELLS(AnnotateFlushState)
HEDDLE_TELLS(AnnotateMemoryIsInitialized)
HEDDLE_TELLS(AnnotateMemoryIsUninitialized)
HEDDLE_TELLS(AnnotateNewMemory)
HEDDLE_TELLS(AnnotateNoOp)
HEDDLE_TELLS(AnnotateThreadName)
HEDDLE_TELLS(AnnotateTraceMemory)
HEDDLE_TELLS(RunningOnValgrind)
HEDDLE_HOOK double ValgrindSlowdown() { return 1; }

HEDDLE_TELLS(__tsan_external_assign_tag)
HEDDLE_TELLS(__tsan_external_register_header)
HEDDLE_TELLS(__tsan_external_register_tag)
HEDDLE_TELLS(__tsan_flush_memory)
HEDDLE_TELLS(__sanitizer_print_stack_trace)
HEDDLE_TELLS(__sanitizer_report_error_summary)
HEDDLE_TELLS(__sanitizer_set_death_callback)
HEDDLE_TELLS(__sanitizer_set_report_fd)
HEDDLE_TELLS(__sanitizer_set_report_path)

// Asked from a function that the sanitizer would call with a report, which nobody calls here.
HEDDLE_TELLS(__tsan_get_current_report)
HEDDLE_TELLS(__tsan_get_report_data)
HEDDLE_TELLS(__tsan_get_report_loc)
HEDDLE_TELLS(__tsan_get_report_loc_object_type)
HEDDLE_TELLS(__tsan_get_report_mop)
HEDDLE_TELLS(__tsan_get_report_mutex)
HEDDLE_TELLS(__tsan_get_report_stack)
HEDDLE_TELLS(__tsan_get_report_tag)
HEDDLE_TELLS(__tsan_get_report_thread)
HEDDLE_TELLS(__tsan_get_report_unique_tid)
HEDDLE_TELLS(__tsan_get_alloc_stack)
HEDDLE_TELLS(__tsan_locate_address)

// Of fibers: whoever makes one, or switches to one, is refused (refused.cpp). To ask for the thread's own is harmless.
HEDDLE_HOOK void* __tsan_get_current_fiber() { return &self; }
HEDDLE_TELLS(__tsan_destroy_fiber)
HEDDLE_TELLS(__tsan_set_fiber_name)

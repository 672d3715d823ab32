// The types of <heddle/platform/standard.hpp> under a checker. A model of code that uses those includes this.
//
// ```cpp declarations
// struct OpensOnce {
//     heddle::latch<heddle::checker::CheckingPlatform> latch{1, "latch"};
//     void thread(int index) { index == 0 ? latch.count_down() : latch.wait(); }
// };
// const heddle::engine::Program opens_once = heddle::checker::program_of<OpensOnce>(2);
// ```
#pragma once

#include <concepts>
#include <cstddef>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/checker/detail/standard_counts.hpp>
#include <heddle/checker/detail/standard_locks.hpp>
#include <heddle/checker/detail/standard_stops.hpp>
#include <heddle/checker/detail/standard_threads.hpp>
#include <heddle/checker/mutex.hpp>
#include <heddle/platform/standard.hpp>

/// On a checking platform: of atomics and futexes, or of the steps that a mutex is.
template <heddle::Platform P>
requires std::derived_from<P, heddle::checker::CheckingPlatform>
struct heddle::StandardThreads<P> {
    using timed_mutex = checker::detail::CheckedTimedMutex;
    using recursive_mutex = checker::detail::CheckedRecursive<checker::detail::CheckedMutex>;
    using recursive_timed_mutex = checker::detail::CheckedRecursive<checker::detail::CheckedTimedMutex>;
    using shared_mutex = checker::detail::CheckedSharedMutex<P>;
    using shared_timed_mutex = checker::detail::CheckedSharedMutex<P>;
    using condition_variable_any = checker::detail::CheckedConditionVariable;
    using once_flag = checker::detail::CheckedOnceFlag<P>;
    using latch = checker::detail::CheckedLatch<P>;
    template <class Completion>
    using barrier = checker::detail::CheckedBarrier<P, Completion>;
    template <std::ptrdiff_t most>
    using counting_semaphore = checker::detail::CheckedSemaphore<P, most>;
    using thread = checker::detail::CheckedThread<P>;
    using jthread = checker::detail::CheckedJoiningThread<P>;
    using stop_source = checker::detail::CheckedStopSource<P>;
    using stop_token = checker::detail::CheckedStopToken<P>;
    template <class Callback>
    using stop_callback = checker::detail::CheckedStopCallback<P, Callback>;
};

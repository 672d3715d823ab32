// More of the standard library's threads for code that is written against a Platform; mutex.hpp has the common ones.
//
// ```cpp
// heddle::latch<heddle::StdPlatform> started{1, "started"};
// heddle::thread<heddle::StdPlatform> worker([&] { started.count_down(); });
// started.wait();
// worker.join();
// ```
#pragma once

#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <heddle/platform/mutex.hpp>
#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>

namespace heddle {

/// What a barrier does when all have arrived, unless it is told.
struct NoCompletion {
    /// Requires: nothing. Returns: nothing. Errors: none. Visibility: none. Source: C++20 std::barrier.
    void operator()() const noexcept {}
};

/// Which types stand for those of the standard library on a platform. A checker's are in <heddle/checker/standard.hpp>.
template <Platform P>
struct StandardThreads;

/// std::timed_mutex on platform `P`: the standard one in a program, the checker's own under a checker. Takes a name.
template <Platform P>
using timed_mutex = typename StandardThreads<P>::timed_mutex;
/// std::recursive_mutex, likewise.
template <Platform P>
using recursive_mutex = typename StandardThreads<P>::recursive_mutex;
/// std::recursive_timed_mutex, likewise.
template <Platform P>
using recursive_timed_mutex = typename StandardThreads<P>::recursive_timed_mutex;
/// std::shared_mutex, likewise.
template <Platform P>
using shared_mutex = typename StandardThreads<P>::shared_mutex;
/// std::shared_timed_mutex, likewise.
template <Platform P>
using shared_timed_mutex = typename StandardThreads<P>::shared_timed_mutex;
/// std::condition_variable_any, likewise; without stop tokens.
template <Platform P>
using condition_variable_any = typename StandardThreads<P>::condition_variable_any;
/// std::once_flag, likewise, for heddle::call_once.
template <Platform P>
using once_flag = typename StandardThreads<P>::once_flag;
/// std::latch, likewise; the name comes after the count.
template <Platform P>
using latch = typename StandardThreads<P>::latch;
/// std::barrier, likewise; the name comes after the count and the completion.
template <Platform P, class Completion = NoCompletion>
using barrier = typename StandardThreads<P>::template barrier<Completion>;
/// std::counting_semaphore, likewise; the name comes after the count.
template <Platform P, std::ptrdiff_t most = 32767>
using counting_semaphore = typename StandardThreads<P>::template counting_semaphore<most>;
/// std::binary_semaphore, likewise.
template <Platform P>
using binary_semaphore = counting_semaphore<P, 1>;
/// std::thread, likewise; without native handles. A model declares how many it starts, as `dynamic_threads`.
template <Platform P>
using thread = typename StandardThreads<P>::thread;
/// std::jthread, likewise; what it starts counts as a dynamic thread, too.
template <Platform P>
using jthread = typename StandardThreads<P>::jthread;
/// std::stop_source, likewise; under a checker it always has a state. Takes a name.
template <Platform P>
using stop_source = typename StandardThreads<P>::stop_source;
/// std::stop_token, likewise; under a checker one that has a source says that a stop is possible, even if that is gone.
template <Platform P>
using stop_token = typename StandardThreads<P>::stop_token;
/// std::stop_callback, likewise.
template <Platform P, class Callback>
using stop_callback = typename StandardThreads<P>::template stop_callback<Callback>;

/// P::now() as a clock of the standard library: what a wait_until() under a checker is given.
template <Platform P>
struct clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<clock>;
    static constexpr bool is_steady = true;

    /// Requires: nothing. Returns: P::now(). Errors: none. Visibility: none. Source: C++20 [time.clock.req].
    static time_point now() { return time_point(P::now()); }
};

/// Calls `function` unless a call with this flag has returned. Requires: nothing. Returns: nothing, when a call has returned.
/// Errors: what the function throws; another call tries again then. Visibility: the call that has returned happens-before
/// every return. Source: C++20 std::call_once.
template <class Flag, class Function, class... Args>
void call_once(Flag& flag, Function&& function, Args&&... args) {
    flag.call(std::forward<Function>(function), std::forward<Args>(args)...);
}

namespace detail {

/// A standard type that takes a name.
template <class Standard>
class Named : public Standard {
  public:
    explicit Named(const char* /*name*/ = nullptr) {}
};

/// A standard type that begins with a count, and takes a name after it.
template <class Standard>
class NamedCount : public Standard {
  public:
    explicit NamedCount(std::ptrdiff_t count, const char* /*name*/ = nullptr) : Standard(count) {}
    template <class Completion>
    NamedCount(std::ptrdiff_t count, Completion completion, const char* /*name*/ = nullptr)
        : Standard(count, std::move(completion)) {}
};

class NamedOnceFlag {
  public:
    explicit NamedOnceFlag(const char* /*name*/ = nullptr) {}
    template <class... Call>
    void call(Call&&... call) {
        std::call_once(flag_, std::forward<Call>(call)...);
    }

  private:
    std::once_flag flag_;
};

}  // namespace detail

template <>
struct StandardThreads<StdPlatform> {
    using timed_mutex = detail::Named<std::timed_mutex>;
    using recursive_mutex = detail::Named<std::recursive_mutex>;
    using recursive_timed_mutex = detail::Named<std::recursive_timed_mutex>;
    using shared_mutex = detail::Named<std::shared_mutex>;
    using shared_timed_mutex = detail::Named<std::shared_timed_mutex>;
    using condition_variable_any = detail::Named<std::condition_variable_any>;
    using once_flag = detail::NamedOnceFlag;
    using latch = detail::NamedCount<std::latch>;
    template <class Completion>
    using barrier = detail::NamedCount<std::barrier<Completion>>;
    template <std::ptrdiff_t most>
    using counting_semaphore = detail::NamedCount<std::counting_semaphore<most>>;
    using thread = std::thread;
    using jthread = std::jthread;
    using stop_source = detail::Named<std::stop_source>;
    using stop_token = std::stop_token;
    template <class Callback>
    using stop_callback = std::stop_callback<Callback>;
};

}  // namespace heddle

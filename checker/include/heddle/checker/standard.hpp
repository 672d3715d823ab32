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
#include <memory>
#include <tuple>
#include <utility>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/checker/detail/standard_counts.hpp>
#include <heddle/checker/detail/standard_locks.hpp>
#include <heddle/checker/detail/standard_stops.hpp>
#include <heddle/checker/mutex.hpp>
#include <heddle/platform/standard.hpp>

namespace heddle::checker::detail {

/// std::thread on platform `P`.
template <class P>
class CheckedThread {
  public:
    CheckedThread() noexcept = default;
    template <class Function, class... Args>
    requires(!std::same_as<std::remove_cvref_t<Function>, CheckedThread>) explicit CheckedThread(Function&& function,
                                                                                                 Args&&... args)
        : ended_(P::template make_shared<Ended>()) {
        id_ = P::spawn(
            [call = std::make_tuple(std::forward<Function>(function), std::forward<Args>(args)...)]() mutable {
                std::apply([](auto&&... parts) { std::invoke(std::move(parts)...); }, std::move(call));
            },
            [ended = ended_] {
                ended->word.store(1, std::memory_order_release);  // synchronizes with the acquire in join()
                P::wake_all(ended->word);
            },
            0);
    }
    CheckedThread(CheckedThread&& other) noexcept
        : ended_(std::exchange(other.ended_, nullptr)), id_(std::exchange(other.id_, 0)) {}
    CheckedThread& operator=(CheckedThread&& other) noexcept {
        if (joinable()) CheckingPlatform::misuse("a thread is assigned to that was neither joined nor detached");
        swap(other);
        return *this;
    }
    ~CheckedThread() {
        if (joinable() && Run::current() != nullptr)
            CheckingPlatform::misuse("a thread is destroyed that was neither joined nor detached");
    }

    bool joinable() const noexcept { return ended_ != nullptr; }
    /// As thread_id() gives it; 0 if it is not joinable.
    std::uint64_t get_id() const noexcept { return id_; }
    void join(Site site = Site::current()) {
        if (!joinable()) CheckingPlatform::misuse("a thread is joined that is not joinable", site);
        if (id_ == P::thread_id()) CheckingPlatform::misuse("a thread joins itself", site);
        // Acquire: synchronizes with the release at the end of the thread.
        while (ended_->word.load(std::memory_order_acquire, site) == 0)
            P::wait(ended_->word, 0, Deadline::never(), site);
        detach(site);
    }
    void detach(Site site = Site::current()) {
        if (!joinable()) CheckingPlatform::misuse("a thread is detached that is not joinable", site);
        ended_ = nullptr;
        id_ = 0;
    }
    void swap(CheckedThread& other) noexcept {
        std::swap(ended_, other.ended_);
        std::swap(id_, other.id_);
    }

  private:
    struct Ended {
        typename P::template atomic<FutexWord> word{0, "the end of a thread"};
    };
    std::shared_ptr<Ended> ended_;
    std::uint64_t id_ = 0;
};

}  // namespace heddle::checker::detail

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
    using stop_source = checker::detail::CheckedStopSource<P>;
    using stop_token = checker::detail::CheckedStopToken<P>;
    template <class Callback>
    using stop_callback = checker::detail::CheckedStopCallback<P, Callback>;
};

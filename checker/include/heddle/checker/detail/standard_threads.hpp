// std::thread and std::jthread under a checker.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/checker/detail/standard_stops.hpp>
#include <heddle/platform/deadline.hpp>

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

/// std::jthread on platform `P`.
template <class P>
class CheckedJoiningThread {
  public:
    CheckedJoiningThread() noexcept = default;
    template <class Function, class... Args>
    requires(!std::same_as<std::remove_cvref_t<Function>, CheckedJoiningThread>) explicit CheckedJoiningThread(
        Function&& function, Args&&... args)
        : source_(std::in_place, "the stop_source of a jthread") {
        if constexpr (std::is_invocable_v<std::decay_t<Function>, CheckedStopToken<P>, std::decay_t<Args>...>)
            thread_ = CheckedThread<P>(std::forward<Function>(function), get_stop_token(), std::forward<Args>(args)...);
        else thread_ = CheckedThread<P>(std::forward<Function>(function), std::forward<Args>(args)...);
    }
    CheckedJoiningThread(CheckedJoiningThread&& other) noexcept = default;
    CheckedJoiningThread& operator=(CheckedJoiningThread&& other) noexcept {
        CheckedJoiningThread(std::move(other)).swap(*this);  // what was here ends with the temporary
        return *this;
    }
    ~CheckedJoiningThread() {
        if (!joinable() || Run::current() == nullptr) return;
        request_stop();
        join();
    }

    bool joinable() const noexcept { return thread_.joinable(); }
    /// As thread_id() gives it; 0 if it is not joinable.
    std::uint64_t get_id() const noexcept { return thread_.get_id(); }
    void join(Site site = Site::current()) { thread_.join(site); }
    void detach(Site site = Site::current()) { thread_.detach(site); }
    void swap(CheckedJoiningThread& other) noexcept {
        thread_.swap(other.thread_);
        source_.swap(other.source_);
    }

    /// Requires: it was started, and not moved from.
    const CheckedStopSource<P>& get_stop_source() const noexcept { return *source_; }
    CheckedStopToken<P> get_stop_token() const noexcept {
        return source_ ? source_->get_token() : CheckedStopToken<P>();
    }
    bool request_stop(Site site = Site::current()) { return source_ && source_->request_stop(site); }

  private:
    CheckedThread<P> thread_;
    std::optional<CheckedStopSource<P>> source_;
};

}  // namespace heddle::checker::detail

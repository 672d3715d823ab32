// std::stop_source, std::stop_token and std::stop_callback under a checker.
#pragma once

#include <memory>
#include <utility>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/checker/mutex.hpp>
#include <heddle/platform/deadline.hpp>

namespace heddle::checker::detail {

/// What the sources, tokens and callbacks of one request share, on platform `P`.
template <class P>
class StopState {
  public:
    /// A callback, in the list of those that are to be called.
    class Callback {
      public:
        Callback() = default;
        Callback(const Callback&) = delete;
        Callback& operator=(const Callback&) = delete;
        virtual ~Callback() = default;
        virtual void call() = 0;

      private:
        friend StopState;
        Callback* next_ = nullptr;
        bool* is_gone_ = nullptr;   ///< while it is called: where its end is noted
        std::uint64_t caller_ = 0;  ///< who calls it, or has; of nobody while it is in the list
        typename P::template atomic<FutexWord> called_{0, "the return of a stop callback"};
    };

    explicit StopState(const char* name, Site site) : requested_(0, name, site) {}

    bool is_requested(Site site) const {
        return requested_.load(std::memory_order_acquire, site) != 0;  // synchronizes with the exchange in request()
    }

    /// Calls all that are in the list. Returns: whether nobody had requested it before.
    bool request(Site site) {
        // Release: synchronizes with is_requested().
        if (requested_.exchange(1, std::memory_order_acq_rel, site) != 0) return false;
        mutex_.lock(site);
        while (Callback* const callback = first_) {
            first_ = callback->next_;
            callback->caller_ = P::thread_id();
            bool is_gone = false;
            callback->is_gone_ = &is_gone;
            mutex_.unlock(site);
            callback->call();
            if (!is_gone) {
                callback->called_.store(1, std::memory_order_release, site);  // synchronizes with the load in remove()
                P::wake_all(callback->called_, site);
            }
            mutex_.lock(site);
        }
        mutex_.unlock(site);
        return true;
    }

    /// Returns: whether it is in the list; it is not to be called by anybody else if a stop has been requested.
    bool add(Callback& callback, Site site) {
        const std::lock_guard guard(mutex_);
        if (is_requested(site)) return false;
        callback.next_ = std::exchange(first_, &callback);
        return true;
    }

    /// Takes one out of the list that was added, or waits until it has been called, unless it is what ends itself.
    void remove(Callback& callback) {
        {
            const std::lock_guard guard(mutex_);
            Callback** at = &first_;
            while (*at != nullptr && *at != &callback) at = &(*at)->next_;
            if (*at != nullptr) {
                *at = callback.next_;
                return;
            }
        }
        if (callback.caller_ == P::thread_id()) {
            *callback.is_gone_ = true;
            return;
        }
        // Acquire: synchronizes with the release in request().
        while (callback.called_.load(std::memory_order_acquire) == 0) P::wait(callback.called_, 0, Deadline::never());
    }

  private:
    typename P::template atomic<FutexWord> requested_;
    CheckedMutex mutex_{"the callbacks of a stop_source"};
    Callback* first_ = nullptr;  // guarded by the mutex, as what is in a callback
};

/// std::stop_token; one that has a source says that a stop is possible, even if the source is gone.
template <class P>
class CheckedStopToken {
  public:
    CheckedStopToken() noexcept = default;
    explicit CheckedStopToken(std::shared_ptr<StopState<P>> state) noexcept : state_(std::move(state)) {}
    bool stop_requested(Site site = Site::current()) const { return state_ != nullptr && state_->is_requested(site); }
    bool stop_possible() const noexcept { return state_ != nullptr; }
    void swap(CheckedStopToken& other) noexcept { std::swap(state_, other.state_); }
    friend bool operator==(const CheckedStopToken& one, const CheckedStopToken& other) = default;

    const std::shared_ptr<StopState<P>>& state() const noexcept { return state_; }

  private:
    std::shared_ptr<StopState<P>> state_;
};

template <class P>
class CheckedStopSource {
  public:
    explicit CheckedStopSource(const char* name = "stop_source", Site site = Site::current())
        : state_(P::template make_shared<StopState<P>>(name, site)) {}
    bool request_stop(Site site = Site::current()) { return state_->request(site); }
    bool stop_requested(Site site = Site::current()) const { return state_->is_requested(site); }
    bool stop_possible() const noexcept { return true; }
    CheckedStopToken<P> get_token() const noexcept { return CheckedStopToken<P>(state_); }
    friend bool operator==(const CheckedStopSource& one, const CheckedStopSource& other) = default;

  private:
    std::shared_ptr<StopState<P>> state_;
};

template <class P, class Function>
class CheckedStopCallback final : public StopState<P>::Callback {
  public:
    template <class F>
    explicit CheckedStopCallback(const CheckedStopToken<P>& token, F&& function, Site site = Site::current())
        : function_(std::forward<F>(function)), state_(token.state()) {
        if (state_ == nullptr || state_->add(*this, site)) return;
        state_ = nullptr;
        call();
    }
    CheckedStopCallback(const CheckedStopCallback&) = delete;
    CheckedStopCallback& operator=(const CheckedStopCallback&) = delete;
    ~CheckedStopCallback() override {
        if (state_ != nullptr && Run::current() != nullptr) state_->remove(*this);
    }

    void call() override { std::forward<Function>(function_)(); }

  private:
    Function function_;
    std::shared_ptr<StopState<P>> state_;  // none if nobody else calls it
};

}  // namespace heddle::checker::detail

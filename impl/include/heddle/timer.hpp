// Timer: a thread that calls a function after a while, unless it is cancelled.
//
// ```cpp
// bool called = false;
// heddle::Timer timer(std::chrono::milliseconds(1), [&] { called = true; });
// timer.start();
// timer.join();
// EXPECT_TRUE(called);
// ```
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include <heddle/detail/task.hpp>
#include <heddle/event.hpp>
#include <heddle/thread.hpp>

namespace heddle {

/// A Thread that waits for an interval and then calls a function once, in its own thread, unless cancel() came before.
/// Dropping it after start() leaves it running. Source: Python 3.13 threading.Timer.
template <Platform P>
class BasicTimer : public BasicThread<P> {
  public:
    /// A timer that will call `function(args...)`, on its own copies of them, `interval` after start(); zero and
    /// negative ones: at once. Requires: nothing. Returns: that timer, not started. Errors: what copying throws. An
    /// interval that is NaN or above timeout_max throws ValueError or OverflowError in the timer's thread, so that
    /// the excepthook gets it and the function is not called. Visibility: none. Source: Python 3.13 threading.Timer.
    template <class F, class... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
    explicit BasicTimer(Seconds interval, F&& function, Args&&... args)
        : BasicTimer(ThreadOptions{}, interval, std::forward<F>(function), std::forward<Args>(args)...) {}

    /// As BasicTimer(interval, function, args...), with options.
    template <class F, class... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Args>...> BasicTimer(ThreadOptions options, Seconds interval,
                                                                               F&& function, Args&&... args)
        : BasicTimer(std::move(options), interval, P::template make_shared<BasicEvent<P>>(),
                     detail::Task::bind(std::forward<F>(function), std::forward<Args>(args)...)) {}

    /// Keeps the function from being called, if it has not begun: the thread then ends at once. Any thread may call
    /// it at any time, before start() too. Racing with the end of the interval it may lose; then the function runs,
    /// once. Requires: nothing. Returns: nothing. Errors: none. Visibility: happens-before the end of the thread that
    /// it cancels. Source: Python 3.13 Timer.cancel.
    void cancel() noexcept { finished_->set(); }

  private:
    BasicTimer(ThreadOptions options, Seconds interval, std::shared_ptr<BasicEvent<P>> finished, detail::Task task)
        : BasicThread<P>(std::move(options),
                         [interval, finished, task = std::move(task)]() mutable {
                             if (!finished->wait(interval)) task.run_once();
                         }),
          finished_(std::move(finished)) {
        this->needs_no_object();
    }

    std::shared_ptr<BasicEvent<P>> finished_;  // set by cancel()
};

/// The Timer of programs.
using Timer = BasicTimer<StdPlatform>;

}  // namespace heddle

// Timer: firing once, or not at all.
#include <chrono>
#include <functional>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/timer.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

// One thread that uses one timer, whose calls are counted.
template <Platform P, class AnyTimer = BasicTimer<P>>
struct OneTimer {
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> calls{0, "calls"};
    AnyTimer timer{1ms, [this] { calls.write(calls.read() + 1); }};
};

// Beside one that is cancelled, one that is not: a Timer that never calls anything is no Timer.
template <Platform P, class AnyTimer>
struct OneTimerOfTwo : OneTimer<P, AnyTimer> {
    static constexpr int dynamic_threads = 2;
    static constexpr auto search = checker::context_bound(3);
    typename P::template plain<int> others_calls{0, "others_calls"};
    BasicTimer<P> other{1ms, [this] { others_calls.write(others_calls.read() + 1); }};

    void other_fires() {
        other.start();
        other.join();
        check(others_calls.read() == 1, "one that nobody cancels calls its function");
    }
};

template <Platform P, class AnyTimer = BasicTimer<P>>
struct TimerAgainstCancel : OneTimerOfTwo<P, AnyTimer> {
    static constexpr auto claim = "a Timer calls its function once or, if it is cancelled in time, not at all";
    static constexpr auto invariants = "INV-TM-ONCE HB-TIMER";

    void thread(int) {
        this->timer.start();
        this->timer.cancel();
        this->timer.join();
        check(this->calls.read() <= 1, "the function was called at most once");
        this->other_fires();
    }
};

template <Platform P>
struct TimerFiresOnceAtMost : TimerAgainstCancel<P> {};
HEDDLE_MODEL(TimerFiresOnceAtMost);

template <Platform>
struct TimerUnordered : TimerAgainstCancel<checker::LocksBySpecification<checker::ReleasesRelaxed>> {
    static constexpr auto breaks = "HB-TIMER";
    static constexpr auto fails_at = "calls";
};
HEDDLE_BROKEN_MODEL(TimerUnordered, failure::data_race);

template <Platform P>
class FiresAgain : public BasicTimer<P> {
  public:
    FiresAgain(Seconds interval, std::function<void()> function)
        : BasicTimer<P>(interval, [function] {
              function();
              function();
          }) {}

  protected:
    bool runs_on_object() const override { return false; }
};
template <Platform P>
struct TimerFiresTwice : TimerAgainstCancel<P, FiresAgain<P>> {
    static constexpr auto breaks = "INV-TM-ONCE";
    static constexpr auto fails_at = "the function was called at most once";
};
HEDDLE_BROKEN_MODEL(TimerFiresTwice, failure::assertion);

template <Platform P, class AnyTimer = BasicTimer<P>>
struct TimerCancelledEarly : OneTimerOfTwo<P, AnyTimer> {
    static constexpr auto claim = "a Timer that is cancelled before it starts does not call its function";
    static constexpr auto invariants = "INV-TM-CANCEL";

    void thread(int) {
        this->timer.cancel();
        this->timer.start();
        this->timer.join();
        check(this->calls.read() == 0, "the function was not called");
        this->other_fires();
    }
};

template <Platform P>
struct TimerCanBeCancelled : TimerCancelledEarly<P> {};
HEDDLE_MODEL(TimerCanBeCancelled);

template <Platform P>
struct IgnoresCancel : BasicTimer<P> {
    using BasicTimer<P>::BasicTimer;
    void cancel() {}

  protected:
    bool runs_on_object() const override { return false; }
};
template <Platform P>
struct TimerIgnoresCancel : TimerCancelledEarly<P, IgnoresCancel<P>> {
    static constexpr auto breaks = "INV-TM-CANCEL";
    static constexpr auto fails_at = "the function was not called";
};
HEDDLE_BROKEN_MODEL(TimerIgnoresCancel, failure::assertion);

// A platform on which no time passes: only a cancel ends the wait of a Timer.
template <Platform P>
struct TimeStands : P {
    static WaitResult wait(const typename P::template atomic<FutexWord>& word, FutexWord expected, Deadline) {
        return P::wait(word, expected, Deadline::never());
    }
};
template <Platform P, class AnyTimer = BasicTimer<TimeStands<P>>>
struct TimerCancelledLate {
    static constexpr auto claim = "a Timer that is cancelled while it waits ends at once, and calls nothing";
    static constexpr auto invariants = "INV-TM-CANCEL";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(4);
    typename P::template plain<int> calls{0, "calls"};
    AnyTimer timer{1ms, [this] { calls.write(calls.read() + 1); }};

    void thread(int) {
        timer.start();
        timer.cancel();
        timer.join();
        check(calls.read() == 0, "the function was not called");
    }
};

template <Platform P>
struct TimerIsCancelledWhileItWaits : TimerCancelledLate<P> {};
HEDDLE_MODEL(TimerIsCancelledWhileItWaits);

template <Platform P>
struct TimerWaitsOn : TimerCancelledLate<P, IgnoresCancel<TimeStands<P>>> {
    static constexpr auto breaks = "INV-TM-CANCEL";
    static constexpr auto fails_at = "Event.word";
};
HEDDLE_BROKEN_MODEL(TimerWaitsOn, failure::deadlock);

template <Platform P, class AnyTimer = BasicTimer<P>>
struct TimerUncancelled : OneTimer<P, AnyTimer> {
    static constexpr auto claim = "a Timer that nobody cancels calls its function once, before join returns";
    static constexpr auto invariants = "INV-TM-ONCE HB-TIMER";

    void thread(int) {
        this->timer.start();
        this->timer.join();
        check(this->calls.read() == 1, "the function was called once");
    }
};
template <Platform P>
struct TimerFires : TimerUncancelled<P> {};
HEDDLE_MODEL(TimerFires);

template <Platform P>
class CancelledByItself : public BasicTimer<P> {
  public:
    using BasicTimer<P>::BasicTimer;
    void start() {
        this->cancel();
        BasicTimer<P>::start();
    }

  protected:
    bool runs_on_object() const override { return false; }
};
template <Platform P>
struct TimerNeverFires : TimerUncancelled<P, CancelledByItself<P>> {
    static constexpr auto breaks = "INV-TM-ONCE";
    static constexpr auto fails_at = "the function was called once";
};
HEDDLE_BROKEN_MODEL(TimerNeverFires, failure::assertion);

}  // namespace heddle::models

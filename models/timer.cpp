// Timer and Local.
#include <chrono>
#include <memory>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/local.hpp>
#include <heddle/timer.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

// One thread that uses one timer, whose calls are counted.
template <Platform P, class AnyTimer = BasicTimer<P>>
struct OneTimer {
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> calls{0, "calls"};
    AnyTimer timer{1ms, [this] { calls.write(calls.read() + 1); }};
};

template <Platform P, class AnyTimer = BasicTimer<P>>
struct TimerAgainstCancel : OneTimer<P, AnyTimer> {
    static constexpr auto claim = "a Timer calls its function once or, if it is cancelled in time, not at all";
    static constexpr auto invariants = "INV-TM-ONCE HB-TIMER";

    void thread(int) {
        this->timer.start();
        this->timer.cancel();
        this->timer.join();
        check(this->calls.read() <= 1, "the function was called at most once");
    }
};

template <Platform P>
struct TimerFiresOnceAtMost : TimerAgainstCancel<P> {};
HEDDLE_MODEL(TimerFiresOnceAtMost);

template <Platform>
struct TimerUnordered : TimerAgainstCancel<checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(TimerUnordered, failure::data_race);

template <Platform P, class AnyTimer = BasicTimer<P>>
struct TimerCancelledEarly : OneTimer<P, AnyTimer> {
    static constexpr auto claim = "a Timer that is cancelled before it starts does not call its function";
    static constexpr auto invariants = "INV-TM-CANCEL";

    void thread(int) {
        this->timer.cancel();
        this->timer.start();
        this->timer.join();
        check(this->calls.read() == 0, "the function was not called");
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
struct TimerIgnoresCancel : TimerCancelledEarly<P, IgnoresCancel<P>> {};
HEDDLE_BROKEN_MODEL(TimerIgnoresCancel, failure::assertion);

template <Platform P>
struct TimerUncancelled : OneTimer<P> {
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

// A value that tells when it is destroyed.
template <Platform P>
struct Traced {
    explicit Traced(typename P::template plain<int>& count) : destroyed(count) {}
    ~Traced() { destroyed.write(destroyed.read() + 1); }
    typename P::template plain<int>& destroyed;
    int value = 0;
};

template <Platform P>
struct LocalOfAThread {
    static constexpr auto claim = "a thread's value of a Local is destroyed before join returns";
    static constexpr auto invariants = "INV-TL-DTOR INV-TL-INIT HB-JOIN";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> destroyed{0, "destroyed"};
    typename P::template plain<int> made{0, "made"};
    BasicLocal<P, std::unique_ptr<Traced<P>>> local{[this] {
        made.write(made.read() + 1);
        return std::make_unique<Traced<P>>(destroyed);
    }};

    void thread(int) {
        BasicThread<P> worker([this] {
            local.get()->value = 1;
            check(local.get()->value == 1, "the value stays");
        });
        worker.start();
        worker.join();
        check(made.read() == 1, "the value was made once");
        check(destroyed.read() == 1, "the value is gone");
    }
};

template <Platform P>
struct LocalEndsWithItsThread : LocalOfAThread<P> {};
HEDDLE_MODEL(LocalEndsWithItsThread);

template <Platform>
struct LocalEndsUnordered : LocalOfAThread<checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(LocalEndsUnordered, failure::data_race);

template <Platform P>
struct SharedByAll {  // one value for all threads
    int& get() {
        touched.write();
        return value;
    }
    typename P::region touched{"local"};
    int value = 0;
};
template <Platform P, class AnyLocal = BasicLocal<P, int>>
struct TwoThreadsOneLocal {
    static constexpr auto claim = "each thread has its own value of a Local";
    static constexpr auto invariants = "INV-TL-ISO";
    static constexpr int threads = 2;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    AnyLocal local;

    void thread(int index) {
        local.get() = index + 1;
        check(local.get() == index + 1, "the value is the thread's own");
    }
};

template <Platform P>
struct LocalIsolates : TwoThreadsOneLocal<P> {};
HEDDLE_MODEL(LocalIsolates);

template <Platform P>
struct LocalShared : TwoThreadsOneLocal<P, SharedByAll<P>> {};
HEDDLE_BROKEN_MODEL(LocalShared, failure::data_race);

}  // namespace heddle::models

// Event: who waits for the flag and who sets it.
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/event.hpp>

namespace heddle::models {

template <Platform P, int waiters = 2>
struct SettingAnEvent {
    static constexpr auto claim = "set() lets every waiting thread go on, and publishes what came before it";
    static constexpr auto invariants = "INV-E-ALL INV-E-NOLOST HB-EVT";
    static constexpr int threads = waiters + 1;
    static constexpr unsigned spurious_wakeups = waiters == 2 ? 1 : 0;
    static constexpr auto search = checker::context_bound(4);
    BasicEvent<P> event;
    typename P::template plain<int> message{0, "message"};

    void thread(int index) {
        if (index == 0) {
            message.write(1);
            event.set();
            return;
        }
        check(event.wait(), "an untimed wait returns true");
        check(message.read() == 1, "what was written before set is seen");
    }
};

template <Platform P>
struct EventReleasesEveryWaiter : SettingAnEvent<P> {};
HEDDLE_MODEL(EventReleasesEveryWaiter);

template <Platform>
struct EventReleasesOneWaiter : SettingAnEvent<checker::WakeAllWakesOne> {
    static constexpr auto breaks = "INV-E-ALL";
    static constexpr auto fails_at = "Event.word";
};
HEDDLE_BROKEN_MODEL(EventReleasesOneWaiter, failure::deadlock);

template <Platform>
struct EventWakesNobody : SettingAnEvent<checker::WakeAllDropped> {
    static constexpr auto breaks = "INV-E-NOLOST";
    static constexpr auto fails_at = "Event.word";
};
HEDDLE_BROKEN_MODEL(EventWakesNobody, failure::deadlock);

template <Platform>
struct EventSetRelaxed : SettingAnEvent<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "HB-EVT";
    static constexpr auto fails_at = "message";
};
HEDDLE_BROKEN_MODEL(EventSetRelaxed, failure::data_race);

// As many as Relacy takes.
template <Platform P>
struct FiveWaiters : SettingAnEvent<P, 5> {
    static constexpr auto search = checker::random_search(2000);
};
template <Platform P>
struct EventReleasesFive : FiveWaiters<P> {};
HEDDLE_MODEL(EventReleasesFive);

template <Platform>
struct EventReleasesOneOfFive : FiveWaiters<checker::WakeAllWakesOne> {
    static constexpr auto breaks = "INV-E-ALL";
    static constexpr auto fails_at = "Event.word";
};
HEDDLE_BROKEN_MODEL(EventReleasesOneOfFive, failure::deadlock);

// The flag is cleared by a third thread, maybe before the waiter looks at it again.
template <Platform P, class AnyEvent = BasicEvent<P>>
struct Pulse {
    static constexpr auto claim =
        "a wait that returns true has seen what came before set, although another cleared the flag";
    static constexpr auto invariants = "INV-E-SETCLEAR HB-EVT";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    AnyEvent event;
    typename P::template plain<int> message{0, "message"};

    void thread(int index) {
        if (index == 0) {
            message.write(1);
            event.set();
        } else if (index == 1) {
            event.clear();
        } else if (event.wait(Seconds(1))) {
            check(message.read() == 1, "what was written before set is seen");
        }
    }
    void after() {
        event.set();
        check(event.wait(Seconds(0)), "it can be set again");
        event.clear();
        check(!event.wait(Seconds(0)), "and cleared");
    }
};

template <Platform P>
struct EventPulsePublishes : Pulse<P> {};
HEDDLE_MODEL(EventPulsePublishes);

// A clear that is a store breaks the release sequence of the set before it.
template <Platform P>
class ClearsByStore {
  public:
    void set() {
        word_.fetch_or(1, std::memory_order_release);  // release: as in Event
        P::wake_all(word_);
    }
    void clear() {
        const FutexWord word = word_.load(std::memory_order_relaxed);         // relaxed: the mistake is the store
        if (word % 2 == 1) word_.store(word + 1, std::memory_order_relaxed);  // relaxed: the mistake
    }
    bool wait(Seconds timeout) {
        const FutexWord first = word_.load(std::memory_order_acquire);  // acquire: as in Event
        if (first % 2 == 1) return true;
        P::wait(word_, first, heddle::detail::deadline_after<P>(timeout));
        return word_.load(std::memory_order_acquire) != first;  // acquire: as in Event
    }

  private:
    typename P::template atomic<FutexWord> word_{0, "Event.word"};
};
template <Platform P>
struct EventClearedByStore : Pulse<P, ClearsByStore<P>> {
    static constexpr auto breaks = "HB-EVT";
    static constexpr auto fails_at = "message";
};
HEDDLE_BROKEN_MODEL(EventClearedByStore, failure::data_race);

template <Platform P, class AnyEvent = BasicEvent<P>>
struct Handshake {
    static constexpr auto claim = "an untimed wait that began before set();clear() returns";
    static constexpr auto invariants = "INV-E-SETCLEAR INV-E-NOLOST";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    AnyEvent event;
    AnyEvent second;

    void thread(int index) {
        if (index == 0) {
            event.set();
            event.clear();
            second.set();
        } else if (!event.wait(Seconds(1))) {
            second.wait();
        }
    }
};

template <Platform P>
struct EventWaitEnds : Handshake<P> {};
HEDDLE_MODEL(EventWaitEnds);

// Looks at the flag again instead of asking whether it was set since.
template <Platform P>
class LooksAtTheFlag {
  public:
    void set() {
        flag_.store(1, std::memory_order_release);  // release: as in Event
        P::wake_all(flag_);
    }
    void clear() { flag_.store(0, std::memory_order_relaxed); }  // relaxed: as in Event
    bool wait(Seconds = Seconds(1)) {
        while (flag_.load(std::memory_order_acquire) == 0)
            P::wait(flag_, 0, Deadline::never());  // acquire: as in Event
        return true;
    }

  private:
    typename P::template atomic<FutexWord> flag_{0, "Event.flag"};
};
template <Platform P>
struct EventLooksAtTheFlag : Handshake<P, LooksAtTheFlag<P>> {
    static constexpr auto breaks = "INV-E-SETCLEAR";
    static constexpr auto fails_at = "Event.flag";
};
HEDDLE_BROKEN_MODEL(EventLooksAtTheFlag, failure::deadlock);

template <Platform P>
struct AskingAnEvent {
    static constexpr auto claim = "is_set() that returns true has seen what came before set";
    static constexpr auto invariants = "HB-EVT";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    BasicEvent<P> event;
    typename P::template plain<int> message{0, "message"};

    void thread(int index) {
        if (index == 0) {
            message.write(1);
            event.set();
        } else if (event.is_set()) {
            check(message.read() == 1, "what was written before set is seen");
        }
    }
    void after() { check(event.is_set(), "it is set in the end"); }
};

template <Platform P>
struct EventIsSetPublishes : AskingAnEvent<P> {};
HEDDLE_MODEL(EventIsSetPublishes);

template <Platform>
struct EventIsSetRelaxed : AskingAnEvent<checker::AcquiresRelaxed> {
    static constexpr auto breaks = "HB-EVT";
    static constexpr auto fails_at = "message";
};
HEDDLE_BROKEN_MODEL(EventIsSetRelaxed, failure::data_race);

// A set of a flag that is set, while another clears it and sets it again: one of the sets comes last.
template <Platform P>
struct SetAgainstClear {
    static constexpr auto claim = "a set is not undone by a clear that came before it";
    static constexpr auto invariants = "INV-E-NOLOST";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    BasicEvent<P> event;

    SetAgainstClear() { event.set(); }
    void thread(int index) {
        if (index == 0) {
            event.set();
        } else if (index == 1) {
            event.clear();
            event.set();
        } else {
            event.wait();
        }
    }
    void after() { check(event.is_set(), "a set came last"); }
};

template <Platform P>
struct EventSetComesLast : SetAgainstClear<P> {};
HEDDLE_MODEL(EventSetComesLast);

// A set that was torn writes back a flag that was cleared meanwhile, and wakes nobody, since it had seen the flag set.
template <Platform>
struct EventSetTorn : SetAgainstClear<checker::TornReadModifyWrites> {
    static constexpr auto breaks = "INV-E-NOLOST";
    static constexpr auto fails_at = "Event.word";
};
HEDDLE_BROKEN_MODEL(EventSetTorn, failure::deadlock);

}  // namespace heddle::models

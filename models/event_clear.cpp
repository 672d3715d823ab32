// Event: what clear() takes away, and what it leaves.
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/event.hpp>

namespace heddle::models {

template <Platform P, class AnyEvent = BasicEvent<P>>
struct ClearingAnEvent {
    static constexpr auto claim = "after clear() the flag is clear, and who was let go has seen what came before set()";
    static constexpr auto invariants = "HB-EVT";
    static constexpr int threads = 2;
    AnyEvent event;
    typename P::template plain<int> message{0, "message"};

    void thread(int index) {
        if (index == 0) {
            message.write(1);
            event.set();
            check(event.is_set(), "the flag is set");
            event.clear();
            check(!event.is_set(), "the flag is clear");
            event.clear();
            check(!event.is_set(), "to clear it again changes nothing");
        } else if (event.wait(Seconds(1))) {
            check(message.read() == 1, "what was written before set is seen");
        }
    }
};

template <Platform P>
struct EventClearHidesTheFlag : ClearingAnEvent<P> {};
HEDDLE_MODEL(EventClearHidesTheFlag);

template <Platform P>
struct NeverCleared : BasicEvent<P> {
    void clear() {}
};
template <Platform P>
struct EventIsNeverCleared : ClearingAnEvent<P, NeverCleared<P>> {
    static constexpr auto fails_at = "the flag is clear";
};
HEDDLE_BROKEN_MODEL(EventIsNeverCleared, failure::assertion);

// What counts the clears of an Event must not go back: whoever waits would take that for a set.
template <Platform P, class AnyEvent = BasicEvent<P>>
struct ClearedByTwo {
    static constexpr auto claim = "a wait after the last set and a clear times out, however many clear the Event";
    static constexpr auto invariants = "INV-E-TRUE";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyEvent event;

    ClearedByTwo() { event.set(); }
    void thread(int index) {
        event.clear();
        if (index == 0) return;
        event.set();
        event.clear();
        check(!event.wait(Seconds(1)), "nobody has set it since");
    }
};

template <Platform P>
struct EventClearedByTwoStaysClear : ClearedByTwo<P> {};
HEDDLE_MODEL(EventClearedByTwoStaysClear);

template <Platform>
struct EventClearedInTwoSteps : ClearedByTwo<checker::TornReadModifyWrites> {
    static constexpr auto breaks = "INV-E-TRUE";
    static constexpr auto fails_at = "nobody has set it since";
};
HEDDLE_BROKEN_MODEL(EventClearedInTwoSteps, failure::assertion);

}  // namespace heddle::models

// What a thread is from the beginning, whoever started it: its name, its place among the others, what it cannot do.
#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <string>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/event.hpp>
#include <heddle/thread.hpp>

#include "fails_with.hpp"

namespace heddle::models {

using namespace std::chrono_literals;

inline int number_in(const std::string& name, const std::string& before_it) {
    return name.starts_with(before_it) ? std::stoi(name.substr(before_it.size())) : -1;
}

template <Platform P, class AnyThread = BasicThread<P>>
struct NamesInARow {
    static constexpr auto claim = "generated names are numbered, and a thread that is given a name takes no number";
    static constexpr auto invariants = "INV-T-NAME";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;

    void thread(int) {
        const int first = number_in(AnyThread([] {}).name(), "Thread-");
        check(first > 0, "a name is generated");
        check(AnyThread(ThreadOptions{.name = "named"}, [] {}).name() == "named", "or given");
        check(number_in(AnyThread([] {}).name(), "Thread-") == first + 1, "the next number is the next one's");
    }
};

template <Platform P>
struct ThreadNamesAreInARow : NamesInARow<P> {};
HEDDLE_MODEL(ThreadNamesAreInARow);

// Renames what it has made.
template <Platform P>
struct NamedLater : BasicThread<P> {
    explicit NamedLater(void (*function)()) : BasicThread<P>(function) {}
    NamedLater(ThreadOptions options, void (*function)()) : BasicThread<P>(function) { this->set_name(options.name); }
};
template <Platform P>
struct ThreadNamesAreSkipped : NamesInARow<P, NamedLater<P>> {
    static constexpr auto breaks = "INV-T-NAME";
    static constexpr auto fails_at = "the next number is the next one's";
};
HEDDLE_BROKEN_MODEL(ThreadNamesAreSkipped, failure::assertion);

// The second thread of a model is none that heddle has started.
template <Platform P>
BasicThreadHandle<P> handle_of_the_caller() {
    return current_thread<P>();
}
template <Platform P, BasicThreadHandle<P> (*handle)() = &handle_of_the_caller<P>>
struct ThreadOfOthers {
    static constexpr auto claim = "a thread that heddle has not started is a daemon named Dummy, listed until it ends";
    static constexpr auto invariants = "INV-T-CURRENT INV-T-ENUM";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(2);
    std::optional<BasicThreadHandle<P>> dummy;
    std::optional<BasicThreadHandle<P>> late;

    void thread(int index) {
        check(!main_thread<P>().daemon() && main_thread<P>().name() == "MainThread", "the main thread is no dummy");
        if (index == 0) return;
        P::at_thread_exit([this] {  // after the dummy has ended
            late = current_thread<P>();
            check(late->is_alive() && *late == current_thread<P>(), "who asks late is known, too");
        });
        dummy = handle();
        check(*dummy == current_thread<P>(), "it is one thread");
        check(dummy->daemon() && dummy->is_alive() && number_in(dummy->name(), "Dummy-") > 0, "a dummy");
        check(dummy->ident() == get_ident<P>() && is_listed(), "which is known");
        check(BasicThread<P>([] {}).daemon(), "what a daemon makes is a daemon, too");
        check(!BasicThread<P>(ThreadOptions{.daemon = false}, [] {}).daemon(), "unless it is told otherwise");
    }
    void after() { check(!dummy->is_alive() && !is_listed() && !late->is_alive(), "until it ends"); }
    bool is_listed() const {
        const auto all = enumerate<P>();
        return std::count(all.begin(), all.end(), *dummy) == 1;
    }
};

template <Platform P>
struct ThreadOfOthersIsADummy : ThreadOfOthers<P> {};
HEDDLE_MODEL(ThreadOfOthersIsADummy);

template <Platform P>
BasicThreadHandle<P> handle_of_a_new_one() {
    return BasicThread<P>([] {});
}
template <Platform P>
struct ThreadOfOthersIsNew : ThreadOfOthers<P, &handle_of_a_new_one<P>> {
    static constexpr auto breaks = "INV-T-CURRENT";
    static constexpr auto fails_at = "it is one thread";
};
HEDDLE_BROKEN_MODEL(ThreadOfOthersIsNew, failure::assertion);

template <Platform P, bool latest_first = false>
struct ListInOrder {
    static constexpr auto claim = "threads are listed in the order of their starts, behind the main one";
    static constexpr auto invariants = "INV-T-ENUM";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 2;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(1);
    BasicLock<P> gate;
    BasicThread<P> early{[this] { gate.acquire(), gate.release(); }};
    BasicThread<P> late{[this] { gate.acquire(), gate.release(); }};

    void thread(int) {
        gate.acquire();
        early.start();
        late.start();
        auto all = enumerate<P>();
        if (latest_first) std::reverse(all.begin(), all.end());
        const auto of_early = std::find(all.begin(), all.end(), early);
        check(all.front() == main_thread<P>() && of_early != all.end(), "the main thread comes first");
        check(std::find(of_early, all.end(), late) != all.end(), "then who has started first");
        gate.release();
        early.join();
        late.join();
    }
};

template <Platform P>
struct ThreadsAreListedInOrder : ListInOrder<P> {};
HEDDLE_MODEL(ThreadsAreListedInOrder);

template <Platform P>
struct ThreadsAreListedLatestFirst : ListInOrder<P, true> {
    static constexpr auto breaks = "INV-T-ENUM";
    static constexpr auto fails_at = "the main thread comes first";
};
HEDDLE_BROKEN_MODEL(ThreadsAreListedLatestFirst, failure::assertion);

// On real threads a model has no main thread. It has not asked for itself before.
template <Platform P>
void join_the_main_thread() {
    main_thread<P>().join();
}
template <Platform P, void (*join)() = &join_the_main_thread<P>>
struct JoinOfTheMainThread {
    static constexpr auto claim = "the main thread that joins itself is refused, also before it has asked who it is";
    static constexpr auto invariants = "INV-T-JOINSELF";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;

    void thread(int) {
        const BasicThread<P> touched([] {});
        if (!P::is_main_thread()) return;
        refuses(join);
        refuses([] { (void)main_thread<P>().join(Seconds(std::numeric_limits<double>::quiet_NaN())); });
        (void)current_thread<P>();
        refuses(join);
    }
    template <class Call>
    static void refuses(const Call& call) {
        fails_with<RuntimeError>(call, "the join is refused");
    }
};

template <Platform P>
struct MainThreadCannotJoinItself : JoinOfTheMainThread<P> {};
HEDDLE_MODEL(MainThreadCannotJoinItself);

template <Platform P>
void wait_for_the_main_thread() {
    const auto main = main_thread<P>();
    BasicEvent<P> never_set;
    while (main.is_alive()) never_set.wait();
}
template <Platform P>
struct MainThreadWaitsForItself : JoinOfTheMainThread<P, &wait_for_the_main_thread<P>> {
    static constexpr auto breaks = "INV-T-JOINSELF";
    static constexpr auto fails_at = "Event.word";
};
HEDDLE_BROKEN_MODEL(MainThreadWaitsForItself, failure::deadlock);

template <Platform P>
struct ThreadNamesDiffer {
    static constexpr auto claim = "two threads made at once get different names";
    static constexpr auto invariants = "INV-T-NAME";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    BasicLock<P> lock;
    std::string names[2];

    void thread(int index) { names[index] = BasicThread<P>().name(); }
    void after() { check(names[0] != names[1], "the names differ"); }
};
HEDDLE_MODEL(ThreadNamesDiffer);

template <Platform>
struct ThreadNamesRepeat : ThreadNamesDiffer<checker::TornReadModifyWrites> {
    static constexpr auto breaks = "INV-T-NAME";
    static constexpr auto fails_at = "the names differ";
};
HEDDLE_BROKEN_MODEL(ThreadNamesRepeat, failure::assertion);

// Two threads that join each other are not refused: nobody can see it, and both wait for ever.
template <Platform P>
struct ThreadsJoinEachOther {
    static constexpr auto claim = "threads that join each other end (they do not)";
    static constexpr auto fails_at = "Thread.phase";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 2;
    BasicLock<P> gate;

    void thread(int) {
        gate.acquire();
        BasicThread<P>* other = nullptr;
        BasicThread<P> first([&] {
            gate.acquire();
            other->join();
        });
        BasicThread<P> second([&] { first.join(); });
        other = &second;
        first.start();
        second.start();
        gate.release();
        second.join();
        first.join();
    }
};
HEDDLE_BROKEN_MODEL(ThreadsJoinEachOther, failure::deadlock);

}  // namespace heddle::models

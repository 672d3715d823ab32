// What threads know of each other: who they are, who is listed, who is joined.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

template <Platform P>
BasicThreadHandle<P> handle_of() {
    return current_thread<P>();
}

template <Platform P, std::uint64_t (*ident)(), BasicThreadHandle<P> (*handle)() = &handle_of<P>>
struct IdentsOfTwo {
    static constexpr auto claim = "two threads have different idents, and each keeps its own";
    static constexpr auto invariants = "INV-T-IDENT INV-T-CURRENT";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    typename P::template atomic<std::uint64_t> idents[2]{typename P::template atomic<std::uint64_t>(0),
                                                         typename P::template atomic<std::uint64_t>(0)};
    std::string names[2];  // each written by one thread, and read after its end

    void thread(int index) {
        // NOLINTNEXTLINE(misc-redundant-expression): each asks anew
        check(handle() == handle(), "one thread, one handle");
        idents[index].store(ident(), std::memory_order_relaxed);  // relaxed: read after the threads have ended
        check(ident() == idents[index].load(std::memory_order_relaxed), "the ident stays");
        names[index] = handle().name();
    }
    void after() {
        const auto first = idents[0].load(std::memory_order_relaxed);
        check(first != 0 && first != idents[1].load(std::memory_order_relaxed), "the idents differ");
        check(names[0] != names[1], "the names differ");
    }
};

template <Platform P>
std::uint64_t ident_of() {
    return get_ident<P>();
}
template <Platform P>
struct ThreadIdentsDiffer : IdentsOfTwo<P, &ident_of<P>> {};
HEDDLE_MODEL(ThreadIdentsDiffer);

template <Platform P>
std::uint64_t same_for_all() {
    return 1;
}
template <Platform P>
struct ThreadIdentsRepeat : IdentsOfTwo<P, &same_for_all<P>> {
    static constexpr auto breaks = "INV-T-IDENT";
    static constexpr auto fails_at = "the idents differ";
};
HEDDLE_BROKEN_MODEL(ThreadIdentsRepeat, failure::assertion);

template <Platform P>
BasicThreadHandle<P> new_at_each_call() {
    return BasicThread<P>();
}
template <Platform P>
struct ThreadHandlesDiffer : IdentsOfTwo<P, &ident_of<P>, &new_at_each_call<P>> {
    static constexpr auto breaks = "INV-T-CURRENT";
    static constexpr auto fails_at = "one thread, one handle";
};
HEDDLE_BROKEN_MODEL(ThreadHandlesDiffer, failure::assertion);

template <Platform P>
bool is_listed(const BasicThread<P>& thread) {
    const auto all = enumerate<P>();
    return std::find(all.begin(), all.end(), thread) != all.end();
}

template <Platform P, void (*wait_for)(BasicThread<P>&), class AnyThread = BasicThread<P>>
struct ListOfThreads {
    static constexpr auto claim = "a thread is listed once start has returned, until join returns";
    static constexpr auto invariants = "INV-T-ENUM HB-STARTED";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(10);
    BasicLock<P> gate;

    void thread(int) {
        gate.acquire();
        AnyThread worker([this, &worker] {
            check(current_thread<P>() == worker, "a thread knows itself");
            gate.acquire();
        });
        check(!is_listed<P>(worker), "not before the start");
        worker.start();
        check(worker.ident().has_value(), "start returns when the ident is known");
        check(is_listed<P>(worker), "listed while it runs");
        gate.release();
        wait_for(worker);
        check(!is_listed<P>(worker), "not after the end");
        worker.join();
    }
};

template <Platform P>
void wait_by_join(BasicThread<P>& thread) {
    thread.join();
}
template <Platform P>
struct ThreadsAreListed : ListOfThreads<P, &wait_by_join<P>> {};
HEDDLE_MODEL(ThreadsAreListed);

template <Platform P>
void do_not_wait(BasicThread<P>&) {}
template <Platform P>
struct ThreadsListedTooLong : ListOfThreads<P, &do_not_wait<P>> {
    static constexpr auto breaks = "INV-T-ENUM";
    static constexpr auto fails_at = "not after the end";
};
HEDDLE_BROKEN_MODEL(ThreadsListedTooLong, failure::assertion);

// start() leaves the work to another thread and does not wait for it.
template <Platform P>
class ReturnsEarly : public BasicThread<P> {
  public:
    using BasicThread<P>::BasicThread;
    void start() {
        P::spawn([this] { BasicThread<P>::start(); }, [] {}, 0);
    }

  protected:
    bool runs_on_object() const override { return false; }
};
template <Platform P>
struct ThreadStartReturnsEarly : ListOfThreads<P, &wait_by_join<P>, ReturnsEarly<P>> {
    static constexpr int dynamic_threads = 2;
    static constexpr auto breaks = "HB-STARTED";
    static constexpr auto fails_at = "start returns when the ident is known";
};
HEDDLE_BROKEN_MODEL(ThreadStartReturnsEarly, failure::assertion);

template <Platform P>
void join_current() {
    current_thread<P>().join();
}
template <Platform P, void (*join_itself)() = &join_current<P>>
struct JoinOfItself {
    static constexpr auto claim = "a thread that joins itself is refused, and does not wait for ever";
    static constexpr auto invariants = "INV-T-JOINSELF";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    typename P::template plain<bool> refused{false, "refused"};

    void thread(int) {
        BasicThread<P> worker([this] {
            try {
                join_itself();
            } catch (const RuntimeError&) {
                refused.write(true);
            }
        });
        worker.start();
        worker.join();
        check(refused.read(), "the join was refused");
    }
};

template <Platform P>
struct ThreadCannotJoinItself : JoinOfItself<P> {};
HEDDLE_MODEL(ThreadCannotJoinItself);

template <Platform P>
void wait_for_own_end() {
    using State = heddle::detail::ThreadState<P>;
    heddle::detail::Runtime<P>::current()->wait_while(State::started, Deadline::never());
}
template <Platform P>
struct ThreadWaitsForItself : JoinOfItself<P, &wait_for_own_end<P>> {
    static constexpr auto breaks = "INV-T-JOINSELF";
    static constexpr auto fails_at = "Thread.phase";
};
HEDDLE_BROKEN_MODEL(ThreadWaitsForItself, failure::deadlock);

template <Platform P>
std::vector<BasicThreadHandle<P>> list_of() {
    return enumerate<P>();
}
template <Platform P, std::vector<BasicThreadHandle<P>> (*list)() = &list_of<P>>
struct ListOfTheMainThread {
    static constexpr auto claim = "the main thread is listed, once, whoever asked for it before";
    static constexpr auto invariants = "INV-T-ENUM";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;

    void thread(int) {
        check(times_listed() == 1, "once before it has asked for itself");
        (void)current_thread<P>();
        check(times_listed() == 1, "and once afterwards");
        // On real threads a model has no main thread.
        if (P::is_main_thread()) check(current_thread<P>() == main_thread<P>(), "the first thread is the main one");
        check(main_thread<P>().is_alive() && main_thread<P>().ident().has_value(), "it is alive and has its ids");
    }
    std::ptrdiff_t times_listed() const {
        const auto all = list();
        return std::count(all.begin(), all.end(), main_thread<P>());
    }
};
template <Platform P>
struct MainThreadIsListedOnce : ListOfTheMainThread<P> {};
HEDDLE_MODEL(MainThreadIsListedOnce);

template <Platform P>
std::vector<BasicThreadHandle<P>> list_with_the_caller() {
    auto all = enumerate<P>();
    all.push_back(current_thread<P>());
    return all;
}
template <Platform P>
struct MainThreadIsListedTwice : ListOfTheMainThread<P, &list_with_the_caller<P>> {
    static constexpr auto breaks = "INV-T-ENUM";
    static constexpr auto fails_at = "once before it has asked for itself";
};
HEDDLE_BROKEN_MODEL(MainThreadIsListedTwice, failure::assertion);

template <Platform P, std::vector<BasicThreadHandle<P>> (*list)() = &list_of<P>>
struct ListMeanwhile {
    static constexpr auto claim = "any thread may list all threads while others begin and end";
    static constexpr auto invariants = "INV-T-ENUM";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(2);
    BasicThread<P> worker{[] {}};

    void thread(int index) {
        if (index == 1) {
            const bool was_alive = worker.is_alive();
            const auto all = list();
            const auto times = std::count(all.begin(), all.end(), worker);
            check(times == std::ssize(all) - 1, "the main thread, and it");
            return check(times != 0 || !was_alive || !worker.is_alive(), "who is not listed any more has ended");
        }
        worker.start();
        worker.join();
        check(active_count<P>() == 1, "it is not listed after its end, however soon that came");
    }
};

template <Platform P>
struct ThreadsAreListedMeanwhile : ListMeanwhile<P> {};
HEDDLE_MODEL(ThreadsAreListedMeanwhile);

template <Platform P>
std::vector<BasicThreadHandle<P>> list_with_itself() {
    (void)current_thread<P>();
    return enumerate<P>();
}
template <Platform P>
struct ThreadsAreListedWithTheCaller : ListMeanwhile<P, &list_with_itself<P>> {
    static constexpr auto breaks = "INV-T-ENUM";
    static constexpr auto fails_at = "the main thread, and it";
};
HEDDLE_BROKEN_MODEL(ThreadsAreListedWithTheCaller, failure::assertion);

}  // namespace heddle::models

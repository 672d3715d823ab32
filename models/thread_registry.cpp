// What threads know of each other: who they are, who is alive, who is waited for.
#include <algorithm>
#include <cstdint>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

template <Platform P, std::uint64_t (*ident)()>
struct IdentsOfTwo {
    static constexpr auto claim = "two threads have different idents, and each keeps its own";
    static constexpr auto invariants = "INV-T-IDENT INV-T-CURRENT";
    static constexpr int threads = 2;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    typename P::template atomic<std::uint64_t> idents[2]{typename P::template atomic<std::uint64_t>(0),
                                                         typename P::template atomic<std::uint64_t>(0)};

    void thread(int index) {
        check(current_thread<P>() == current_thread<P>(), "one thread, one handle");
        idents[index].store(ident(), std::memory_order_relaxed);  // relaxed: read after the threads have ended
        check(ident() == idents[index].load(std::memory_order_relaxed), "the ident stays");
    }
    void after() {
        const auto first = idents[0].load(std::memory_order_relaxed);
        check(first != 0 && first != idents[1].load(std::memory_order_relaxed), "the idents differ");
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
struct ThreadIdentsRepeat : IdentsOfTwo<P, &same_for_all<P>> {};
HEDDLE_BROKEN_MODEL(ThreadIdentsRepeat, failure::assertion);

template <Platform P>
bool is_listed(const BasicThread<P>& thread) {
    const auto all = enumerate<P>();
    return std::find(all.begin(), all.end(), thread) != all.end();
}

template <Platform P, void (*wait_for)(BasicThread<P>&)>
struct ListOfThreads {
    static constexpr auto claim = "a thread is listed once start has returned, until join returns";
    static constexpr auto invariants = "INV-T-ENUM HB-STARTED";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(10);
    BasicLock<P> gate;

    void thread(int) {
        gate.acquire();
        BasicThread<P> worker([this] { gate.acquire(); });
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
struct ThreadsListedTooLong : ListOfThreads<P, &do_not_wait<P>> {};
HEDDLE_BROKEN_MODEL(ThreadsListedTooLong, failure::assertion);

template <Platform P>
struct ThreadCannotJoinItself {
    static constexpr auto claim = "a thread that joins itself is refused, and does not wait for ever";
    static constexpr auto invariants = "INV-T-JOINSELF";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    typename P::template plain<bool> refused{false, "refused"};

    void thread(int) {
        BasicThread<P> worker([this] {
            try {
                current_thread<P>().join();
            } catch (const RuntimeError&) {
                refused.write(true);
            }
        });
        worker.start();
        worker.join();
        check(refused.read(), "the join was refused");
    }
};
HEDDLE_MODEL(ThreadCannotJoinItself);

// Two threads that join each other are not refused: nobody can see it, and both wait for ever.
template <Platform P>
struct ThreadsJoinEachOther {
    static constexpr auto claim = "threads that join each other end (they do not)";
    static constexpr auto invariants = "INV-T-JOINSELF";
    static constexpr int threads = 1;
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

template <Platform P>
struct LifeOfAThread {
    static constexpr auto claim = "once a thread that was alive is not, it never is again";
    static constexpr auto invariants = "INV-T-STATE";
    static constexpr int threads = 2;
    static constexpr int dynamic_threads = 1;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> result{0, "result"};
    BasicThread<P> worker{[this] { result.write(1); }};

    void thread(int index) {
        if (index == 0) {
            worker.start();
            worker.join();
            return;
        }
        const bool first = worker.is_alive();
        const bool second = worker.is_alive();
        const bool third = worker.is_alive();
        check(!(first && !second && third), "it does not come back to life");
        if (first && !second) check(result.read() == 1, "what it did is seen once it is not alive");
    }
};

template <Platform P>
struct ThreadLivesOnce : LifeOfAThread<P> {};
HEDDLE_MODEL(ThreadLivesOnce);

template <Platform>
struct ThreadEndUnordered : LifeOfAThread<checker::AcquiresRelaxed> {};
HEDDLE_BROKEN_MODEL(ThreadEndUnordered, failure::data_race);

template <Platform P, class Error>
struct SilentEnd {
    static constexpr auto claim =
        "a thread that exits ends silently: no exception leaves it, and the hook's default is silent";
    static constexpr auto invariants = "INV-T-EXITSILENT INV-T-CONTAIN";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 2;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> done;
    typename P::template plain<bool> seen_by_hook{false, "seen_by_hook"};

    void thread(int) {
        done.acquire();
        start_new_thread<P>([this] {
            const Releases at_end{done};
            exit_thread();
        });
        done.acquire();
        set_excepthook<P>([this](const ExceptHookArgs& args) {
            try {
                std::rethrow_exception(args.exception);
            } catch (const Error&) {
                seen_by_hook.write(true);
            } catch (...) {
            }
        });
        BasicThread<P> worker([] { exit_thread(); });
        worker.start();
        worker.join();
        check(seen_by_hook.read(), "a hook of one's own is told of SystemExit");
    }

  private:
    struct Releases {
        BasicLock<P>& lock;
        ~Releases() { lock.release(); }
    };
};

template <Platform P>
struct ThreadExitsSilently : SilentEnd<P, SystemExit> {};
HEDDLE_MODEL(ThreadExitsSilently);

template <Platform P>
struct ThreadExitMistaken : SilentEnd<P, RuntimeError> {};
HEDDLE_BROKEN_MODEL(ThreadExitMistaken, failure::assertion);

template <Platform P, bool daemon>
struct ExitWithAThreadLeft {
    static constexpr auto claim = "shutdown does not wait for a daemon thread";
    static constexpr auto invariants = "INV-X-DAEMON";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(10);
    BasicLock<P> gate;

    void thread(int) {
        gate.acquire();
        BasicThread<P> worker(ThreadOptions{.daemon = daemon}, [this] { gate.acquire(); });
        worker.start();
        shutdown<P>();
        gate.release();
        worker.join();
    }
};

template <Platform P>
struct ShutdownIgnoresDaemons : ExitWithAThreadLeft<P, true> {};
HEDDLE_MODEL(ShutdownIgnoresDaemons);

template <Platform P>
struct ShutdownWaitsForStuckThread : ExitWithAThreadLeft<P, false> {};
HEDDLE_BROKEN_MODEL(ShutdownWaitsForStuckThread, failure::deadlock);

}  // namespace heddle::models

// A thread's life: alive once, and ended silently by itself.
#include <exception>
#include <functional>
#include <string>
#include <utility>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

template <Platform P, class AnyThread = BasicThread<P>>
struct LifeOfAThread {
    static constexpr auto claim = "once a thread that was alive is not, it never is again";
    static constexpr auto invariants = "INV-T-STATE";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> result{0, "result"};
    AnyThread worker{[this] { result.write(1); }};

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
struct ThreadEndUnordered : LifeOfAThread<checker::AcquiresRelaxed> {
    static constexpr auto breaks = "HB-JOIN";
    static constexpr auto fails_at = "result";
};
HEDDLE_BROKEN_MODEL(ThreadEndUnordered, failure::data_race);

// Both the body and start() say that it is alive, and start() may be late.
template <Platform P>
class MarkedLate {
  public:
    explicit MarkedLate(std::function<void()> body)
        : thread_([this, body = std::move(body)] {
              mark(true);
              body();
              mark(false);
          }) {}
    void start() {
        thread_.start();
        mark(true);
    }
    void join() { thread_.join(); }
    bool is_alive() const {
        return alive_.load(std::memory_order_acquire);  // acquire: synchronizes-with the release in mark
    }

  private:
    void mark(bool alive) {
        alive_.store(alive, std::memory_order_release);  // release: synchronizes-with the acquire in is_alive
    }
    typename P::template atomic<bool> alive_{false, "alive"};
    BasicThread<P> thread_;
};
template <Platform P>
struct ThreadRevives : LifeOfAThread<P, MarkedLate<P>> {
    static constexpr auto breaks = "INV-T-STATE";
    static constexpr auto fails_at = "it does not come back to life";
};
HEDDLE_BROKEN_MODEL(ThreadRevives, failure::assertion);

template <Platform P, class Error>
struct SilentEnd {
    static constexpr auto claim =
        "a thread that exits ends silently: no exception leaves it, and the hook's default is silent";
    static constexpr auto invariants = "INV-T-EXITSILENT INV-T-CONTAIN";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
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
struct ThreadExitMistaken : SilentEnd<P, RuntimeError> {
    static constexpr auto breaks = "INV-T-EXITSILENT";
    static constexpr auto fails_at = "a hook of one's own is told of SystemExit";
};
HEDDLE_BROKEN_MODEL(ThreadExitMistaken, failure::assertion);

template <Platform P, class AnyThread = BasicThread<P>>
struct JoinAgainstStart {
    static constexpr auto claim = "a join during another thread's start is refused, or waits for the end";
    static constexpr auto invariants = "INV-T-JOIN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    typename P::template atomic<bool> ended{false, "ended"};
    AnyThread worker{[this] { ended.store(true, std::memory_order_relaxed); }};  // relaxed: join orders it

    void thread(int index) {
        try {
            if (index == 0) worker.start();
            worker.join();
            check(ended.load(std::memory_order_relaxed), "the body has ended");  // relaxed: join orders it
        } catch (const RuntimeError&) {
            check(index == 1, "who has started it may join it");
        }
    }
};

template <Platform P>
struct ThreadJoinedWhileStarting : JoinAgainstStart<P> {};
HEDDLE_MODEL(ThreadJoinedWhileStarting);

// Takes a thread that is not alive yet for one that is not alive any more.
template <Platform P>
class EndsBeforeItStarts : public BasicThread<P> {
  public:
    using BasicThread<P>::BasicThread;
    void join() {
        if (this->is_alive()) BasicThread<P>::join();
    }

  protected:
    bool runs_on_object() const override { return false; }
};
template <Platform P>
struct ThreadJoinedTooEarly : JoinAgainstStart<P, EndsBeforeItStarts<P>> {
    static constexpr auto breaks = "INV-T-JOIN";
    static constexpr auto fails_at = "the body has ended";
};
HEDDLE_BROKEN_MODEL(ThreadJoinedTooEarly, failure::assertion);

template <Platform P, class AnyThread = BasicThread<P>>
struct Renaming {
    static constexpr auto claim = "any thread may read and change the name of a thread at any time";
    static constexpr auto invariants = "INV-T-RENAME";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    AnyThread worker{ThreadOptions{.name = "before"}};

    void thread(int index) {
        if (index == 0) return worker.set_name("after");
        const std::string name = worker.name();
        check(name == "before" || name == "after", "the name is whole");
    }
    void after() { check(worker.name() == "after", "the change stays"); }
};

template <Platform P>
struct ThreadNameIsWhole : Renaming<P> {};
HEDDLE_MODEL(ThreadNameIsWhole);

template <Platform P>
class UnguardedName {
  public:
    explicit UnguardedName(ThreadOptions options) : name_(std::move(options.name)) {}
    void set_name(std::string name) {
        touched_.write();
        name_ = std::move(name);
    }
    std::string name() const {
        touched_.read();
        return name_;
    }

  private:
    typename P::region touched_{"name"};
    std::string name_;
};
template <Platform P>
struct ThreadNameUnguarded : Renaming<P, UnguardedName<P>> {
    static constexpr auto breaks = "INV-T-RENAME";
    static constexpr auto fails_at = "name";
};
HEDDLE_BROKEN_MODEL(ThreadNameUnguarded, failure::data_race);

template <Platform P>
void join_other(BasicThreadHandle<P> thread) {
    thread.join();
}
template <Platform P, void (*join)(BasicThreadHandle<P>) = &join_other<P>>
struct JoinOfADummy {
    static constexpr auto search = checker::context_bound(3);
    static constexpr auto claim = "a thread that heddle did not start cannot be joined: nobody learns of its end";
    static constexpr auto invariants = "INV-T-JOIN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    typename P::template plain<bool> refused{false, "refused"};

    void thread(int index) {
        if (index == 0) return;  // it is the main thread
        const auto mine = current_thread<P>();
        check(mine.is_alive() && mine.ident() == get_ident<P>() && mine.native_id().has_value(), "it lives");
        check(active_count<P>() == 2, "it is listed beside the main thread");
        BasicThread<P> worker([this, dummy = current_thread<P>()] {
            try {
                join(dummy);
            } catch (const RuntimeError&) {
                refused.write(true);
            }
        });
        worker.start();
        worker.join();
        check(refused.read(), "the join was refused");
    }
    void after() { check(active_count<P>() == 1, "its end unlists it"); }
};

template <Platform P>
struct ThreadOfOthersIsNotJoined : JoinOfADummy<P> {};
HEDDLE_MODEL(ThreadOfOthersIsNotJoined);

template <Platform P>
void wait_for_nobody(BasicThreadHandle<P>) {
    BasicLock<P> ended;
    ended.acquire();
    ended.acquire();
}
template <Platform P>
struct ThreadOfOthersIsWaitedFor : JoinOfADummy<P, &wait_for_nobody<P>> {
    static constexpr auto breaks = "INV-T-JOIN";
    static constexpr auto fails_at = "Thread.phase";
};
HEDDLE_BROKEN_MODEL(ThreadOfOthersIsWaitedFor, failure::deadlock);

}  // namespace heddle::models

// Threads of classes with a run() of their own: what they do, and how long their object must live. And hooks that change.
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include <heddle/checker/model.hpp>
#include <heddle/thread.hpp>
#include <heddle/timer.hpp>

namespace heddle::models {

/// A thread that does what its object says.
template <Platform P>
class OwnRun : public BasicThread<P> {
  public:
    static constexpr bool counts_owners = false;  // as of Thread

    explicit OwnRun(std::function<void()> body) : body_(std::move(body)) {}
    void run() override {
        const auto body = body_;  // whatever becomes of the object
        body();
    }

  private:
    std::function<void()> body_;
};

// A platform that notes misuse, and goes on.
template <Platform P>
struct NotesMisuse : P {
    struct Noted {
        bool seen = false;
    };
    static bool& seen() { return P::template global<Noted>().seen; }
    static void misuse(const char*) { seen() = true; }
};

// An object that its thread owns, too; one that ends too early; and a Timer, whose thread needs no object.
template <Platform P, class Q = NotesMisuse<P>>
struct ObjectsOfThreads {
    static constexpr auto claim =
        "a thread runs run() of its class; to destroy an object that it needs is an error, of which there is none if "
        "it owns it";
    static constexpr auto invariants = "INV-LIFE";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 3;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(1);
    BasicLock<Q> began;
    BasicLock<Q> gate;
    BasicLock<Q> done;
    typename P::template plain<int> runs{0, "runs"};

    ObjectsOfThreads() { NotesMisuse<P>::seen() = false; }
    void thread(int) {
        const auto body = [this] {
            began.release();
            gate.acquire();
            runs.write(runs.read() + 1);
            done.release();
        };
        dropped([&] {
            const auto shared = Q::template make_shared<OwnRun<Q>>(body);
            started(*shared);
        });
        check(!NotesMisuse<P>::seen(), "a thread keeps its object alive if it owns it");
        dropped([&] {
            BasicThread<Q> thread(body);
            started(thread);
        });
        check(!NotesMisuse<P>::seen(), "a thread that calls a function needs no object");
        dropped([&] {
            OwnRun<Q> object(body);
            started(object);
        });
        check(NotesMisuse<P>::seen(), "a thread needs the object that it runs on");
        check(runs.read() == 3, "each has run");
    }
    void started(BasicThread<Q>& thread) {
        began.acquire();
        thread.start();
        began.acquire();  // the thread is inside of its body
        began.release();
    }
    // What `drops` has left runs on when the gate is opened.
    template <class Drops>
    void dropped(Drops drops) {
        gate.acquire();
        done.acquire();
        drops();
        gate.release();
        done.acquire();
        done.release();
        gate.release();
    }
};

template <Platform P>
struct ThreadNeedsItsObject : ObjectsOfThreads<P> {};
HEDDLE_MODEL(ThreadNeedsItsObject);

template <Platform P>
struct SeesNoMisuse : P {
    static void misuse(const char*) {}
};
template <Platform P>
struct ThreadLosesItsObject : ObjectsOfThreads<P, SeesNoMisuse<P>> {
    static constexpr auto breaks = "INV-LIFE";
    static constexpr auto fails_at = "a thread needs the object that it runs on";
};
HEDDLE_BROKEN_MODEL(ThreadLosesItsObject, failure::assertion);

// A shared object, which its thread is the last to own.
template <Platform P>
struct CountsItsEnd : BasicThread<P> {
    static constexpr bool counts_owners = true;  // who lets go last writes what the thread has read
    explicit CountsItsEnd(typename P::template plain<int>& count) : ends(count) {}
    ~CountsItsEnd() override { ends.write(ends.read() + 1); }
    void run() override { check(ends.read() == 0, "the object is there while its thread runs on it"); }
    typename P::template plain<int>& ends;
};
template <Platform P, bool is_kept = false>
struct ObjectOfItsThread {
    static constexpr auto claim = "an object that its thread alone owns has ended when a join of the thread returns";
    static constexpr auto invariants = "INV-LIFE HB-JOIN";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(2);
    typename P::template plain<int> ends{0, "ends"};

    void thread(int) {
        auto object = P::template make_shared<CountsItsEnd<P>>(ends);
        BasicThreadHandle<P> handle = *object;
        object->start();
        const auto kept = is_kept ? object : nullptr;
        object.reset();
        handle.join();
        check(ends.read() == 1, "the object has ended");
    }
};

template <Platform P>
struct ThreadEndsWithItsObject : ObjectOfItsThread<P> {};
HEDDLE_MODEL(ThreadEndsWithItsObject);

template <Platform P>
struct ThreadEndsBeforeItsObject : ObjectOfItsThread<P, true> {
    static constexpr auto breaks = "INV-LIFE";
    static constexpr auto fails_at = "the object has ended";
};
HEDDLE_BROKEN_MODEL(ThreadEndsBeforeItsObject, failure::assertion);

template <Platform P, class AnyTimer = BasicTimer<P>>
struct DroppedTimer {
    static constexpr auto claim = "a Timer that is dropped after its start calls its function";
    static constexpr auto invariants = "INV-LIFE";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    BasicLock<P> called;

    void thread(int) {
        called.acquire();
        {
            AnyTimer timer(ThreadOptions{.name = "named", .daemon = true}, Seconds(0.001),
                           [this] { called.release(); });
            check(timer.name() == "named" && timer.daemon(), "a Timer has what it is told to have");
            timer.start();
        }
        called.acquire();
    }
};

template <Platform P>
struct TimerMayBeDropped : DroppedTimer<P> {};
HEDDLE_MODEL(TimerMayBeDropped);

template <Platform P>
struct NeedsItself : BasicTimer<P> {
    using BasicTimer<P>::BasicTimer;  // of a class that may have a run() of its own
};
template <Platform P>
struct TimerMayNotBeDropped : DroppedTimer<P, NeedsItself<P>> {
    static constexpr auto breaks = "INV-LIFE";
    static constexpr auto fails_at = "a Thread subclass object was destroyed while its run() was still running";
};
HEDDLE_BROKEN_MODEL(TimerMayNotBeDropped, failure::misuse);

template <Platform P, void (*set_hook)(ExceptHook) = &set_excepthook<P>>
struct HookMeanwhile {
    static constexpr auto claim = "the hook may be changed while a thread fails";
    static constexpr auto invariants = "INV-T-HOOK";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(2);
    int calls = 0;  // of one thread, which is joined
    BasicThread<P> worker{[] { throw SystemExit(); }};

    void thread(int index) {
        if (index == 1) return set_hook([this](const ExceptHookArgs&) { ++calls; });
        worker.start();
        worker.join();
        check(calls <= 1, "it was called once, or was not there yet");
    }
    void after() { set_excepthook<P>({}); }
};

template <Platform P>
struct ThreadFailsWhileTheHookChanges : HookMeanwhile<P> {};
HEDDLE_MODEL(ThreadFailsWhileTheHookChanges);

// The hook behind the real one, which nobody guards.
template <Platform P>
void set_unguarded(ExceptHook hook) {
    struct Unguarded {
        typename P::region touched{"hook"};
        ExceptHook hook;
    };
    auto& unguarded = P::template global<Unguarded>();
    set_excepthook<P>([&unguarded](const ExceptHookArgs& args) {
        unguarded.touched.read();
        if (unguarded.hook) unguarded.hook(args);
    });
    unguarded.touched.write();
    unguarded.hook = std::move(hook);
}
template <Platform P>
struct ThreadFailsWithAnUnguardedHook : HookMeanwhile<P, &set_unguarded<P>> {
    static constexpr auto breaks = "INV-T-HOOK";
    static constexpr auto fails_at = "hook";
};
HEDDLE_BROKEN_MODEL(ThreadFailsWithAnUnguardedHook, failure::data_race);

struct CallsAtItsEnd {
    explicit CallsAtItsEnd(std::function<void()> function) : call(std::move(function)) {}
    ~CallsAtItsEnd() { call(); }
    std::function<void()> call;
};
template <Platform P, void (*set_hook)(ExceptHook) = &set_excepthook<P>>
struct EndOfAHook {
    static constexpr auto claim = "what a hook holds may change the hook when it is replaced";
    static constexpr auto invariants = "INV-T-HOOK";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    int ends = 0;

    void thread(int) {
        const auto at_its_end = [this] {
            ++ends;
            set_hook({});
        };
        set_hook([held = std::make_shared<CallsAtItsEnd>(at_its_end)](const ExceptHookArgs&) {});
        check(ends == 0, "the hook is there");
        set_hook({});
        check(ends == 1, "the hook is gone");
    }
};

template <Platform P>
struct HookMayEndAnyhow : EndOfAHook<P> {};
HEDDLE_MODEL(HookMayEndAnyhow);

// A lock around all.
template <Platform P>
void set_under_a_lock(ExceptHook hook) {
    struct Guarded {
        BasicLock<P> lock;
        ExceptHook hook;
    };
    auto& guarded = P::template global<Guarded>();
    const std::scoped_lock guard(guarded.lock);
    guarded.hook = std::move(hook);
}
template <Platform P>
struct HookEndsUnderALock : EndOfAHook<P, &set_under_a_lock<P>> {
    static constexpr auto breaks = "INV-T-HOOK";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(HookEndsUnderALock, failure::deadlock);

}  // namespace heddle::models

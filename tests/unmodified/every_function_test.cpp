// Functions that tell ThreadSanitizer to look away, as libraries have them: what is broken in there is found, as anywhere else.
#include <atomic>
#include <cassert>
#include <coroutine>
#include <cstdlib>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

#define LOOK_AWAY __attribute__((no_sanitize("thread")))
#if defined(__clang__) && __has_attribute(disable_sanitizer_instrumentation)
#    define LOOK_AWAY_AT_ALL __attribute__((disable_sanitizer_instrumentation))
#else
#    define LOOK_AWAY_AT_ALL __attribute__((__no_sanitize__("address", "thread")))
#endif

/// Adds as nobody should: by a load and a store.
struct Counter {
    std::atomic<int> count{0};

    LOOK_AWAY void add() { count.store(count.load() + 1); }
    LOOK_AWAY_AT_ALL void add_unseen() { count.store(count.load() + 1); }
    template <class T>
    [[gnu::no_sanitize_thread]] void add(T value) {
        count.store(count.load() + value);
    }
};
__attribute__((__no_sanitize_thread__)) void add_to(Counter& counter);
void add_to(Counter& counter) { counter.count.store(counter.count.load() + 1); }
void add_first(Counter& counter) { counter.count.store(counter.count.load() + 1); }
__attribute__((no_sanitize_thread)) void throw_to(Counter& counter) { throw counter.count.fetch_add(1); }
void throw_first(Counter& counter) { throw counter.count.fetch_add(1); }
#ifndef __clang__  // which leaves out what is said afterwards, and warns of it
LOOK_AWAY void add_first(Counter& counter);
LOOK_AWAY void throw_first(Counter& counter);
#endif

template <class Add>
void counts_two(Add add) {
    Counter counter;
    std::thread other([&] { add(counter); });
    add(counter);
    other.join();
    assert(counter.count.load() == 2);
}

HEDDLE_BROKEN_TEST(Member, assertion) {
    counts_two([](Counter& counter) { counter.add(); });
}
HEDDLE_BROKEN_TEST(MemberOfNoSanitizer, assertion) {
    counts_two([](Counter& counter) { counter.add_unseen(); });
}
HEDDLE_BROKEN_TEST(Template, assertion) {
    counts_two([](Counter& counter) { counter.add(1); });
}
HEDDLE_BROKEN_TEST(SaidBefore, assertion) { counts_two(add_to); }
HEDDLE_BROKEN_TEST(SaidAfterwards, assertion) { counts_two(add_first); }
HEDDLE_BROKEN_TEST(Lambda, assertion) {
    counts_two([](Counter& counter) LOOK_AWAY { counter.count.store(counter.count.load() + 1); });
}
struct Interface {
    virtual void add(Counter& counter) = 0;
};
struct Other {
    virtual int number() { return 1; }
};
struct Object : Other, Interface {
    LOOK_AWAY void add(Counter& counter) override { counter.count.store(counter.count.load() + 1); }
};
HEDDLE_BROKEN_TEST(VirtualFunctionOfASecondBase, assertion) {
    counts_two([](Counter& counter) {
        Object object;
        Interface& interface = object;
        interface.add(counter);
    });
}

/// Of whose body the compiler makes functions of its own.
struct Coroutine {
    struct promise_type {
        Coroutine get_return_object() { return {}; }
        std::suspend_never initial_suspend() { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::abort(); }
    };
};
template <class T>
LOOK_AWAY Coroutine add_and_go_on(Counter& counter, T value) {
    co_await std::suspend_never{};
    counter.count.store(counter.count.load() + value);
}
HEDDLE_BROKEN_TEST(CoroutineOfATemplate, assertion) {
    counts_two([](Counter& counter) { add_and_go_on(counter, 1); });
}

/// Whoever is left so is left: what comes then is not in a function that has ended.
template <class Throw>
void pass_a_local(Throw leaves) {
    std::atomic<int*> passed{nullptr};
    Counter counter;
    std::thread other([&] {
        for (int round = 0; round != 2; ++round) {
            try {
                leaves(counter);
            } catch (int) {
            }
        }
        int local = 1;
        passed.store(&local);
        while (passed.load() != nullptr) std::this_thread::yield();
        assert(local == 2);
    });
    int* found = nullptr;
    while ((found = passed.load()) == nullptr) std::this_thread::yield();
    *found = 2;
    passed.store(nullptr);
    other.join();
}
HEDDLE_TEST(LeftByAnException) { pass_a_local(throw_to); }
HEDDLE_TEST(LeftByAnExceptionSaidAfterwards) { pass_a_local(throw_first); }

/// Of a class that others derive from, these are compiled twice.
struct Begins {
    LOOK_AWAY explicit Begins(Counter& counter) { counter.count.store(counter.count.load() + 1); }
};
struct BeginsAsBase : virtual Begins {
    LOOK_AWAY explicit BeginsAsBase(Counter& counter) : Begins(counter) {}
};
struct Ends {
    Counter& counter;
    explicit Ends(Counter& counts) : counter(counts) {}
    Ends(const Ends&) = delete;
    Ends& operator=(const Ends&) = delete;
    LOOK_AWAY virtual ~Ends() { counter.count.store(counter.count.load() + 1); }
};
struct EndsAsBase final : Ends {
    using Ends::Ends;
};
HEDDLE_BROKEN_TEST(Constructor, assertion) {
    counts_two([](Counter& counter) { const Begins object(counter); });
}
HEDDLE_BROKEN_TEST(ConstructorOfBase, assertion) {
    counts_two([](Counter& counter) { const BeginsAsBase object(counter); });
}
HEDDLE_BROKEN_TEST(Destructor, assertion) {
    counts_two([](Counter& counter) { const Ends object(counter); });
}
HEDDLE_BROKEN_TEST(DestructorOfBase, assertion) {
    counts_two([](Counter& counter) { const EndsAsBase object(counter); });
}

/// Plain memory, in functions that all say nothing of it.
struct Box {
    int item = 0;
    std::atomic<bool> is_full{false};

    LOOK_AWAY void put(int what, std::memory_order order) {
        item = what;
        is_full.store(true, order);
    }
    LOOK_AWAY int get(std::memory_order order) {
        while (!is_full.load(order)) std::this_thread::yield();
        return item;
    }
};
void pass_on(std::memory_order release, std::memory_order acquire) {
    Box box;
    std::thread other([&] { box.put(1, release); });
    assert(box.get(acquire) == 1);
    other.join();
}
HEDDLE_TEST(BoxIsPassedOn) { pass_on(std::memory_order_release, std::memory_order_acquire); }
HEDDLE_BROKEN_TEST(BoxWithoutRelease, data_race) { pass_on(std::memory_order_relaxed, std::memory_order_acquire); }
HEDDLE_BROKEN_TEST(BoxWithoutAcquire, data_race) { pass_on(std::memory_order_release, std::memory_order_relaxed); }

}  // namespace

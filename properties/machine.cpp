// What the primitives take from the machine: deadlines, sleeping and waking, and what a thread begins and ends with.
#include <heddle/platform/deadline.hpp>
#include <heddle/platform/std_platform.hpp>

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <heddle/event.hpp>
#include <heddle/properties/property.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/thread.hpp>

namespace heddle::properties {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr nanoseconds last_instant{std::numeric_limits<std::int64_t>::max() - 1};

// Whole nanoseconds and parts of them, so that both sides can be computed exactly.
template <class MakeDeadline>
void is_not_early(MakeDeadline after) {
    const nanoseconds now(*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 40));
    const auto thousandths = *rc::gen::inRange<std::int64_t>(-5000, 5000);
    const Deadline deadline = after(now, std::chrono::duration<double>(static_cast<double>(thousandths) * 1e-12));
    const std::int64_t whole = thousandths <= 0 ? 0 : (thousandths + 999) / 1000;
    RC_ASSERT(!deadline.is_never());
    RC_ASSERT(deadline.since_epoch() >= now + nanoseconds(whole));
    RC_ASSERT(deadline.since_epoch() <= now + nanoseconds(whole + 1));  // of a fraction that a double has not exactly
    RC_ASSERT(deadline.passed(deadline.since_epoch()));
    RC_ASSERT(!deadline.passed(deadline.since_epoch() - 1ns));
    const double years = *rc::gen::element(293.0, 1e6, 1e300, std::numeric_limits<double>::infinity());
    const Deadline far = after(now, std::chrono::duration<double>(years * 365.25 * 86400));
    RC_ASSERT(!far.is_never());
    RC_ASSERT(far.since_epoch() == last_instant);
}

TEST(DeadlineProperty, is_never_early_and_never_for_ever) {
    expect_holds("a deadline comes no earlier than its time-out says, and is one",
                 [] { is_not_early(&Deadline::after); });
}

TEST(DeadlineProperty_broken, one_that_is_rounded_down_is_caught) {
    expect_caught("a deadline comes no earlier than its time-out says, and is one", [] {
        is_not_early([](nanoseconds now, std::chrono::duration<double> timeout) {
            return Deadline::after(now, timeout < 1s ? std::chrono::floor<nanoseconds>(timeout) : timeout);
        });
    });
}

using Word = StdPlatform::atomic<FutexWord>;

struct Sleep {
    WaitResult result;
    bool is_early;
};
Sleep slept(const Word& word, FutexWord expected, std::chrono::microseconds time) {
    const Deadline deadline = Deadline::after(StdPlatform::now(), time);
    const WaitResult result = StdPlatform::wait(word, expected, deadline);
    return {result, !deadline.passed(StdPlatform::now())};
}

void sleeps_until_its_time(Sleep (*sleep)(const Word&, FutexWord, std::chrono::microseconds)) {
    const Word word(1);
    const Sleep until = sleep(word, 1, std::chrono::microseconds(*rc::gen::inRange(0, 3000)));
    RC_ASSERT(until.result == WaitResult::woken || (until.result == WaitResult::timed_out && !until.is_early));
    RC_ASSERT(sleep(word, 0, 10s).result == WaitResult::changed);
}

TEST(MachineProperty, a_sleep_ends_at_its_time_and_does_not_begin_on_another_word) {
    expect_holds("a thread sleeps until its time, if the word is what it expects",
                 [] { sleeps_until_its_time(&slept); });
}

TEST(MachineProperty_broken, a_sleep_that_is_half_as_long_is_caught) {
    expect_caught("a thread sleeps until its time, if the word is what it expects", [] {
        sleeps_until_its_time([](const Word& word, FutexWord expected, std::chrono::microseconds time) {
            const Deadline deadline = Deadline::after(StdPlatform::now(), time);
            const WaitResult result = slept(word, expected, time / 2).result;
            return Sleep{result, !deadline.passed(StdPlatform::now())};
        });
    });
}

// Threads that sleep on a word, and give up after a while that is long for a wake-up. Returns: how many were woken, at once.
int woken_of(int sleepers, void (*wake)(Word&)) {
    Word word(0);
    std::atomic<int> woken{0};
    std::vector<std::unique_ptr<Thread>> threads;
    for (int n = 0; n != sleepers; ++n) {
        threads.push_back(std::make_unique<Thread>([&] {
            const Deadline deadline = Deadline::after(StdPlatform::now(), 50ms);
            woken += StdPlatform::wait(word, 0, deadline) != WaitResult::timed_out;
        }));
        threads.back()->start();
    }
    std::this_thread::sleep_for(5ms);
    wake(word);
    for (auto& thread : threads) thread->join();
    return woken;
}

TEST(MachineProperty, wakes_all_who_sleep) {
    Word nobody(0);
    StdPlatform::wake_all(nobody);
    StdPlatform::wake_one(nobody);
    bool all_woken = false;  // now and then one of them is not asleep yet
    for (int round = 0; !all_woken && round != 10; ++round) all_woken = woken_of(2, &StdPlatform::wake_all) == 2;
    EXPECT_TRUE(all_woken);
}

// What is called at the end of a thread: the latest first, and what comes meanwhile, too.
using AtExit = void (*)(std::function<void()>);
void ends_in_reverse(AtExit at_exit) {
    const auto numbers =
        *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(0, 4), rc::gen::inRange(0, 3));
    std::vector<int> called;
    std::vector<int> expected;
    for (auto number = numbers.rbegin(); number != numbers.rend(); ++number)
        for (int more = *number; more >= 0; --more) expected.push_back(more);
    struct Caller {
        AtExit at_exit;
        std::vector<int>& called;
        void call(int number) const {
            called.push_back(number);
            if (number != 0 && called.size() < 50) at_exit([self = *this, number] { self.call(number - 1); });
        }
    };
    Thread thread([&] {
        for (const int number : numbers) at_exit([caller = Caller{at_exit, called}, number] { caller.call(number); });
    });
    thread.start();
    thread.join();
    RC_ASSERT(called == expected);
}

TEST(MachineProperty, calls_at_the_end_of_a_thread_what_came_latest_first) {
    expect_holds("what is to be called at the end of a thread is, in reverse, also what comes at that end",
                 [] { ends_in_reverse(&StdPlatform::at_thread_exit); });
}

TEST(MachineProperty_broken, what_is_called_at_once_is_caught) {
    expect_caught("what is to be called at the end of a thread is, in reverse, also what comes at that end",
                  // NOLINTNEXTLINE(performance-unnecessary-value-param): as at_thread_exit() takes it
                  [] { ends_in_reverse([](std::function<void()> function) { function(); }); });
}

std::size_t own_stack_bytes() {
    pthread_attr_t attributes;
    pthread_getattr_np(pthread_self(), &attributes);
    std::size_t bytes = 0;
    pthread_attr_getstacksize(&attributes, &bytes);
    pthread_attr_destroy(&attributes);
    return bytes;
}

// More than the system gives by itself; the C library may take one that is larger, from a thread that has ended.
void has_its_stack(std::size_t (*set)(std::size_t)) {
    const std::size_t mebibytes = *rc::gen::inRange<std::size_t>(16, 64);
    std::size_t bytes = 0;
    set(mebibytes << 20);
    Thread thread([&] { bytes = own_stack_bytes(); });
    thread.start();
    thread.join();
    set(0);
    RC_ASSERT(bytes >= mebibytes << 20);
}

TEST(MachineProperty, a_thread_has_the_stack_that_was_set) {
    expect_holds("a thread has the stack that was set when it was started",
                 [] { has_its_stack(&stack_size<StdPlatform>); });
}

TEST(MachineProperty_broken, a_stack_of_another_size_is_caught) {
    expect_caught("a thread has the stack that was set when it was started",
                  [] { has_its_stack([](std::size_t bytes) { return stack_size(bytes / 2); }); });
}

// A put that is refused, for whatever reason, leaves its item with the caller.
using Boxed = std::unique_ptr<int>;
template <class AnyQueue>
void leaves_its_item() {
    AnyQueue queue(1);
    queue.put(std::make_unique<int>(1));
    if constexpr (requires { queue.shutdown(); })
        if (*rc::gen::arbitrary<bool>()) queue.shutdown();
    Boxed item = std::make_unique<int>(2);
    const auto timeout = *rc::gen::element(-1.0, 0.0, 0.001, 1e10, std::numeric_limits<double>::quiet_NaN());
    const bool block = timeout <= 0.001 && *rc::gen::arbitrary<bool>();  // whatever it is taken for, it ends
    try {
        queue.put(std::move(item), block, Seconds(timeout));
    } catch (const std::exception&) {
    }
    const bool is_left = item != nullptr;
    RC_ASSERT(is_left);
    RC_ASSERT(*queue.get() == 1);
    RC_ASSERT(queue.maxsize() == 1 && queue.empty());
}

TEST(RefusedPutProperty, leaves_the_item_with_its_caller) {
    expect_holds("a put that is refused leaves its item", &leaves_its_item<Queue<Boxed>>);
    expect_holds("a put that is refused leaves its item", &leaves_its_item<RingQueue<Boxed>>);
}

struct TakesFirst : Queue<Boxed> {
    using Queue<Boxed>::Queue;
    void put(Boxed item) { Queue<Boxed>::put(std::move(item)); }
    void put(Boxed&& item, bool block, Seconds timeout) {
        Boxed taken(std::move(item));
        Queue<Boxed>::put(std::move(taken), block, timeout);
    }
};

TEST(RefusedPutProperty_broken, one_that_takes_the_item_first_is_caught) {
    expect_caught("a put that is refused leaves its item", &leaves_its_item<TakesFirst>);
}

}  // namespace
}  // namespace heddle::properties

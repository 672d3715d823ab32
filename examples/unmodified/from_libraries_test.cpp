// How well-known libraries let threads meet, from memory and cut down to what threads share; and faults that they have had,
// or nearly.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <heddle/unmodified.hpp>

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto acq_rel = std::memory_order_acq_rel;
constexpr auto seq_cst = std::memory_order_seq_cst;

using Word = std::atomic<std::uint32_t>;
void sleep_on(Word& word, std::uint32_t value) {
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}
void wake_one(Word& word) { syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); }

// ---- folly::Baton: one thread posts, another one waits

enum class BatonFault { none, plain_store, no_release, trusts_kernel };

template <BatonFault fault>
class Baton {
  public:
    void post() {
        std::uint32_t before = state_.load(acquire);
        if (before == nothing) {
            // Broken: who begins to wait in between is not seen.
            if constexpr (fault == BatonFault::plain_store) return state_.store(early, release);
            constexpr auto order = fault == BatonFault::no_release ? relaxed : release;
            if (state_.compare_exchange_strong(before, early, order, relaxed)) return;
        }
        state_.store(late, release);
        wake_one(state_);
    }
    void wait() {
        std::uint32_t before = nothing;
        if (!state_.compare_exchange_strong(before, waiting, relaxed, relaxed)) {
            std::atomic_thread_fence(acquire);
            return;
        }
        do sleep_on(state_, waiting);
        while (fault != BatonFault::trusts_kernel && state_.load(acquire) != late);
    }

  private:
    static constexpr std::uint32_t nothing = 0, early = 1, waiting = 2, late = 3;
    Word state_{nothing};
};

template <BatonFault fault>
void pass_a_baton() {
    Baton<fault> baton;
    int data = 0;
    std::thread other([&] { data = 1, baton.post(); });
    baton.wait();
    assert(data == 1);
    other.join();
}
HEDDLE_TEST(BatonIsPassed) { pass_a_baton<BatonFault::none>(); }
HEDDLE_BROKEN_TEST(BatonThatMissesWhoWaits, deadlock) { pass_a_baton<BatonFault::plain_store>(); }
HEDDLE_BROKEN_TEST(BatonThatPublishesNothing, data_race) { pass_a_baton<BatonFault::no_release>(); }
HEDDLE_BROKEN_TEST(BatonThatIsWokenWithoutACause, data_race) { pass_a_baton<BatonFault::trusts_kernel>(); }

// ---- absl::Notification: who was notified may destroy it

template <bool waits_for_the_notifier>
class Notification {
  public:
    ~Notification() {
        // Broken without: the notifier may still be in the mutex.
        if (waits_for_the_notifier) const std::lock_guard leaves(mutex_);
    }
    void notify() {
        const std::lock_guard lock(mutex_);
        is_notified_.store(true, release);
        condition_.notify_all();
    }
    void wait() {
        if (is_notified_.load(acquire)) return;
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [this] { return is_notified_.load(relaxed); });
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    std::atomic<bool> is_notified_{false};
};

template <bool waits_for_the_notifier>
void notify_who_destroys() {
    auto notification = std::make_unique<Notification<waits_for_the_notifier>>();
    std::thread other([&notified = *notification] { notified.notify(); });
    notification->wait();
    notification.reset();
    other.join();
}
HEDDLE_TEST(NotificationLastsLongEnough) { notify_who_destroys<true>(); }
HEDDLE_BROKEN_TEST(NotificationThatEndsInNotify, use_after_free) { notify_who_destroys<false>(); }

// ---- the queue of many producers by Vyukov, as in gRPC

template <std::memory_order linking>
class LinkedQueue {
  public:
    struct Node {
        std::atomic<Node*> next{nullptr};
        int value = 0;
    };
    void push(Node& node) {
        node.next.store(nullptr, relaxed);
        head_.exchange(&node, acq_rel)->next.store(&node, linking);
    }
    Node* pop() {
        if (tail_ == &stub_ && !move_on()) return nullptr;
        Node* const oldest = tail_;
        if (move_on()) return oldest;
        if (oldest != head_.load(acquire)) return nullptr;  // a push is under way
        push(stub_);
        return move_on() ? oldest : nullptr;
    }

  private:
    bool move_on() {
        Node* const next = tail_->next.load(acquire);
        if (next != nullptr) tail_ = next;
        return next != nullptr;
    }
    Node stub_;
    std::atomic<Node*> head_{&stub_};
    Node* tail_ = &stub_;
};

template <std::memory_order linking>
void push_in_two_threads() {
    using Queue = LinkedQueue<linking>;
    Queue queue;
    typename Queue::Node nodes[2];
    const auto push = [&](int number) { nodes[number].value = number + 1, queue.push(nodes[number]); };
    std::thread one(push, 0), two(push, 1);
    int sum = 0;
    for (int got = 0; got != 2;) {
        if (auto* const node = queue.pop()) sum += node->value, ++got;
        else std::this_thread::yield();
    }
    assert(sum == 3);
    one.join(), two.join();
}
HEDDLE_TEST(LinkedQueueLosesNothing) { push_in_two_threads<release>(); }
HEDDLE_BROKEN_TEST(LinkedQueueThatPublishesNothing, data_race) { push_in_two_threads<relaxed>(); }

// ---- the deque of a work-stealing pool, which grows, as in Taskflow

enum class DequeFault { none, frees_at_once, publishes_nothing, no_fence };

template <DequeFault fault>
class Deque {
  public:
    void push(int item) {
        const std::int64_t bottom = bottom_.load(relaxed);
        const std::int64_t top = top_.load(acquire);
        Array* array = array_.load(relaxed);
        if (array->size() <= bottom - top) {
            array = arrays_.emplace_back(array->grown(top, bottom)).get();
            array_.store(array, fault == DequeFault::publishes_nothing ? relaxed : release);
            if (fault == DequeFault::frees_at_once) arrays_.erase(arrays_.end() - 2);
        }
        array->at(bottom).store(item, relaxed);
        std::atomic_thread_fence(release);
        bottom_.store(bottom + 1, relaxed);
    }
    std::optional<int> pop() {
        const std::int64_t bottom = bottom_.load(relaxed) - 1;
        bottom_.store(bottom, relaxed);
        if (fault != DequeFault::no_fence) std::atomic_thread_fence(seq_cst);
        std::int64_t top = top_.load(relaxed);
        std::optional<int> item;
        if (top <= bottom) item = array_.load(relaxed)->at(bottom).load(relaxed);
        if (top == bottom && !top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed)) item.reset();
        if (top >= bottom) bottom_.store(bottom + 1, relaxed);
        return item;
    }
    std::optional<int> steal() {
        std::int64_t top = top_.load(acquire);
        std::atomic_thread_fence(seq_cst);
        if (top >= bottom_.load(acquire)) return std::nullopt;
        Array* const array = array_.load(fault == DequeFault::publishes_nothing ? relaxed : acquire);
        const int item = array->at(top).load(relaxed);
        if (!top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed)) return std::nullopt;
        return item;
    }

  private:
    class Array {
      public:
        explicit Array(std::int64_t size) : items_(static_cast<std::size_t>(size)) {}
        std::int64_t size() const { return static_cast<std::int64_t>(items_.size()); }
        std::atomic<int>& at(std::int64_t index) { return items_[static_cast<std::size_t>(index % size())]; }
        std::unique_ptr<Array> grown(std::int64_t top, std::int64_t bottom) {
            auto larger = std::make_unique<Array>(2 * size());
            for (; top != bottom; ++top) larger->at(top).store(at(top).load(relaxed), relaxed);
            return larger;
        }

      private:
        std::vector<std::atomic<int>> items_;
    };
    std::atomic<std::int64_t> top_{0}, bottom_{0};
    std::vector<std::unique_ptr<Array>> arrays_ = [] {
        std::vector<std::unique_ptr<Array>> first;
        first.push_back(std::make_unique<Array>(1));
        return first;
    }();
    std::atomic<Array*> array_{arrays_.front().get()};
};

template <DequeFault fault>
void steal_twice() {
    Deque<fault> deque;
    std::atomic<int> taken[2] = {};
    const auto take = [&](std::optional<int> item) {
        if (item) assert(taken[*item].fetch_add(1) == 0);
    };
    std::thread thief([&] { take(deque.steal()), take(deque.steal()); });
    deque.push(0), deque.push(1);
    take(deque.pop()), take(deque.pop());
    thief.join();
    take(deque.pop());
    assert(taken[0] + taken[1] == 2);
}
HEDDLE_TEST(DequeGrowsWhileItIsStolenFrom) { steal_twice<DequeFault::none>(); }
HEDDLE_BROKEN_TEST(DequeThatFreesWhatThievesRead, use_after_free) { steal_twice<DequeFault::frees_at_once>(); }
HEDDLE_BROKEN_TEST(DequeThatPublishesNothing, data_race) { steal_twice<DequeFault::publishes_nothing>(); }
HEDDLE_BROKEN_TEST(DequeWithoutAFence, assertion) { steal_twice<DequeFault::no_fence>(); }

// ---- BS::thread_pool: who waits for all tasks is told outside of the mutex

template <bool tells_under_the_mutex>
class Tasks {
  public:
    void add() { ++left_; }
    void is_done() {
        std::unique_lock lock(mutex_, std::defer_lock);
        if (tells_under_the_mutex) lock.lock();
        --left_;
        if (somebody_waits_) condition_.notify_one();
    }
    void wait() {
        somebody_waits_ = true;
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [this] { return left_ == 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    std::atomic<int> left_{0};
    std::atomic<bool> somebody_waits_{false};
};

template <bool tells_under_the_mutex>
void wait_for_two_tasks() {
    Tasks<tells_under_the_mutex> tasks;
    tasks.add(), tasks.add();
    const auto run = [&] { tasks.is_done(); };
    std::thread one(run), two(run);
    tasks.wait();
    one.join(), two.join();
}
HEDDLE_TEST(TasksAreWaitedFor) { wait_for_two_tasks<true>(); }
HEDDLE_BROKEN_TEST(TasksThatEndUnheard, deadlock) { wait_for_two_tasks<false>(); }

}  // namespace

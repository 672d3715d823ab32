// Queue: several that wait on one side, and items that come or go one after the other before any of them runs.
#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/simple_queue.hpp>

#include "fails_with.hpp"

#include <mutex>
#include <stdexcept>
#include <utility>

namespace heddle::models {

// Room for two: the second item comes to a queue that is not empty, and the second room to one that is not full.
template <Platform P, bool putters_wait, class AnyQueue = BasicQueue<P, int>>
struct TwoThatWait {
    static constexpr auto claim = "each item lets a getter go on, and each room a putter, however many there are";
    static constexpr auto invariants = "INV-Q-WAKE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyQueue queue{2};

    TwoThatWait() {
        for (int item = 0; putters_wait && item != 2; ++item) queue.put(item);
    }
    void thread(int index) {
        const bool puts = (index != 2) == putters_wait;
        for (int n = index == 2 ? 2 : 1; n != 0; --n) puts ? queue.put(n) : (void)queue.get();
    }
    void after() { check(queue.qsize() == (putters_wait ? 2 : 0), "all have gone on"); }
};

template <Platform P>
struct QueueTellsEachPutter : TwoThatWait<P, true> {};
HEDDLE_MODEL(QueueTellsEachPutter);
template <Platform P>
struct QueueTellsEachGetter : TwoThatWait<P, false> {};
HEDDLE_MODEL(QueueTellsEachGetter);

// The textbook mistake: wakes who waits only where the state looks new.
template <Platform P>
class TellsAtTheEdges {
  public:
    explicit TellsAtTheEdges(int maxsize) : maxsize_(maxsize) {}
    void put(int) {
        const std::scoped_lock guard(lock_);
        while (items_ == maxsize_) not_full_.wait(lock_, Deadline::never());
        if (items_++ == 0) not_empty_.notify_one();
    }
    int get() {
        const std::scoped_lock guard(lock_);
        while (items_ == 0) not_empty_.wait(lock_, Deadline::never());
        if (items_-- == maxsize_) not_full_.notify_one();
        return 0;
    }
    int qsize() const { return items_; }

  private:
    BasicLock<P> lock_;
    heddle::detail::WaitPoint<P> not_empty_{"not_empty"};
    heddle::detail::WaitPoint<P> not_full_{"not_full"};
    const int maxsize_;
    int items_ = 0;
};
template <Platform P>
struct QueueTellsOnePutter : TwoThatWait<P, true, TellsAtTheEdges<P>> {
    static constexpr auto breaks = "INV-Q-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueTellsOnePutter, failure::deadlock);
template <Platform P>
struct QueueTellsOneGetter : TwoThatWait<P, false, TellsAtTheEdges<P>> {
    static constexpr auto breaks = "INV-Q-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueTellsOneGetter, failure::deadlock);

// The item comes first, then the end; a getter may have begun to wait before both.
template <Platform P, class AnyQueue = BasicQueue<P, int>>
struct EndBehindAnItem {
    static constexpr auto claim = "a getter has the item that was put before a graceful shutdown, waiting or not";
    static constexpr auto invariants = "INV-Q-SD-DRAIN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    AnyQueue queue;

    void thread(int index) {
        if (index == 0) return check(queue.get() == 1, "the item comes");
        queue.put(1);
        queue.shutdown();
    }
};

template <Platform P>
struct QueueDrainsForWhoWaits : EndBehindAnItem<P> {};
HEDDLE_MODEL(QueueDrainsForWhoWaits);

// Asks for the end first.
template <Platform P>
struct EndsAtOnce : BasicQueue<P, int> {
    int get() {
        const int item = BasicQueue<P, int>::get();
        return this->is_shutdown() ? 0 : item;
    }
};
template <Platform P>
struct QueueEndsForWhoWaits : EndBehindAnItem<P, EndsAtOnce<P>> {
    static constexpr auto breaks = "INV-Q-SD-DRAIN";
    static constexpr auto fails_at = "the item comes";
};
HEDDLE_BROKEN_MODEL(QueueEndsForWhoWaits, failure::assertion);

// An item that cannot be copied; that is found out before or after its slot is taken.
struct CannotBeCopied {
    explicit CannotBeCopied(int number) : value(number) {}
    CannotBeCopied(const CannotBeCopied&) { throw std::runtime_error("no copy"); }
    CannotBeCopied(CannotBeCopied&&) noexcept = default;
    CannotBeCopied& operator=(const CannotBeCopied&) = delete;
    int value;
};
template <class AnyQueue>
struct CopyThatFails {
    static constexpr auto claim = "a put whose copy fails has changed nothing";
    static constexpr auto invariants = "INV-EXC";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    AnyQueue queue{2};

    void thread(int) {
        const CannotBeCopied item(1);
        fails_with<std::runtime_error>([&] { queue.put(item); }, "the copy fails");
        check(queue.qsize() == 0, "nothing has come");
        queue.put(CannotBeCopied(2));
        check(queue.get_nowait().value == 2 && queue.qsize() == 0, "what comes next is the first");
    }
};
template <Platform P>
struct UnboundedSimpleQueue : BasicSimpleQueue<P, CannotBeCopied> {
    explicit UnboundedSimpleQueue(int) {}
};

template <Platform P>
struct QueueFailedCopyChangesNothing : CopyThatFails<BasicQueue<P, CannotBeCopied>> {};
HEDDLE_MODEL(QueueFailedCopyChangesNothing);
template <Platform P>
struct RingQueueFailedCopyChangesNothing : CopyThatFails<BasicRingQueue<P, CannotBeCopied>> {};
HEDDLE_MODEL(RingQueueFailedCopyChangesNothing);
template <Platform P>
struct SimpleQueueFailedCopyChangesNothing : CopyThatFails<UnboundedSimpleQueue<P>> {};
HEDDLE_MODEL(SimpleQueueFailedCopyChangesNothing);

template <Platform P>
struct CountsCopies : BasicQueue<P, CannotBeCopied> {
    using BasicQueue<P, CannotBeCopied>::BasicQueue;
    void put(const CannotBeCopied& item) {
        BasicQueue<P, CannotBeCopied>::put(CannotBeCopied(0));
        BasicQueue<P, CannotBeCopied>::put(item);
    }
    void put(CannotBeCopied&& item) { BasicQueue<P, CannotBeCopied>::put(std::move(item)); }
};
template <Platform P>
struct QueueFailedCopyIsCounted : CopyThatFails<CountsCopies<P>> {
    static constexpr auto breaks = "INV-EXC";
    static constexpr auto fails_at = "nothing has come";
};
HEDDLE_BROKEN_MODEL(QueueFailedCopyIsCounted, failure::assertion);

}  // namespace heddle::models

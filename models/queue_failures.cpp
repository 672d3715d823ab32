// Queue: a put or get whose copy or move throws.
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>

#include "fails_with.hpp"

namespace heddle::models {

// A put whose copy throws may have used up the notify that another putter needs
struct Unpushable {
    bool throws = false;
};
struct RefusingFifo : Fifo<Unpushable> {
    void push(Unpushable item) {
        if (item.throws) throw std::runtime_error("the copy fails");
        Fifo<Unpushable>::push(item);
    }
};
template <Platform P, class AnyQueue = BasicQueue<P, Unpushable, RefusingFifo>>
struct FailingPutter {
    static constexpr auto claim = "a put that fails after it has waited leaves the room to another putter";
    static constexpr auto invariants = "INV-EXC INV-Q-WAKE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    AnyQueue queue{1};

    FailingPutter() { queue.put(Unpushable{}); }
    void thread(int index) {
        if (index == 0) {
            queue.get();
            queue.get();
        } else if (index == 1) {
            queue.put(Unpushable{});
        } else {
            fails_with<std::runtime_error>([this] { queue.put(Unpushable{.throws = true}); }, "the put fails");
        }
    }
    void after() {
        if constexpr (requires { queue.task_done(); }) {
            for (int done = 0; done != 2; ++done) queue.task_done();
            queue.join();  // the put that failed is no task
        }
    }
};

template <Platform P>
struct QueueFailedPutPassesRoomOn : FailingPutter<P> {
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueFailedPutPassesRoomOn);

// Does not pass on the notify that a failed call has used up.
template <Platform P, class Item, class Discipline>
class KeepsTheNotify {
  public:
    explicit KeepsTheNotify(std::size_t maxsize = 8) : maxsize_(maxsize) {}
    void put(Item item) {
        const std::scoped_lock guard(lock_);
        while (items_.size() == maxsize_) not_full_.wait(lock_, Deadline::never());
        items_.push(item);
        not_empty_.notify_one();
    }
    Item get() {
        const std::scoped_lock guard(lock_);
        while (items_.size() == 0) not_empty_.wait(lock_, Deadline::never());
        const Item item = items_.pop();
        not_full_.notify_one();
        return item;
    }

  private:
    const std::size_t maxsize_;
    BasicLock<P> lock_;
    heddle::detail::WaitPoint<P> not_empty_{"not_empty"};
    heddle::detail::WaitPoint<P> not_full_{"not_full"};
    Discipline items_;
};
template <Platform P>
struct QueueFailedPutKeepsRoom : FailingPutter<P, KeepsTheNotify<P, Unpushable, RefusingFifo>> {
    static constexpr bool locks_by_specification = true;
    static constexpr auto breaks = "INV-Q-WAKE INV-EXC";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueFailedPutKeepsRoom, failure::deadlock);

// One item and two getters, of which the first fails.
struct FailingOnceFifo : Fifo<int> {
    bool has_failed = false;  // guarded by the queue's lock
    int pop() {
        if (!std::exchange(has_failed, true)) throw std::runtime_error("the move fails");
        return Fifo<int>::pop();
    }
};
template <Platform P, class AnyQueue = BasicQueue<P, int, FailingOnceFifo>>
struct FailingGetter {
    static constexpr auto claim = "a get that fails after it has waited leaves the item to another getter";
    static constexpr auto invariants = "INV-EXC INV-Q-WAKE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyQueue queue;
    typename P::template atomic<int> got{0, "got"};
    typename P::template atomic<int> failed{0, "failed"};

    void thread(int index) {
        if (index == 0) {
            queue.put(1);
            return;
        }
        try {
            got.fetch_add(queue.get(), std::memory_order_relaxed);  // relaxed: read after the threads have ended
        } catch (const std::runtime_error&) {
            failed.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() {
        check(got.load(std::memory_order_relaxed) == 1, "the item was got");
        check(failed.load(std::memory_order_relaxed) == 1, "one get has failed");
    }
};

template <Platform P>
struct QueueFailedGetPassesItemOn : FailingGetter<P> {};
HEDDLE_MODEL(QueueFailedGetPassesItemOn);

template <Platform P>
struct QueueFailedGetKeepsItem : FailingGetter<P, KeepsTheNotify<P, int, FailingOnceFifo>> {
    static constexpr auto breaks = "INV-Q-WAKE INV-EXC";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueFailedGetKeepsItem, failure::deadlock);

// An item whose move may throw, and a get by a destructor that runs because of an exception.
struct MayThrow {
    explicit MayThrow(int number) : value(number) {}
    MayThrow(const MayThrow&) = default;
    MayThrow(MayThrow&& other) noexcept(false) : value(other.value) {}
    MayThrow& operator=(const MayThrow&) = default;
    int value;
};
template <Platform P, class Discipline = Fifo<MayThrow>>
struct GetWhileUnwinding {
    static constexpr auto claim = "a get takes its item out, also while the stack is unwound";
    static constexpr auto invariants = "INV-Q-NODUP INV-EXC";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    struct Thrown {};
    BasicQueue<P, MayThrow, Discipline> queue;

    void thread(int) {
        queue.put(MayThrow(1));
        queue.put(MayThrow(2));
        try {
            const GetsAtItsEnd getter{queue};
            throw Thrown();
        } catch (const Thrown&) {
        }
        check(queue.get_nowait().value == 2 && queue.empty(), "the other item is left, and only that");
    }

  private:
    struct GetsAtItsEnd {
        BasicQueue<P, MayThrow, Discipline>& queue;
        ~GetsAtItsEnd() { check(queue.get_nowait().value == 1, "the first item comes"); }
    };
};

template <Platform P>
struct QueueGivesWhileUnwinding : GetWhileUnwinding<P> {};
HEDDLE_MODEL(QueueGivesWhileUnwinding);

// Takes any exception for one of the move.
struct MistakesExceptions : std::deque<MayThrow> {
    void push(const MayThrow& item) { push_back(item); }
    MayThrow pop() {
        const auto removal = std::shared_ptr<void>(nullptr, [this](void*) {
            if (std::uncaught_exceptions() == 0) pop_front();
        });
        return MayThrow(std::move(front()));
    }
};
template <Platform P>
struct QueueKeepsItemWhileUnwinding : GetWhileUnwinding<P, MistakesExceptions> {
    static constexpr auto breaks = "INV-Q-NODUP INV-EXC";
    static constexpr auto fails_at = "the other item is left, and only that";
};
HEDDLE_BROKEN_MODEL(QueueKeepsItemWhileUnwinding, failure::assertion);

}  // namespace heddle::models

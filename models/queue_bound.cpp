// Queue: a bound that changes, and what others ask of a Queue meanwhile.
#include <cstddef>
#include <mutex>

#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>
#include <heddle/simple_queue.hpp>

namespace heddle::models {

// Two that wait for room, which nobody makes by a get.
template <Platform P, class AnyQueue = BasicQueue<P, int>>
struct MoreRoom {
    static constexpr auto claim = "set_maxsize lets every putter go on that has room then";
    static constexpr auto invariants = "INV-Q-WAKE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyQueue queue{1};

    MoreRoom() { queue.put(0); }
    void thread(int index) {
        if (index == 0) queue.set_maxsize(3);
        else queue.put(index);
    }
    void after() { check(queue.full() && queue.qsize() == 3, "three items have room, and are there"); }
};

template <Platform P>
struct QueueMakesRoomForAll : MoreRoom<P> {};
HEDDLE_MODEL(QueueMakesRoomForAll);

// Python's: who waits for room learns of the new bound when an item is got.
template <Platform P>
class TellsNobody {
  public:
    explicit TellsNobody(std::size_t maxsize) : maxsize_(maxsize) {}
    void put(int) {
        const std::scoped_lock guard(lock_);
        while (items_ == maxsize_) not_full_.wait(lock_, Deadline::never());
        ++items_;
    }
    void set_maxsize(std::size_t maxsize) {
        const std::scoped_lock guard(lock_);
        maxsize_ = maxsize;
    }
    bool full() const { return items_ == maxsize_; }
    std::size_t qsize() const { return items_; }

  private:
    BasicLock<P> lock_;
    heddle::detail::WaitPoint<P> not_full_{"not_full"};
    std::size_t maxsize_;  // guarded by lock_, as is what follows
    std::size_t items_ = 0;
};
template <Platform P>
struct QueueKeepsNewRoomSecret : MoreRoom<P, TellsNobody<P>> {
    static constexpr auto breaks = "INV-Q-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueKeepsNewRoomSecret, failure::deadlock);

// One thread changes all that there is to ask for, one thing after the other.
template <Platform P, class AnyQueue = BasicQueue<P, int>>
struct AskedMeanwhile {
    static constexpr auto claim = "any thread may ask a Queue for its state at any time";
    static constexpr auto invariants = "INV-Q-LIN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyQueue queue{2};

    void thread(int index) {
        if (index == 0) {
            queue.put(1);
            queue.set_maxsize(1);
            queue.shutdown();
            return;
        }
        const bool is_shutdown = queue.is_shutdown();
        const bool is_full = queue.full();
        const std::ptrdiff_t maxsize = queue.maxsize();
        const std::size_t size = queue.qsize();
        check(!is_shutdown || is_full, "it is shut down when it is full");
        check(!is_full || maxsize == 1, "it is full when its bound has changed");
        check(maxsize == 2 || size == 1, "its bound changes when the item has come");
        check(size <= 1, "there is one item");
    }
    void after() {
        check(queue.is_shutdown() && queue.full() && queue.maxsize() == 1 && queue.qsize() == 1,
              "in the end all is so");
    }
};

template <Platform P>
struct QueueIsAskedMeanwhile : AskedMeanwhile<P> {};
HEDDLE_MODEL(QueueIsAskedMeanwhile);

// Tells its bound without the lock.
template <Platform P>
class TellsUnlocked : public BasicQueue<P, int> {
  public:
    explicit TellsUnlocked(std::ptrdiff_t maxsize) : BasicQueue<P, int>(maxsize), told_(maxsize, "told") {}
    void set_maxsize(std::ptrdiff_t maxsize) {
        told_.write(maxsize);
        BasicQueue<P, int>::set_maxsize(maxsize);
    }
    std::ptrdiff_t maxsize() const { return told_.read(); }

  private:
    typename P::template plain<std::ptrdiff_t> told_;
};
template <Platform P>
struct QueueTellsUnlocked : AskedMeanwhile<P, TellsUnlocked<P>> {
    static constexpr auto breaks = "INV-Q-LIN";
    static constexpr auto fails_at = "told";
};
HEDDLE_BROKEN_MODEL(QueueTellsUnlocked, failure::data_race);

template <Platform P>
struct SimpleQueueIsAskedMeanwhile {
    static constexpr auto claim = "any thread may ask a SimpleQueue for its size at any time";
    static constexpr auto invariants = "INV-Q-LIN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    BasicSimpleQueue<P, int> queue;

    void thread(int index) {
        if (index == 0) return queue.put(1);
        const bool is_empty = queue.empty();
        check(queue.qsize() <= 1 && (is_empty || queue.qsize() == 1), "one item comes");
    }
    void after() { check(!queue.empty() && queue.qsize() == 1, "it is there"); }
};
HEDDLE_MODEL(SimpleQueueIsAskedMeanwhile);

}  // namespace heddle::models

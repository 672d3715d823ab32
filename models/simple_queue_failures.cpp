// SimpleQueue: a get whose move throws puts its item back, whatever has become of the queue meanwhile.
#include <cstddef>
#include <deque>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <heddle/checker/model.hpp>
#include <heddle/simple_queue.hpp>

namespace heddle::models {

// A get that fails on the only item: the item is the first again, and the last.
struct FailsOnce {
    explicit FailsOnce(int number, std::function<void()> first = nullptr)
        : value(number), before_it_fails(std::move(first)) {}
    FailsOnce(const FailsOnce&) = default;
    FailsOnce(FailsOnce&& other) noexcept(false) : value(other.value) {
        if (const auto happens = std::exchange(other.before_it_fails, nullptr)) {
            happens();
            throw std::runtime_error("the move fails");
        }
    }
    FailsOnce& operator=(const FailsOnce&) = default;
    int value;
    std::function<void()> before_it_fails;  // empty: it does not
};
template <Platform P, class AnyQueue = BasicSimpleQueue<P, FailsOnce>>
struct FailedGet {
    static constexpr auto claim = "an item that a failed get leaves in a SimpleQueue is in its place again";
    static constexpr auto invariants = "INV-EXC";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    AnyQueue queue;

    void thread(int) {
        // While the item is on its way out nothing happens, then another comes and goes, then another comes to stay.
        fails_while([] {});
        gives({1, 2});
        fails_while([this] {
            queue.put(FailsOnce(3));
            gives({3});
        });
        gives({1, 2});
        fails_while([this] { queue.put(FailsOnce(3)); });
        gives({1, 3, 2});
    }
    void fails_while(std::function<void()> happens) {
        const FailsOnce first(1, std::move(happens));
        queue.put(first);
        try {
            queue.get();
            check(false, "the get fails");
        } catch (const std::runtime_error&) {
        }
        queue.put(FailsOnce(2));
    }
    void gives(std::initializer_list<int> items) {
        for (const int item : items) check(queue.get_nowait().value == item, "the items come in order");
        check(queue.qsize() == 0, "nothing is left");
        try {
            (void)queue.get_nowait();
            check(false, "nothing comes");
        } catch (const Empty&) {
        }
    }
};

template <Platform P>
struct SimpleQueueFailedGet : FailedGet<P> {};
HEDDLE_MODEL(SimpleQueueFailedGet);

// What is put after a failed get comes before the item.
template <Platform P>
class PutsInFront {
  public:
    void put(const FailsOnce& item) { items_.push_front(item); }
    FailsOnce get() { return get_nowait(); }
    std::size_t qsize() const { return items_.size(); }
    FailsOnce get_nowait() {
        if (items_.empty()) throw Empty();
        FailsOnce item(std::move(items_.front()));
        items_.pop_front();
        return item;
    }

  private:
    std::deque<FailsOnce> items_;
};
template <Platform P>
struct SimpleQueueMisplacesItem : FailedGet<P, PutsInFront<P>> {
    static constexpr auto breaks = "INV-EXC";
    static constexpr auto fails_at = "the items come in order";
};
HEDDLE_BROKEN_MODEL(SimpleQueueMisplacesItem, failure::assertion);

// Two getters; the first to move the item fails, and the other may have begun to wait since the item was put.
template <Platform P, class AnyQueue = BasicSimpleQueue<P, FailsOnce>>
struct FailedGetOfTwo {
    static constexpr auto claim = "an item that a failed get leaves in a SimpleQueue is told to another getter";
    static constexpr auto invariants = "INV-EXC INV-SQ-WAKE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyQueue queue;
    bool failed[2] = {false, false};  // each written by one thread, and read after its end

    void thread(int index) {
        if (index == 2) {
            const FailsOnce item(1, [] {});
            return queue.put(item);
        }
        try {
            check(queue.get().value == 1, "the item comes");
        } catch (const std::runtime_error&) {
            failed[index] = true;
        }
    }
    void after() { check(failed[0] != failed[1] && queue.qsize() == 0, "one get has failed, the other has the item"); }
};

template <Platform P>
struct SimpleQueueFailedGetPassesItemOn : FailedGetOfTwo<P> {};
HEDDLE_MODEL(SimpleQueueFailedGetPassesItemOn);

// Puts it back, and tells nobody.
template <Platform P>
class PutsBackSilently {
  public:
    void put(const FailsOnce& item) {
        const std::scoped_lock guard(lock_);
        items_.push_back(item);
        not_empty_.notify_one();
    }
    FailsOnce get() {
        FailsOnce item = first();
        try {
            return FailsOnce(std::move(item));
        } catch (...) {
            const std::scoped_lock guard(lock_);
            items_.push_front(FailsOnce(item.value));
            throw;
        }
    }
    std::size_t qsize() const { return items_.size(); }

  private:
    FailsOnce first() {
        const std::scoped_lock guard(lock_);
        while (items_.empty()) not_empty_.wait(lock_, Deadline::never());
        FailsOnce item = items_.front();
        items_.pop_front();
        return item;
    }

    BasicLock<P> lock_;
    heddle::detail::WaitPoint<P> not_empty_{"not_empty"};
    std::deque<FailsOnce> items_;
};
template <Platform P>
struct SimpleQueueFailedGetKeepsItem : FailedGetOfTwo<P, PutsBackSilently<P>> {
    static constexpr auto breaks = "INV-EXC INV-SQ-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(SimpleQueueFailedGetKeepsItem, failure::deadlock);

}  // namespace heddle::models

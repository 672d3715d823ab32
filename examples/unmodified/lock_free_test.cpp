// Structures without locks: a deque for work stealing, a sequence lock, a queue of cells.
#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include <heddle/unmodified.hpp>

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto seq_cst = std::memory_order_seq_cst;

// ---- Lê, Pop, Cohen, Zappa Nardelli: Correct and Efficient Work-Stealing for Weak Memory Models, of fixed size

template <bool has_fence>
class WorkStealingDeque {
  public:
    void push(int task) {
        const std::ptrdiff_t bottom = bottom_.load(relaxed);
        at(bottom).store(task, relaxed);
        std::atomic_thread_fence(release);
        bottom_.store(bottom + 1, relaxed);
    }
    std::optional<int> take() {
        const std::ptrdiff_t bottom = bottom_.load(relaxed) - 1;
        bottom_.store(bottom, relaxed);
        if (has_fence) std::atomic_thread_fence(seq_cst);
        std::ptrdiff_t top = top_.load(relaxed);
        std::optional<int> task;
        if (top <= bottom) task = at(bottom).load(relaxed);
        if (top < bottom) return task;
        if (top == bottom && !top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed)) task.reset();
        bottom_.store(bottom + 1, relaxed);
        return task;
    }
    std::optional<int> steal() {
        std::ptrdiff_t top = top_.load(acquire);
        std::atomic_thread_fence(seq_cst);
        if (top >= bottom_.load(acquire)) return std::nullopt;
        const int task = at(top).load(relaxed);
        if (!top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed)) return std::nullopt;
        return task;
    }

  private:
    std::atomic<int>& at(std::ptrdiff_t index) { return tasks_[static_cast<std::size_t>(index) % tasks_.size()]; }

    std::array<std::atomic<int>, 4> tasks_{};
    std::atomic<std::ptrdiff_t> top_{0}, bottom_{0};
};

template <bool has_fence>
void share_two_tasks() {
    WorkStealingDeque<has_fence> deque;
    std::array<std::atomic<int>, 2> done{};
    const auto run = [&](std::optional<int> task) {
        if (task) done[static_cast<std::size_t>(*task)].fetch_add(1, relaxed);
    };
    deque.push(0), deque.push(1);
    std::thread thief([&] { run(deque.steal()), run(deque.steal()); });
    run(deque.take()), run(deque.take());
    thief.join();
    run(deque.take()), run(deque.take());
    assert(done[0] == 1 && done[1] == 1);
}
HEDDLE_TEST(WorkIsDoneOnce) { share_two_tasks<true>(); }
HEDDLE_BROKEN_TEST(WorkIsDoneTwiceWithoutAFence, assertion) { share_two_tasks<false>(); }

// ---- Boehm: Can Seqlocks Get Along With Programming Language Memory Models?

enum class SeqLockFault { none, plain_data, reader_without_fence, writer_without_fence };

template <SeqLockFault fault>
class SeqLock {
  public:
    void write(int value) {
        const unsigned sequence = sequence_.load(relaxed);
        sequence_.store(sequence + 1, relaxed);
        if (fault != SeqLockFault::writer_without_fence) std::atomic_thread_fence(release);
        set(first_, value), set(second_, value);
        sequence_.store(sequence + 2, release);
    }
    std::pair<int, int> read() const {
        for (;;) {
            const unsigned before = sequence_.load(acquire);
            const std::pair found(get(first_), get(second_));
            if (fault != SeqLockFault::reader_without_fence) std::atomic_thread_fence(acquire);
            if (before % 2 == 0 && sequence_.load(relaxed) == before) return found;
        }
    }

  private:
    using Word = std::conditional_t<fault == SeqLockFault::plain_data, int, std::atomic<int>>;
    static void set(int& word, int value) { word = value; }
    static void set(std::atomic<int>& word, int value) { word.store(value, relaxed); }
    static int get(const int& word) { return word; }
    static int get(const std::atomic<int>& word) { return word.load(relaxed); }

    std::atomic<unsigned> sequence_{0};
    Word first_{0}, second_{0};
};

template <SeqLockFault fault>
void read_while_written() {
    SeqLock<fault> lock;
    std::thread writer([&] { lock.write(1), lock.write(2); });
    const auto [first, second] = lock.read();
    assert(first == second);
    writer.join();
}
HEDDLE_TEST(SeqLockReadsWhatWasWrittenTogether) { read_while_written<SeqLockFault::none>(); }
HEDDLE_BROKEN_TEST(SeqLockOfPlainData, data_race) { read_while_written<SeqLockFault::plain_data>(); }
HEDDLE_BROKEN_TEST(SeqLockReaderWithoutFence, assertion) { read_while_written<SeqLockFault::reader_without_fence>(); }
HEDDLE_BROKEN_TEST(SeqLockWriterWithoutFence, assertion) { read_while_written<SeqLockFault::writer_without_fence>(); }

// ---- Vyukov: Bounded MPMC queue

template <std::memory_order publishing>
class CellQueue {
  public:
    CellQueue() {
        for (std::size_t i = 0; i != cells_.size(); ++i) cells_[i].sequence.store(i, relaxed);
    }
    bool push(int value) {
        Cell* const cell = claim(pushed_, 0);
        if (cell == nullptr) return false;
        cell->value = value;
        cell->sequence.store(cell->sequence.load(relaxed) + 1, publishing);
        return true;
    }
    std::optional<int> pop() {
        Cell* const cell = claim(popped_, 1);
        if (cell == nullptr) return std::nullopt;
        const int value = cell->value;
        cell->sequence.store(cell->sequence.load(relaxed) + cells_.size() - 1, release);
        return value;
    }

  private:
    struct Cell {
        std::atomic<std::size_t> sequence{0};
        int value = 0;
    };
    /// The next cell, once its sequence is so far ahead of the position; null if it is behind.
    Cell* claim(std::atomic<std::size_t>& position, std::size_t ahead) {
        std::size_t at = position.load(relaxed);
        for (;;) {
            Cell& cell = cells_[at % cells_.size()];
            const auto difference = static_cast<std::ptrdiff_t>(cell.sequence.load(acquire) - (at + ahead));
            if (difference < 0) return nullptr;
            if (difference > 0) at = position.load(relaxed);
            else if (position.compare_exchange_weak(at, at + 1, relaxed)) return &cell;
        }
    }

    std::array<Cell, 2> cells_;
    std::atomic<std::size_t> pushed_{0}, popped_{0};
};

template <std::memory_order publishing>
void pass_two_items() {
    CellQueue<publishing> queue;
    std::thread first([&] { queue.push(1); }), second([&] { queue.push(2); });
    const auto one = queue.pop(), other = queue.pop();
    first.join(), second.join();
    assert(!one || !other || *one + *other == 3);
}
HEDDLE_TEST(CellQueuePassesItemsOnce) { pass_two_items<release>(); }
HEDDLE_BROKEN_TEST(CellQueueThatPublishesNothing, data_race) { pass_two_items<relaxed>(); }

}  // namespace

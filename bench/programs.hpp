// Programs of the literature that explorers of memory models are measured with, each with a number to grow.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <heddle/checker/model.hpp>

namespace heddle::bench {

using checker::CheckingPlatform;

/// A family of programs with numbers to grow.
struct Size {
    int threads;
    int locations;
    int rounds;
};

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto seq_cst = std::memory_order_seq_cst;

using Word = CheckingPlatform::atomic<int>;

/// Words that begin at 0: an atomic does not move.
class Words : public std::deque<Word> {
  public:
    explicit Words(int count) {
        for (int n = 0; n != count; ++n) emplace_back(0);
    }
    Word& operator[](int n) { return at(static_cast<std::size_t>(n)); }
};

/// Two threads: each writes its own location and reads the other's, with a fence between. Store buffering, again and again.
class SeqCstFences {
  public:
    explicit SeqCstFences(const Size& size) : size_(size) {}
    void thread(int index) {
        Word& mine = index == 0 ? first_ : second_;
        Word& other = index == 0 ? second_ : first_;
        for (int round = 0; round != size_.rounds; ++round) {
            mine.store(round + 1, relaxed);
            CheckingPlatform::fence(seq_cst);
            other.load(relaxed);
        }
    }
    void after() {}

  private:
    Size size_;
    Word first_{0};
    Word second_{0};
};

/// Each thread writes and reads, going round the locations.
template <std::memory_order writes, std::memory_order reads>
class Accesses {
  public:
    explicit Accesses(const Size& size) : size_(size), words_(size.locations) {}
    void thread(int index) {
        for (int round = 0; round != size_.rounds; ++round) {
            words_[(index + round) % size_.locations].store(index + 1, writes);
            words_[(index + round + 1) % size_.locations].load(reads);
        }
    }
    void after() {}

  private:
    Size size_;
    Words words_;
};

/// Two threads that add to each other's numbers, and one that looks at them.
/// Source: fib_bench of the SV-COMP benchmarks.
class Fibonacci {
  public:
    explicit Fibonacci(const Size& size) : size_(size) {}
    void thread(int index) {
        if (index == 2) {
            first_.load(acquire);
            second_.load(acquire);
            return;
        }
        Word& mine = index == 0 ? first_ : second_;
        Word& other = index == 0 ? second_ : first_;
        for (int round = 0; round != size_.rounds; ++round)
            mine.store(mine.load(acquire) + other.load(acquire), release);
    }
    void after() {}

  private:
    Size size_;
    Word first_{1};
    Word second_{1};
};

/// Each thread wants to be the one after its predecessor, and looks once.
class Rotation {
  public:
    explicit Rotation(const Size&) {}
    void thread(int index) {
        int expected = index;
        word_.compare_exchange_strong(expected, index + 1, relaxed, relaxed);
    }
    void after() {}

  private:
    Word word_{0};
};

/// One thread writes what all the others read; each reader may throw and catch an exception besides.
template <bool throws>
class Readers {
  public:
    explicit Readers(const Size& size) : size_(size) {}
    void thread(int index) {
        if (index != 0) {
            word_.load(relaxed);
            return;
        }
        word_.store(1, relaxed);
        if constexpr (throws) {
            try {
                fail();
            } catch (const int code) {
                check(code == 1);
            }
        }
    }
    void after() {}

  private:
    [[noreturn, gnu::noinline]] static void fail() { throw 1; }
    Size size_;
    Word word_{0};
};

/// A thread that frees as many blocks as there are rounds, and allocates as many again.
class Frees {
  public:
    explicit Frees(const Size& size) : size_(size) {}
    void thread(int) {
        std::vector<std::unique_ptr<long>> blocks(static_cast<std::size_t>(size_.rounds));
        for (int turn = 0; turn != 2; ++turn) {
            for (auto& block : blocks) block = std::make_unique<long>();
            for (auto& block : blocks) block.reset();
        }
    }
    void after() {}

  private:
    Size size_;
};

/// Threads that take a ticket each and wait until it is served.
class TicketLock {
  public:
    explicit TicketLock(const Size& size) : size_(size) {}
    void thread(int) {
        const int mine = next_.fetch_add(1, relaxed);
        while (served_.load(acquire) != mine) CheckingPlatform::yield();
        count_.write(count_.read() + 1);
        served_.store(mine + 1, release);
    }
    void after() { check(count_.read() == size_.threads); }

  private:
    Size size_;
    Word next_{0};
    Word served_{0};
    CheckingPlatform::plain<int> count_{0};
};

/// The owner puts as many items as there are threads into its deque and takes them out again; the others steal one each.
/// Source: Le, Pop, Cohen, Zappa Nardelli, "Correct and Efficient Work-Stealing for Weak Memory Models", PPoPP 2013.
class WorkStealing {
  public:
    explicit WorkStealing(const Size& size) : size_(size), items_(size.rounds) {}
    void thread(int index) {
        if (index != 0) {
            steal();
            return;
        }
        for (int item = 1; item <= size_.rounds; ++item) push(item);
        for (int item = 1; item <= size_.rounds; ++item) take();
    }
    void after() { check(taken_.load(relaxed) <= size_.rounds); }

  private:
    void push(int item) {
        const int bottom = bottom_.load(relaxed);
        top_.load(acquire);
        items_[bottom].store(item, relaxed);
        CheckingPlatform::fence(release);
        bottom_.store(bottom + 1, relaxed);
    }
    void take() {
        const int bottom = bottom_.load(relaxed) - 1;
        bottom_.store(bottom, relaxed);
        CheckingPlatform::fence(seq_cst);
        int top = top_.load(relaxed);
        if (top < bottom) {
            items_[bottom].load(relaxed);
            return;
        }
        if (top == bottom) {
            items_[bottom].load(relaxed);
            if (top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed)) taken_.fetch_add(1, relaxed);
        }
        bottom_.store(bottom + 1, relaxed);
    }
    void steal() {
        int top = top_.load(acquire);
        CheckingPlatform::fence(seq_cst);
        if (top >= bottom_.load(acquire)) return;
        items_[top].load(relaxed);
        if (top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed)) taken_.fetch_add(1, relaxed);
    }

    Size size_;
    Word top_{0};
    Word bottom_{0};
    Words items_;
    Word taken_{0};
};

/// A stack of which each thread takes an element and puts it back, looking as often as there are rounds. All is seq_cst.
/// Source: the SafeStack that D. Vyukov posed as a challenge to model checkers.
class SafeStack {
  public:
    explicit SafeStack(const Size& size) : size_(size), next_(size.locations), count_(size.locations) {
        for (int n = 0; n + 1 < size.locations; ++n) next_[n].store(n + 1, seq_cst);
        next_[size.locations - 1].store(nothing, seq_cst);
    }
    void thread(int) {
        if (const int element = pop(); element != nothing) push(element);
    }
    void after() {}

  private:
    static constexpr int nothing = -1;
    int pop() {
        for (int round = 0; round != size_.rounds && count_.load(seq_cst) > 1; ++round) {
            int head = head_.load(seq_cst);
            const int next = next_[head].exchange(nothing, seq_cst);
            if (next == nothing) continue;
            if (head_.compare_exchange_strong(head, next, seq_cst, seq_cst)) {
                count_.fetch_sub(1, seq_cst);
                return head;
            }
            next_[head].exchange(next, seq_cst);
        }
        return nothing;
    }
    void push(int element) {
        int head = head_.load(seq_cst);
        for (int round = 0; round != size_.rounds; ++round) {
            next_[element].store(head, seq_cst);
            if (head_.compare_exchange_strong(head, element, seq_cst, seq_cst)) break;
        }
        count_.fetch_add(1, seq_cst);
    }

    Size size_;
    Words next_;
    Word head_{0};
    Word count_;
};

}  // namespace heddle::bench

// Programs whose loops try again when another thread came in between: stacks, queues and locks by compare-exchange.
#pragma once

#include <set>
#include <string>

#include "programs.hpp"

namespace heddle::bench {

/// What each thread found and what is left, of every execution.
using Outcomes = std::set<std::string>;

/// Notes what the threads of an execution find, for whoever asks.
class Findings {
  public:
    Findings(int threads, Outcomes* outcomes) : found_(static_cast<std::size_t>(threads)), outcomes_(outcomes) {}
    void add(int thread, int value) {
        if (outcomes_ != nullptr) found_.at(static_cast<std::size_t>(thread)) += std::to_string(value) + ' ';
    }
    void end(const std::string& left) {
        if (outcomes_ == nullptr) return;
        const engine::FrontEndAllocations outlive_the_execution;
        std::string outcome;
        for (const std::string& each : found_) outcome += each + "| ";
        outcomes_->insert(outcome + left);
    }

  private:
    std::vector<std::string> found_;  // by thread
    Outcomes* outcomes_;
};

/// The first of the threads, as many as there are rounds, push a node each, the others pop one. `retries`: the order of a pop's
/// compare-exchange that has failed, whose value the next turn uses; consume: each turn loads it anew.
/// Source: Treiber, IBM RJ 5118, 1986.
template <std::memory_order retries>
class TreiberStack {
  public:
    explicit TreiberStack(const Size& size, Outcomes* outcomes = nullptr)
        : size_(size), findings_(size.threads, outcomes), nodes_(static_cast<std::size_t>(size.rounds) + 1) {}
    void thread(int index) {
        if (index < size_.rounds) push(index + 1);
        else findings_.add(index, pop());
    }
    void after() {
        std::string left;
        for (int node = head_.load(relaxed); node != 0; node = at(node).next.read()) left += std::to_string(node) + ' ';
        findings_.end(left);
    }

  private:
    struct Node {
        CheckingPlatform::plain<int> value{0};
        CheckingPlatform::plain<int> next{0};
    };

    Node& at(int node) { return nodes_.at(static_cast<std::size_t>(node)); }
    void push(int node) {
        at(node).value.write(node);
        for (;;) {
            int top = head_.load(relaxed);
            at(node).next.write(top);
            if (head_.compare_exchange_strong(top, node, release, relaxed)) return;
        }
    }
    int pop() {
        if constexpr (retries != std::memory_order_consume) {
            int top = head_.load(acquire);
            while (top != 0 && !head_.compare_exchange_strong(top, at(top).next.read(), acquire, retries)) {
            }
            return top == 0 ? 0 : at(top).value.read();
        }
        for (;;) {
            int top = head_.load(acquire);
            if (top == 0) return 0;
            const int next = at(top).next.read();
            if (head_.compare_exchange_strong(top, next, relaxed, relaxed)) return at(top).value.read();
        }
    }

    Size size_;
    Findings findings_;
    Word head_{0};
    std::deque<Node> nodes_;
};

/// The first of the threads, as many as there are rounds, enqueue a node each, the others dequeue one.
/// Source: Michael and Scott, PODC 1996.
class MichaelScottQueue {
  public:
    explicit MichaelScottQueue(const Size& size, Outcomes* outcomes = nullptr)
        : size_(size), findings_(size.threads, outcomes), next_(size.rounds + 2) {
        for (int node = 0; node != size.rounds + 2; ++node) values_.emplace_back(0);
    }
    void thread(int index) {
        if (index < size_.rounds) enqueue(index + 2);
        else findings_.add(index, dequeue());
    }
    void after() {
        std::string left;
        for (int node = next_[head_.load(relaxed)].load(relaxed); node != 0; node = next_[node].load(relaxed))
            left += std::to_string(node) + ' ';
        findings_.end(left);
    }

  private:
    void enqueue(int node) {
        values_.at(static_cast<std::size_t>(node)).write(node);
        for (;;) {
            int tail = tail_.load(acquire);
            int next = next_[tail].load(acquire);
            if (next != 0) {
                tail_.compare_exchange_strong(tail, next, release, relaxed);
                continue;
            }
            if (!next_[tail].compare_exchange_strong(next, node, release, relaxed)) continue;
            tail_.compare_exchange_strong(tail, node, release, relaxed);
            return;
        }
    }
    int dequeue() {
        for (;;) {
            int head = head_.load(acquire);
            int tail = tail_.load(acquire);
            const int next = next_[head].load(acquire);
            if (next == 0) return 0;
            if (head == tail) {
                tail_.compare_exchange_strong(tail, next, release, relaxed);
                continue;
            }
            const int value = values_.at(static_cast<std::size_t>(next)).read();
            if (head_.compare_exchange_strong(head, next, release, relaxed)) return value;
        }
    }

    Size size_;
    Findings findings_;
    Words next_;
    std::deque<CheckingPlatform::plain<int>> values_;
    Word head_{1};
    Word tail_{1};
};

/// Threads that take a bit of a word each, whatever the others have taken.
class WordOfBits {
  public:
    explicit WordOfBits(const Size& size, Outcomes* outcomes = nullptr)
        : size_(size), findings_(size.threads, outcomes) {}
    void thread(int index) {
        for (int round = 0; round != size_.rounds; ++round) {
            for (;;) {
                int bits = word_.load(acquire);
                if (!word_.compare_exchange_strong(bits, bits ^ (1 << index), release, relaxed)) continue;
                findings_.add(index, bits);
                break;
            }
        }
    }
    void after() { findings_.end(std::to_string(word_.load(relaxed))); }

  private:
    Size size_;
    Findings findings_;
    Word word_{0};
};

/// Threads that take a lock which looks before it tries. `exchanges`: by an exchange, not by a compare-exchange.
template <bool exchanges>
class TestAndTestAndSet {
  public:
    explicit TestAndTestAndSet(const Size& size, Outcomes* outcomes = nullptr)
        : size_(size), findings_(size.threads, outcomes) {}
    void thread(int index) {
        for (int round = 0; round != size_.rounds; ++round) {
            lock();
            findings_.add(index, count_.read());
            count_.write(count_.read() + 1);
            held_.store(0, release);
        }
    }
    void after() { findings_.end(std::to_string(count_.read())); }

  private:
    void lock() {
        for (;;) {
            while (held_.load(relaxed) != 0) CheckingPlatform::yield();
            if (is_taken()) return;
        }
    }
    bool is_taken() {
        if constexpr (exchanges) return held_.exchange(1, acquire) == 0;
        int free = 0;
        return held_.compare_exchange_strong(free, 1, acquire, relaxed);
    }

    Size size_;
    Findings findings_;
    Word held_{0};
    CheckingPlatform::plain<int> count_{0};
};

}  // namespace heddle::bench

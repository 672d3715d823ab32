// Threads that wait in the order in which they came, each until it is chosen.
#pragma once

#include <atomic>
#include <optional>

#include <heddle/platform/platform.hpp>

namespace heddle::detail {

/// A list of threads, each of which is chosen by name, so that none can take what was meant for another.
/// Requires: every member is called with one lock held, always the same, unless it says otherwise.
template <Platform P>
class WaitList {
  public:
    static constexpr FutexWord not_chosen = 0;
    static constexpr FutexWord asleep = ~FutexWord{0};
    static constexpr FutexWord interrupted = asleep - 1;

    /// A thread in the list; lives on its stack.
    class Waiter {
      public:
        Waiter() = default;
        Waiter(const Waiter&) = delete;
        Waiter& operator=(const Waiter&) = delete;

        /// Waits until the thread is chosen or the deadline has passed. Called without the lock; it need not have
        /// been chosen when this returns: chosen_for() tells, with the lock held. Returns: whether it was asleep.
        bool sleep(Deadline deadline, Backoff backoff = Backoff::tight) {
            P::spin_while(word_, not_chosen, backoff);
            FutexWord seen = not_chosen;
            // Relaxed, here and below: the lock, which the caller takes next, orders what the chooser did.
            if (!word_.compare_exchange_strong(seen, asleep, std::memory_order_relaxed, std::memory_order_relaxed))
                return false;
            while (word_.load(std::memory_order_relaxed) == asleep)
                if (P::wait(word_, asleep, deadline) == WaitResult::timed_out) break;
            return true;
        }

        /// What the thread was chosen for; not_chosen if it still is in the list.
        FutexWord chosen_for() const {
            // Relaxed: both this and the choice happen under the lock.
            const FutexWord word = word_.load(std::memory_order_relaxed);
            return is_choice(word) ? word : not_chosen;
        }

        /// chosen_for() without the lock. What it was chosen for is final; not_chosen may be over when this returns.
        FutexWord outcome() const {
            // Acquire: synchronizes-with the release in choose_first().
            const FutexWord word = word_.load(std::memory_order_acquire);
            return is_choice(word) ? word : not_chosen;
        }

        /// Ends the thread's sleep without choosing it. Called by any thread, without the lock.
        void interrupt() {
            FutexWord word = word_.load(std::memory_order_relaxed);  // relaxed: the compare-exchange decides
            while (word == not_chosen || word == asleep) {
                // Relaxed: nothing is told but that the sleep is over; what ended it has its own order.
                if (!word_.compare_exchange_weak(word, interrupted, std::memory_order_relaxed,
                                                 std::memory_order_relaxed))
                    continue;
                if (word == asleep) P::wake_one(word_);
                return;
            }
        }

      private:
        friend class WaitList;

        static constexpr bool is_choice(FutexWord word) { return word != asleep && word != interrupted; }

        // word_          set by                                means
        // not_chosen     the constructor                       in the list, not asleep
        // asleep         the thread, before it sleeps          in the list; whoever chooses it must wake it
        // interrupted    interrupt                             in the list; it will not sleep any longer
        // others         choose_first                          chosen for this, and out of the list
        typename P::template atomic<FutexWord> word_{not_chosen, "Waiter.word"};
        Waiter* previous_ = nullptr;
        Waiter* next_ = nullptr;
    };

    explicit WaitList(const char* name) : touched_(name) {}
    WaitList(const WaitList&) = delete;
    WaitList& operator=(const WaitList&) = delete;

    bool empty() const {
        touched_.read();
        return first_ == nullptr;
    }

    /// Adds the calling thread as the last.
    void add(Waiter& waiter) {
        touched_.write();
        waiter.previous_ = last_;
        (last_ == nullptr ? first_ : last_->next_) = &waiter;
        last_ = &waiter;
    }

    /// Takes a thread that was not chosen out of the list.
    void remove(Waiter& waiter) {
        touched_.write();
        (waiter.previous_ == nullptr ? first_ : waiter.previous_->next_) = waiter.next_;
        (waiter.next_ == nullptr ? last_ : waiter.next_->previous_) = waiter.previous_;
    }

    /// Chooses the thread that has waited longest, and tells it what for. Requires: the list is not empty. Returns: by what the
    /// caller has to wake it, if it is asleep. It may be gone by then.
    std::optional<typename P::futex_key> choose_first(FutexWord what_for) {
        Waiter& waiter = *first_;
        remove(waiter);
        const typename P::futex_key key(waiter.word_);
        // Release: synchronizes-with the acquire in outcome(), after which the waiter may be gone.
        if (waiter.word_.exchange(what_for, std::memory_order_release) != asleep) return std::nullopt;
        return key;
    }

  private:
    [[no_unique_address]] typename P::region touched_;  // stands for the links
    Waiter* first_ = nullptr;
    Waiter* last_ = nullptr;
};

}  // namespace heddle::detail

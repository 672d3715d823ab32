#include "hooks/futex_queue.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

FutexQueue futex_queue;

using engine::OperationKind;

/// The running thread has the lock of the queue.
class FutexQueue::Locked {
  public:
    Locked(const FutexQueue& queue, std::uintptr_t caller) : queue_(queue), caller_(caller) {
        step({.kind = OperationKind::lock, .object = lock()});
    }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;
    ~Locked() { step({.kind = OperationKind::unlock, .object = lock()}); }

    /// Sleeps outside of it, until it is let go or the deadline comes, or wakes without a cause. Returns: whether the
    /// deadline has come.
    bool sleep(std::chrono::nanoseconds deadline) {
        engine::Object* const condition = condition_of(front_end->witness().thread(), caller_);
        step({.kind = OperationKind::enlist, .object = condition});
        step({.kind = OperationKind::unlock, .object = lock()});
        const auto slept = step({.kind = OperationKind::sleep,
                                 .object = condition,
                                 .value = front_end->wake_ups.may_come(caller_) ? 1U : 0U,
                                 .deadline = deadline});
        step({.kind = OperationKind::lock, .object = lock()});
        return static_cast<engine::WaitOutcome>(slept.value) == engine::WaitOutcome::timed_out;
    }

  private:
    engine::OperationResult step(const engine::Operation& operation) { return front_end->perform(operation, caller_); }
    engine::Object* lock() const {
        return front_end->objects.at(reinterpret_cast<std::uintptr_t>(&queue_), engine::ObjectKind::mutex, 4, 0,
                                     caller_);
    }

    const FutexQueue& queue_;
    std::uintptr_t caller_;
};

/// What the engine knows the sleep of a thread by.
std::uintptr_t FutexQueue::sleep_of(unsigned thread) {
    constexpr std::uintptr_t beside = 8;  // its first bytes stand for the end of the thread
    return reinterpret_cast<std::uintptr_t>(&front_end->storage.state(thread)) + beside;
}

/// Each thread sleeps at a condition of its own, so that one of those who wait at a word can be let go.
engine::Object* FutexQueue::condition_of(unsigned thread, std::uintptr_t caller) {
    return front_end->objects.at(sleep_of(thread), engine::ObjectKind::condition, 1, 0, caller);
}

void FutexQueue::use() {
    if (is_in_use_) return;
    is_in_use_ = true;
    front_end->run().restart();
}

std::string FutexQueue::name_of(std::uintptr_t address) const {
    if (address == reinterpret_cast<std::uintptr_t>(this)) return "the kernel's queue of futexes";
    for (unsigned thread = Threads::first; thread <= engine::most_adopted_threads; ++thread)
        if (address == sleep_of(thread)) return fmt::format("the sleep of thread {}", number_of(thread));
    return {};
}

bool FutexQueue::leave() {
    return std::erase_if(waiters_, [thread = front_end->witness().thread()](const Waiter& one) {
               return one.thread == thread;
           }) != 0;
}

engine::WaitOutcome FutexQueue::wait(std::uintptr_t word, std::uint32_t expected, std::uint32_t bits,
                                     std::chrono::nanoseconds deadline, std::uintptr_t caller) {
    const OutsideProgram outside;
    Locked locked(*this, caller);
    if (front_end->futex_words.value_of(word, caller) != expected) return engine::WaitOutcome::changed;
    if (deadline <= front_end->run().now()) return engine::WaitOutcome::timed_out;
    waiters_.push_back({front_end->witness().thread(), word, bits});
    const bool timed_out = locked.sleep(deadline);
    return leave() && timed_out ? engine::WaitOutcome::timed_out : engine::WaitOutcome::woken;
}

std::uint64_t FutexQueue::let_go(std::uintptr_t word, std::uint64_t most, std::uint32_t bits, std::uintptr_t caller) {
    std::uint64_t woken = 0;
    for (auto waiter = waiters_.begin(); waiter != waiters_.end() && woken != most;) {
        if (waiter->word != word || (waiter->bits & bits) == 0) {
            ++waiter;
            continue;
        }
        ++woken;
        engine::Object* const condition = condition_of(waiter->thread, caller);
        waiter = waiters_.erase(waiter);
        front_end->perform({.kind = OperationKind::notify, .object = condition, .value = engine::every_waiter}, caller);
    }
    return woken;
}

std::uint64_t FutexQueue::wake(std::uintptr_t word, std::uint64_t most, std::uint32_t bits, std::uintptr_t caller) {
    const OutsideProgram outside;
    const Locked locked(*this, caller);
    return let_go(word, most, bits, caller);
}

std::optional<std::uint64_t> FutexQueue::requeue(const Requeue& what, std::uintptr_t caller) {
    const OutsideProgram outside;
    const Locked locked(*this, caller);
    if (what.expected && front_end->futex_words.value_of(what.from, caller) != *what.expected) return std::nullopt;
    const std::uint64_t woken = let_go(what.from, what.wakes, all_bits, caller);
    std::uint64_t moved = 0;
    for (Waiter& waiter : waiters_) {
        if (moved == what.moves) break;
        if (waiter.word != what.from) continue;
        waiter.word = what.to;
        ++moved;
    }
    return woken + moved;
}

}  // namespace heddle::unmodified

// What runs a random program on a Platform: written once, so that both front ends are given the same.
#pragma once

#include <array>
#include <mutex>

#include <heddle/platform/mutex.hpp>
#include <heddle/platform/platform.hpp>

#include "generated_program.hpp"

namespace generated {

template <heddle::Platform P>
class Run {
  public:
    explicit Run(const Program& program) : program_(program) {}

    void thread(int index) {
        const auto& steps = program_.threads[static_cast<std::size_t>(index)];
        int last = 0;
        for (std::size_t at = 0; at != steps.size(); ++at)
            if (!perform(steps[at], last)) ++at;
    }

    /// Whether what the program asserts is so, when all threads have ended.
    bool holds() {
        for (auto& one : data_) one.read();
        return atomics_[0].load(std::memory_order_relaxed) != program_.forbidden || !program_.asserts;
    }

  private:
    using Atomic = typename P::template atomic<int>;
    using Data = typename P::template plain<int>;

    /// Returns: whether the next step is to be performed, too.
    bool perform(const Step& step, int& last) {
        switch (step.kind) {
            case Kind::fence:
                P::fence(step.order);
                break;
            case Kind::read:
                last = data_[step.object].read();
                break;
            case Kind::write:
                data_[step.object].write(step.value);
                break;
            case Kind::skip:
                return last == step.expected;
            case Kind::load:
            case Kind::store:
            case Kind::exchange:
            case Kind::add:
            case Kind::compare_exchange:
            case Kind::compare_exchange_weak:
            case Kind::await:
                use(atomics_[step.object], step, last);
                break;
            default:
                synchronise(step, last);
        }
        return true;
    }

    void use(Atomic& atomic, const Step& step, int& last) {
        const int value = step.value < 0 ? last + 1 : step.value;
        int expected = step.expected;
        switch (step.kind) {
            case Kind::load:
                last = atomic.load(step.order);
                break;
            case Kind::store:
                atomic.store(value, step.order);
                break;
            case Kind::exchange:
                last = atomic.exchange(value, step.order);
                break;
            case Kind::add:
                last = atomic.fetch_add(value, step.order);
                break;
            case Kind::compare_exchange:
                atomic.compare_exchange_strong(expected, value, step.order, step.failure);
                last = expected;
                break;
            case Kind::compare_exchange_weak:
                atomic.compare_exchange_weak(expected, value, step.order, step.failure);
                last = expected;
                break;
            default:
                while (atomic.load(step.order) != expected) P::yield();
        }
    }

    void synchronise(const Step& step, int& last) {
        auto& mutex = mutexes_[step.object];
        switch (step.kind) {
            case Kind::lock:
                mutex.lock();
                break;
            case Kind::unlock:
                mutex.unlock();
                break;
            case Kind::wait_while:
                wait_while(step.expected);
                break;
            case Kind::notify_one:
                condition_.notify_one();
                break;
            case Kind::notify_all:
                condition_.notify_all();
                break;
            default:
                if (!mutex.try_lock()) break;
                last = data_[0].read();
                mutex.unlock();
        }
    }

    void wait_while(int value) {
        std::unique_lock guard(mutexes_[0], std::adopt_lock);
        while (data_[0].read() == value) condition_.wait(guard);
        guard.release();
    }

    const Program& program_;
    std::array<Atomic, most_atomics> atomics_{Atomic(0, "a0"), Atomic(0, "a1"), Atomic(0, "a2")};
    std::array<Data, data> data_{Data(0, "d0"), Data(0, "d1")};
    std::array<heddle::mutex<P>, mutexes> mutexes_;
    heddle::condition_variable<P> condition_;
};

}  // namespace generated

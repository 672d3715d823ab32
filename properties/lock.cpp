// Lock release: against the one-bit specification, and under contention.
#include <heddle/lock.hpp>

#include <memory>
#include <thread>
#include <vector>

#include <heddle/properties/lock_specification.hpp>
#include <heddle/properties/property.hpp>
#include <heddle/properties/state_machine.hpp>
#include <heddle/thread.hpp>

#include "lock_under_test.hpp"

namespace heddle::properties {
namespace {

template <class AnyLock>
void agrees_on_one_bit() {
    const auto operations = rc::gen::build<LockSpecification::Operation>(
        rc::gen::set(&LockSpecification::Operation::kind,
                     rc::gen::element(LockSpecification::Kind::acquire_now, LockSpecification::Kind::acquire_timed,
                                      LockSpecification::Kind::release, LockSpecification::Kind::locked)),
        rc::gen::set(&LockSpecification::Operation::thread, rc::gen::inRange<std::size_t>(0, thread_count)));
    LockUnderTest<AnyLock, LockSpecification> sut;
    assert_agrees<LockSpecification>(false, sut, operations);
}

struct OwnedLock : Lock {  // refuses a release by another thread than the holder, as most locks do
    bool acquire(bool blocking, Seconds timeout = no_timeout) {
        const bool taken = Lock::acquire(blocking, timeout);
        if (taken) owner = std::this_thread::get_id();
        return taken;
    }
    void release() {
        if (owner != std::this_thread::get_id()) throw RuntimeError("not the owner");
        Lock::release();
    }
    std::thread::id owner{};
};

TEST(LockProperty, agrees_with_the_one_bit_specification_whoever_calls) {
    expect_holds("a Lock is one bit, whichever thread acquires and releases it", &agrees_on_one_bit<Lock>);
}

TEST(LockProperty_broken, a_lock_with_an_owner_is_caught) {
    expect_caught("a Lock is one bit, whichever thread acquires and releases it", &agrees_on_one_bit<OwnedLock>,
                  {.counterexample_contains = "release()"});
}

// Each thread releases as often as it acquires; in between it is alone.
template <class AnyLock>
void is_free_after_balanced_use(const std::vector<unsigned char>& rounds) {
    AnyLock lock;
    std::size_t inside = 0;
    std::size_t expected = 0;
    {
        std::vector<std::unique_ptr<Thread>> threads;
        for (const unsigned char count : rounds) {
            expected += count;
            threads.push_back(std::make_unique<Thread>([&lock, &inside, count] {
                for (int n = 0; n != count; ++n) {
                    lock.acquire();
                    ++inside;
                    lock.release();
                }
            }));
        }
        for (auto& thread : threads) thread->start();
        for (auto& thread : threads) thread->join();
    }
    RC_ASSERT(inside == expected);
    RC_ASSERT(!lock.locked());
    RC_ASSERT_THROWS_AS(lock.release(), RuntimeError);
    RC_ASSERT_THROWS_AS(lock.unlock(), RuntimeError);
}

struct StickyLock : Lock {  // forgets every second release
    void release() {
        if (++releases % 2 != 0) Lock::release();
        else lingering = true;
    }
    bool acquire() { return std::exchange(lingering, false) || Lock::acquire(); }
    int releases = 0;
    bool lingering = false;
};

// How often each of one to four threads takes the lock.
const auto rounds_of_threads = rc::gen::exec([] {
    const auto threads = *rc::gen::inRange<std::size_t>(1, 5);
    return *rc::gen::container<std::vector<unsigned char>>(threads, rc::gen::arbitrary<unsigned char>());
});

TEST(LockProperty, is_free_when_every_thread_has_released_it) {
    expect_holds("a Lock that was released as often as acquired is free, and every round was exclusive",
                 [] { is_free_after_balanced_use<Lock>(*rounds_of_threads); });
}

TEST(LockProperty_broken, a_lock_that_forgets_a_release_is_caught) {
    expect_caught("a Lock that was released as often as acquired is free, and every round was exclusive", [] {
        // One thread: the twin is not meant to race.
        is_free_after_balanced_use<StickyLock>({*rc::gen::inRange<unsigned char>(0, 5)});
    });
}

}  // namespace
}  // namespace heddle::properties

// The seam between an algorithm and the machine: everything that may touch shared state goes through a Platform.
//
// ```cpp
// const auto publish = []<heddle::Platform P>(P, typename P::template atomic<bool>& ready) {
//     ready.store(true, std::memory_order_release);
// };
// heddle::StdPlatform::atomic<bool> ready{false, "ready"};
// publish(heddle::StdPlatform(), ready);
// EXPECT_TRUE(ready.load(std::memory_order_acquire));
// ```
#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>

#include <heddle/platform/deadline.hpp>

namespace heddle {

/// Why a wait on a word came back.
enum class WaitResult : std::uint8_t {
    woken,      ///< by a wake, or spuriously: check the state again
    changed,    ///< at once: the word did not hold the expected value
    timed_out,  ///< the deadline has passed; no wake was consumed
};

/// How long a thread that spins on a word leaves it alone between two loads.
enum class Backoff : std::uint8_t {
    tight,     ///< a pause: one other thread is about to change the word for this one
    growing,   ///< others work there, whom each load disturbs: they get on with some steps between two loads, and with
               ///< more where the thread has to wait again and again
    wide,      ///< the same, and they have hundreds of steps to get on with
    yielding,  ///< a pause, but several threads have to come before it changes: they may need this one's processor
};

/// The word that a Platform can block on.
using FutexWord = std::uint32_t;

namespace detail {

/// What fetch_add can add to a T.
template <class T>
concept Steppable = std::is_integral_v<T> ||(std::is_pointer_v<T>&& std::is_object_v<std::remove_pointer_t<T>>);
template <class T>
using Difference = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;

/// A read-modify-write that stores `other` if `is_chosen(before, other)`, and otherwise what was there. A failed
/// compare-exchange has read what another one overtakes: the last one, which counts, is the one step that was asked for.
/// `where`: what the platform's operations want to know besides.
template <class A, class T, class IsChosen, class... Where>
T fetch_chosen(A& atomic, T other, std::memory_order order, const IsChosen& is_chosen, Where... where) {
    T before = atomic.load(std::memory_order_relaxed, where...);  // relaxed: the compare-exchange that succeeds orders
    while (!atomic.compare_exchange_strong(before, is_chosen(before, other) ? other : before, order,
                                           std::memory_order_relaxed, where...))
        continue;
    return before;
}

template <class A, class T>
concept AtomicOf = std::default_initializable<A> && requires(A a, const A ca, T v, T& expected, std::memory_order o) {
    A{v};
    A{v, "name"};
    { ca.load(o) } -> std::same_as<T>;
    { a.store(v, o) } -> std::same_as<void>;
    { a.exchange(v, o) } -> std::same_as<T>;
    { a.compare_exchange_weak(expected, v, o, o) } -> std::same_as<bool>;
    { a.compare_exchange_strong(expected, v, o, o) } -> std::same_as<bool>;
    { a.compare_exchange_weak(expected, v, o) } -> std::same_as<bool>;
    { a.compare_exchange_strong(expected, v, o) } -> std::same_as<bool>;
    { ca.wait(v, o) } -> std::same_as<void>;
    { a.notify_one() } -> std::same_as<void>;
    { a.notify_all() } -> std::same_as<void>;
};

template <class A, class T>
concept AtomicCounterOf = AtomicOf<A, T> && requires(A a, T v, std::memory_order o) {
    { a.fetch_add(v, o) } -> std::same_as<T>;
    { a.fetch_sub(v, o) } -> std::same_as<T>;
    { a.fetch_and(v, o) } -> std::same_as<T>;
    { a.fetch_or(v, o) } -> std::same_as<T>;
    { a.fetch_xor(v, o) } -> std::same_as<T>;
    { a.fetch_max(v, o) } -> std::same_as<T>;
    { a.fetch_min(v, o) } -> std::same_as<T>;
};

template <class V, class T>
concept PlainOf = requires(V v, const V cv, T t) {
    V{t};
    V{t, "name"};
    { cv.read() } -> std::convertible_to<T>;
    { v.write(t) } -> std::same_as<void>;
};

struct PlatformProbe {};

}  // namespace detail

/// What an algorithm may use. `StdPlatform` maps each member to the machine at no cost; a checking platform maps
/// each to a step of the exploration. An algorithm written against this concept is checked as it ships.
///
/// | member | meaning |
/// |---|---|
/// | `atomic<T>` | std::atomic with the memory order always spelled out, and no operators; may take a name for reports |
/// | `plain<T>` | data protected by other synchronisation: `read()`, `write(x)`; a checker reports races on it |
/// | `region` | stands for data the checker cannot see into (a container): touch it at each access |
/// | `wait(word, expected, deadline)` | blocks while the word holds `expected`; the only way to block |
/// | `spin_while(word, expected, backoff)` | may spin until the word changes, and says whether it did; never a step of a checker, where it sees nothing: the caller then goes on to wait() |
/// | `hint` | an amount to spin on before a lock is taken: `tell(amount)`; `spin_while(amount)`, which may spin until it is another, and says whether it saw that; `settle(goal)`, which may spin on as long as it keeps changing and is not yet `goal`; never a step of a checker, as nothing but time depends on it |
/// | `wake_one(word)`, `wake_all(word)` | wakes threads blocked on the word; orders no memory |
/// | `futex_key` | stands for a word, made of it, for a `wake_one(key)` that may come when the word is gone |
/// | `fence(order)` | std::atomic_thread_fence |
/// | `spawn(body, epilogue, stack_bytes)` | starts a detached thread; `epilogue` runs after its thread_local destructors; gives its `thread_id()` |
/// | `now()` | the monotonic clock, nanoseconds since its epoch |
/// | `yield()` | lets other threads run; in a loop, ends a spin iteration that changed nothing: only what the iteration wrote is left of it |
/// | `local()` | one pointer per thread, null in a new thread |
/// | `global<T>()` | the one T of the process; under a checker, of the execution |
/// | `make_shared<T>(arguments)` | std::make_shared; under a checker, whoever lets go last knows all that the others did |
/// | `at_thread_exit(function)` | calls it when the calling thread ends, with its thread_local destructors |
/// | `thread_id()` | a number of the calling thread, never zero, that no other thread has or will have |
/// | `is_main_thread()` | whether the calling thread is the one that the process began with |
/// | `main_thread_id` | the `thread_id()` of that one |
/// | `native_id()`, `main_native_id()` | the operating system's id of the calling thread, and of the main one |
/// | `misuse(text)` | the caller broke a precondition: reports it and does not return |
template <class P>
concept Platform = requires(typename P::template atomic<FutexWord>& word, typename P::region& region,
                            const typename P::region& const_region, typename P::hint& hint) {
    requires detail::AtomicCounterOf<typename P::template atomic<FutexWord>, FutexWord>;
    requires detail::AtomicCounterOf<typename P::template atomic<std::uint64_t>, std::uint64_t>;
    requires detail::AtomicOf < typename P::template atomic<bool>,
    bool > ;
    requires detail::AtomicOf < typename P::template atomic<void*>,
    void* > ;
    requires detail::PlainOf < typename P::template plain<int>,
    int > ;
    { const_region.read() } -> std::same_as<void>;
    { region.write() } -> std::same_as<void>;
    { P::wait(word, FutexWord{}, Deadline::never()) } -> std::same_as<WaitResult>;
    { P::spin_while(word, FutexWord{}) } -> std::same_as<bool>;
    { P::spin_while(word, FutexWord{}, Backoff::growing) } -> std::same_as<bool>;
    { hint.tell(FutexWord{}) } -> std::same_as<void>;
    { hint.spin_while(FutexWord{}) } -> std::same_as<bool>;
    { hint.settle(FutexWord{}) } -> std::same_as<void>;
    { P::wake_one(word) } -> std::same_as<void>;
    { P::wake_all(word) } -> std::same_as<void>;
    { P::wake_one(typename P::futex_key(word)) } -> std::same_as<void>;
    requires std::semiregular<typename P::futex_key>;
    { P::fence(std::memory_order()) } -> std::same_as<void>;
    {
        P::spawn([] {}, [] {}, std::size_t{})
        } -> std::same_as<std::uint64_t>;
    { P::now() } -> std::same_as<std::chrono::nanoseconds>;
    { P::yield() } -> std::same_as<void>;
    { P::local() } -> std::same_as<void*&>;
    { P::template global<detail::PlatformProbe>() } -> std::same_as<detail::PlatformProbe&>;
    { P::template make_shared<detail::PlatformProbe>() } -> std::same_as<std::shared_ptr<detail::PlatformProbe>>;
    { P::at_thread_exit(std::function<void()>()) } -> std::same_as<void>;
    { P::thread_id() } -> std::same_as<std::uint64_t>;
    { P::is_main_thread() } -> std::same_as<bool>;
    { P::native_id() } -> std::same_as<std::uint64_t>;
    { P::main_native_id() } -> std::same_as<std::uint64_t>;
    requires std::same_as<decltype(P::main_thread_id), const std::uint64_t>;
    { P::misuse("text") } -> std::same_as<void>;
};

}  // namespace heddle

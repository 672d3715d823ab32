// The machine itself: std::atomic, the Linux futex, POSIX threads and the steady clock.
//
// ```cpp
// heddle::StdPlatform::atomic<heddle::FutexWord> word{0};
// heddle::StdPlatform::spawn([&] { word.store(1, std::memory_order_release); },  // the body
//                            [&] { heddle::StdPlatform::wake_all(word); }, 0);  // after its thread_local destructors
// while (word.load(std::memory_order_acquire) == 0) heddle::StdPlatform::wait(word, 0, heddle::Deadline::never());
// ```
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <heddle/platform/backoff.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle {

/// The Platform for programs. Every member is the machine's own operation: an algorithm over StdPlatform compiles
/// to what its author would write by hand with std::atomic and futex(2) (see docs/zero-cost.md).
struct StdPlatform {
    /// std::atomic, with every order spelled out.
    template <class T>
    class atomic {
      public:
        /// Requires: nothing. Returns: an atomic that holds T(). Errors: none. Visibility: none. Source: C++20 std::atomic.
        constexpr atomic() noexcept = default;
        /// The name is for checkers. Requires: nothing. Returns: an atomic that holds `initial`. Errors: none.
        /// Visibility: none. Source: C++20 std::atomic.
        constexpr explicit atomic(T initial, const char* /*name*/ = nullptr) noexcept : value_(initial) {}

        /// Requires: an order for loads. Returns: the value. Errors: none. Visibility: the order's. Source: std::atomic.
        T load(std::memory_order order) const noexcept { return value_.load(order); }
        /// Requires: an order for stores. Returns: nothing. Errors: none. Visibility: the order's. Source: std::atomic.
        void store(T desired, std::memory_order order) noexcept { value_.store(desired, order); }
        /// Requires: nothing. Returns: the value before. Errors: none. Visibility: the order's. Source: std::atomic.
        T exchange(T desired, std::memory_order order) noexcept { return value_.exchange(desired, order); }
        /// May fail without cause. Requires: `failure` is an order for loads. Returns: whether `desired` was stored; if not,
        /// `expected` is the value read. Errors: none. Visibility: the orders'. Source: std::atomic.
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                                   std::memory_order failure) noexcept {
            return value_.compare_exchange_weak(expected, desired, success, failure);
        }
        /// Requires: `failure` is an order for loads. Returns: whether `desired` was stored; if not, `expected` is the
        /// value read. Errors: none. Visibility: the orders'. Source: std::atomic.
        bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                                     std::memory_order failure) noexcept {
            return value_.compare_exchange_strong(expected, desired, success, failure);
        }
        /// May fail without cause; with one order: a failure has what of it a load can have. Requires: nothing. Returns: whether
        /// `desired` was stored; if not, `expected` is the value read. Errors: none. Visibility: the order's. Source: std::atomic.
        bool compare_exchange_weak(T& expected, T desired, std::memory_order order) noexcept {
            return value_.compare_exchange_weak(expected, desired, order);
        }
        /// With one order: a failure has what of it a load can have. Requires: nothing. Returns: whether
        /// `desired` was stored; if not, `expected` is the value read. Errors: none. Visibility: the order's. Source: std::atomic.
        bool compare_exchange_strong(T& expected, T desired, std::memory_order order) noexcept {
            return value_.compare_exchange_strong(expected, desired, order);
        }
        /// As exchange(); of a pointer, by so many elements.
        T fetch_add(detail::Difference<T> arg, std::memory_order order) noexcept requires detail::Steppable<T> {
            return value_.fetch_add(arg, order);
        }
        /// As exchange(); of a pointer, by so many elements.
        T fetch_sub(detail::Difference<T> arg, std::memory_order order) noexcept requires detail::Steppable<T> {
            return value_.fetch_sub(arg, order);
        }
        /// As exchange(): stores the larger one.
        T fetch_max(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return detail::fetch_chosen(*this, arg, order, [](T before, T other) { return before < other; });
        }
        /// As exchange(): stores the smaller one.
        T fetch_min(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return detail::fetch_chosen(*this, arg, order, [](T before, T other) { return other < before; });
        }
        /// As exchange().
        T fetch_and(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return value_.fetch_and(arg, order);
        }
        /// As exchange().
        T fetch_or(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return value_.fetch_or(arg, order);
        }
        /// As exchange().
        T fetch_xor(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return value_.fetch_xor(arg, order);
        }
        /// Waits until it holds something else than `old`. Requires: an order for loads. Returns: nothing. Errors: none.
        /// Visibility: the order's, of the value that was not `old`. Source: std::atomic::wait.
        void wait(T old, std::memory_order order) const noexcept { value_.wait(old, order); }
        /// Requires: nothing. Returns: nothing, when one of those in wait() has been told to look again. Errors: none.
        /// Visibility: none. Source: std::atomic::notify_one.
        void notify_one() noexcept { value_.notify_one(); }
        /// Requires: nothing. Returns: nothing, when all of those in wait() have been told to look again. Errors: none.
        /// Visibility: none. Source: std::atomic::notify_all.
        void notify_all() noexcept { value_.notify_all(); }

      private:
        friend struct StdPlatform;
        std::atomic<T> value_{};
    };

    /// A T, and nothing else.
    template <class T>
    class plain {
      public:
        /// Requires: nothing. Returns: an indeterminate value, as of a variable. Errors: none. Visibility: none. Source: none.
        constexpr plain() = default;
        /// The name is for checkers. Requires: nothing. Returns: data that holds `initial`. Errors: what moving a T throws.
        /// Visibility: none. Source: none.
        constexpr explicit plain(T initial, const char* /*name*/ = nullptr) : value_(std::move(initial)) {}

        /// Requires: ordered with every write. Returns: the value. Errors: what copying a T throws. Visibility: none.
        /// Source: none.
        T read() const { return value_; }
        /// Requires: ordered with every other access. Returns: nothing. Errors: what moving a T throws. Visibility: none.
        /// Source: none.
        void write(T value) { value_ = std::move(value); }

      private:
        T value_;
    };

    /// Nothing: the container that it stands for is all there is.
    class region {
      public:
        /// The name is for checkers. Requires: nothing. Returns: it. Errors: none. Visibility: none. Source: none.
        constexpr explicit region(const char* /*name*/ = nullptr) noexcept {}
        /// Requires: ordered with every write(). Returns: nothing. Errors: none. Visibility: none. Source: none.
        void read() const noexcept {}
        /// Requires: ordered with every access. Returns: nothing. Errors: none. Visibility: none. Source: none.
        void write() noexcept {}
    };

    /// An amount beside a lock, which threads spin on before they take it.
    class hint {
      public:
        /// Requires: nothing. Returns: nothing. Errors: none. Visibility: none. Source: none.
        void tell(FutexWord amount) noexcept;
        /// Spins until the amount is another, for a limited time. Requires: nothing. Returns: whether it was `amount` at
        /// first and then another. Errors: none. Visibility: none. Source: docs/decisions/0010-how-a-thread-spins-before-it-sleeps.md.
        bool spin_while(FutexWord amount) const noexcept;
        /// Spins on while the amount keeps changing and is not `goal`, for a limited time. Requires: nothing. Returns: nothing.
        /// Errors: none. Visibility: none. Source: docs/decisions/0010-how-a-thread-spins-before-it-sleeps.md.
        void settle(FutexWord goal) const noexcept { detail::BackoffSpin::while_changing(amount_, goal); }

      private:
        std::atomic<FutexWord> amount_{0};
    };

    /// Spins while the word holds `expected`, for about as long as a sleep and a wake-up take: what is handed over between two
    /// processors comes sooner than a thread can fall asleep and be woken (docs/performance.md). A thread that has often
    /// done so in vain does it seldom (docs/decisions/0022-back-off-that-learns.md).
    /// Requires: nothing. Returns: whether it saw the word change. Errors: none. Visibility: none.
    /// Source: docs/decisions/0010-how-a-thread-spins-before-it-sleeps.md.
    static bool spin_while(const atomic<FutexWord>& word, FutexWord expected,
                           Backoff backoff = Backoff::tight) noexcept {
        return detail::BackoffSpin::until_changed(word.value_, expected, backoff);
    }

    /// Sleeps while the word holds `expected`, until a wake, or until the deadline.
    /// Requires: nothing. Returns: why it came back; the word may hold `expected` whatever the answer. Errors: none.
    /// Visibility: none: load the word again. Source: futex(2), FUTEX_WAIT_BITSET.
    static WaitResult wait(const atomic<FutexWord>& word, FutexWord expected, Deadline deadline) noexcept;

    /// Wakes one thread that sleeps in wait() on the word; it need not be alive any more, only mapped.
    /// Requires: nothing. Returns: nothing. Errors: none. Visibility: none. Source: futex(2), FUTEX_WAKE.
    static void wake_one(atomic<FutexWord>& word) noexcept;
    /// Wakes every thread that sleeps in wait() on the word; it need not be alive any more, only mapped.
    /// Requires: nothing. Returns: nothing. Errors: none. Visibility: none. Source: futex(2), FUTEX_WAKE.
    static void wake_all(atomic<FutexWord>& word) noexcept;

    /// What the kernel knows of a word: its address.
    class futex_key {
      public:
        /// Requires: nothing. Returns: the key of no word. Errors: none. Visibility: none. Source: none.
        constexpr futex_key() noexcept = default;
        /// Requires: nothing. Returns: the key of `word`. Errors: none. Visibility: none. Source: futex(2).
        explicit futex_key(const atomic<FutexWord>& word) noexcept : address_(&word.value_) {}

      private:
        friend struct StdPlatform;
        const void* address_ = nullptr;
    };
    /// As wake_one() of the word, which may be gone: then it wakes nobody, or without a cause whoever sleeps where it was.
    static void wake_one(futex_key key) noexcept;

    /// Requires: nothing. Returns: nothing. Errors: none. Visibility: the order's. Source: C++20 std::atomic_thread_fence.
    static void fence(std::memory_order order) noexcept { std::atomic_thread_fence(order); }

    /// Starts a detached thread that runs `body`, then its thread_local destructors, then `epilogue`.
    /// Requires: neither callable throws. `stack_bytes`: zero means the system's default.
    /// Returns: its thread_id(). Errors: throws std::system_error when the system refuses; then nothing was started.
    /// Visibility: everything before the call happens-before `body`. Source: pthread_create(3).
    template <class Body, class Epilogue>
    static std::uint64_t spawn(Body body, Epilogue epilogue, std::size_t stack_bytes);

    /// Requires: nothing. Returns: the monotonic clock, as it is now. Errors: none. Visibility: none.
    /// Source: C++20 std::chrono::steady_clock, which is CLOCK_MONOTONIC.
    static std::chrono::nanoseconds now() noexcept { return std::chrono::steady_clock::now().time_since_epoch(); }

    /// Lets other threads run. Requires: nothing. Returns: nothing. Errors: none. Visibility: none. Source: sched_yield(2).
    static void yield() noexcept;

    /// Requires: nothing. Returns: the calling thread's pointer, null in a new thread. Errors: none. Visibility: none.
    /// Source: none.
    static void*& local() noexcept {
        thread_local void* slot = nullptr;
        return slot;
    }

    /// Requires: nothing. Returns: what std::make_shared does. Errors: what it throws. Visibility: all that the other owners
    /// did happens-before the destructor of the T. Source: C++20 std::make_shared.
    template <class T, class... Args>
    static std::shared_ptr<T> make_shared(Args&&... args) {
        return std::make_shared<T>(std::forward<Args>(args)...);
    }

    /// Never destroyed: daemon threads may use it until the process is gone.
    /// Requires: nothing. Returns: the one T of the process. Errors: what its constructor throws; the next call tries again.
    /// Visibility: its construction happens-before every return. Source: C++20 [stmt.dcl], static local variables.
    template <class T>
    static T& global() {
        static T* const instance = new T;
        return *instance;
    }

    /// Has `function` called when the calling thread ends, with its thread_local destructors, the latest function first.
    /// Requires: `function` does not throw. Returns: nothing. Errors: std::bad_alloc; then it is not called.
    /// Visibility: none: it is the same thread. Source: C++20 [basic.start.term].
    static void at_thread_exit(std::function<void()> function);

    static constexpr std::uint64_t main_thread_id = 1;

    /// Requires: nothing. Returns: a number of the calling thread, never zero, that no other thread has or will have.
    /// Errors: none. Visibility: none. Source: docs/decisions/0004-semantics.md, D16.
    static std::uint64_t thread_id() noexcept {
        if (thread_id_ == 0) thread_id_ = is_main_thread() ? main_thread_id : next_thread_id();
        return thread_id_;
    }

    /// Requires: nothing. Returns: whether the calling thread is the one that the process began with. Errors: none.
    /// Visibility: none. Source: gettid(2).
    static bool is_main_thread() noexcept;

    /// Requires: nothing. Returns: the system's number of the calling thread. Errors: none. Visibility: none.
    /// Source: gettid(2).
    static std::uint64_t native_id() noexcept;
    /// Requires: nothing. Returns: the system's number of the main thread. Errors: none. Visibility: none.
    /// Source: getpid(2).
    static std::uint64_t main_native_id() noexcept;

    /// Prints that the caller broke a precondition, and ends the process.
    /// Requires: nothing. Returns: never. Errors: none. Visibility: none. Source: std::abort.
    [[noreturn]] static void misuse(const char* text) noexcept;

  private:
    template <class Body, class Epilogue>
    struct SpawnedThread;

    static inline constinit thread_local std::uint64_t thread_id_ = 0;  // zero: nobody has asked yet

    static std::uint64_t next_thread_id() noexcept;
    static void wake(futex_key key, int count) noexcept;
    [[noreturn]] static void throw_system_error(int error);
};

}  // namespace heddle

#include <heddle/platform/std_platform.inl>

// The machine itself: std::atomic, the Linux futex, POSIX threads and the steady clock.
#pragma once

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <heddle/platform/looking.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle {

/// The Platform for programs. Every member is the machine's own operation: an algorithm over StdPlatform compiles
/// to what its author would write by hand with std::atomic and futex(2) (see docs/zero-cost.md).
struct StdPlatform {
    template <class T>
    class atomic {
      public:
        constexpr explicit atomic(T initial, const char* /*name*/ = nullptr) noexcept : value_(initial) {}

        T load(std::memory_order order) const noexcept { return value_.load(order); }
        void store(T desired, std::memory_order order) noexcept { value_.store(desired, order); }
        T exchange(T desired, std::memory_order order) noexcept { return value_.exchange(desired, order); }
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                                   std::memory_order failure) noexcept {
            return value_.compare_exchange_weak(expected, desired, success, failure);
        }
        bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                                     std::memory_order failure) noexcept {
            return value_.compare_exchange_strong(expected, desired, success, failure);
        }
        T fetch_add(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return value_.fetch_add(arg, order);
        }
        T fetch_sub(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return value_.fetch_sub(arg, order);
        }
        T fetch_and(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return value_.fetch_and(arg, order);
        }
        T fetch_or(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return value_.fetch_or(arg, order);
        }
        T fetch_xor(T arg, std::memory_order order) noexcept requires std::is_integral_v<T> {
            return value_.fetch_xor(arg, order);
        }

      private:
        friend struct StdPlatform;
        std::atomic<T> value_;
    };

    template <class T>
    class plain {
      public:
        constexpr plain() = default;
        constexpr explicit plain(T initial, const char* /*name*/ = nullptr) : value_(std::move(initial)) {}

        T read() const { return value_; }
        void write(T value) { value_ = std::move(value); }

      private:
        T value_;
    };

    class region {
      public:
        constexpr explicit region(const char* /*name*/ = nullptr) noexcept {}
        void read() const noexcept {}
        void write() noexcept {}
    };

    /// What is handed over between two processors comes sooner than a thread can fall asleep and be woken
    /// (docs/performance.md).
    static bool watch(const atomic<FutexWord>& word, FutexWord expected, Looks looks = Looks::often) noexcept {
        return detail::Looking::at_word(word.value_, expected, looks);
    }

    class hint {
      public:
        // Relaxed, both: nothing depends on a hint but how long somebody waits.
        void tell(FutexWord amount) noexcept {
            if (amount_.load(std::memory_order_relaxed) != amount) amount_.store(amount, std::memory_order_relaxed);
        }
        bool watch(FutexWord amount) const noexcept {
            if (amount_.load(std::memory_order_relaxed) != amount) return false;
            detail::Looking::at_word(amount_, amount, Looks::often);
            return true;
        }
        void settle(FutexWord goal) const noexcept { detail::Looking::while_it_changes(amount_, goal); }

      private:
        std::atomic<FutexWord> amount_{0};
    };

    static WaitResult wait(const atomic<FutexWord>& word, FutexWord expected, Deadline deadline) noexcept {
        timespec until{};
        if (!deadline.is_never()) {
            const auto at = deadline.since_epoch();
            const auto whole = std::chrono::floor<std::chrono::seconds>(at);
            until.tv_sec = whole.count();
            until.tv_nsec = (at - whole).count();
        }
        // FUTEX_WAIT_BITSET takes an absolute time on CLOCK_MONOTONIC, so a signal cannot lengthen the wait.
        const long result = syscall(SYS_futex, &word.value_, FUTEX_WAIT_BITSET_PRIVATE, expected,
                                    deadline.is_never() ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
        if (result == 0) return WaitResult::woken;
        if (errno == ETIMEDOUT) return WaitResult::timed_out;
        return errno == EAGAIN ? WaitResult::changed : WaitResult::woken;
    }

    static void wake_one(atomic<FutexWord>& word) noexcept { wake(word, 1); }
    static void wake_all(atomic<FutexWord>& word) noexcept { wake(word, INT_MAX); }

    static void fence(std::memory_order order) noexcept { std::atomic_thread_fence(order); }

    /// Starts a detached thread that runs `body`, then its thread_local destructors, then `epilogue`.
    /// Requires: neither callable throws. `stack_bytes`: zero means the system's default.
    /// Returns: its thread_id(). Errors: throws std::system_error when the system refuses; then nothing was started.
    /// Visibility: everything before the call happens-before `body`. Source: pthread_create(3).
    template <class Body, class Epilogue>
    static std::uint64_t spawn(Body body, Epilogue epilogue, std::size_t stack_bytes) {
        using Start = SpawnedThread<Body, Epilogue>;
        pthread_attr_t attributes;
        if (const int error = pthread_attr_init(&attributes)) throw_system_error(error);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        int error = stack_bytes == 0 ? 0 : pthread_attr_setstacksize(&attributes, stack_bytes);
        auto start = std::make_unique<Start>(Start{std::move(body), std::move(epilogue), next_thread_id()});
        const std::uint64_t id = start->id;
        pthread_t thread;
        if (error == 0) error = pthread_create(&thread, &attributes, &Start::main, start.get());
        pthread_attr_destroy(&attributes);
        if (error != 0) throw_system_error(error);
        start.release();  // the new thread owns it now
        return id;
    }

    static std::chrono::nanoseconds now() noexcept { return std::chrono::steady_clock::now().time_since_epoch(); }

    static void yield() noexcept { sched_yield(); }

    static void*& local() noexcept {
        thread_local void* slot = nullptr;
        return slot;
    }

    template <class T, class... Args>
    static std::shared_ptr<T> make_shared(Args&&... args) {
        return std::make_shared<T>(std::forward<Args>(args)...);
    }

    /// Never destroyed: daemon threads may use it until the process is gone.
    template <class T>
    static T& global() {
        static T* const instance = new T;
        return *instance;
    }

    /// The functions run in the reverse order, with the thread_local destructors of the thread.
    static void at_thread_exit(std::function<void()> function) {
        struct Functions {
            std::vector<std::function<void()>> list;
            ~Functions() {
                for (; !list.empty(); list.pop_back()) list.back()();
            }
        };
        thread_local Functions functions;
        functions.list.push_back(std::move(function));
    }

    static constexpr std::uint64_t main_thread_id = 1;

    static std::uint64_t thread_id() noexcept {
        if (thread_id_ == 0) thread_id_ = is_main_thread() ? main_thread_id : next_thread_id();
        return thread_id_;
    }

    static bool is_main_thread() noexcept { return gettid() == getpid(); }

    static std::uint64_t native_id() noexcept { return static_cast<std::uint64_t>(gettid()); }
    static std::uint64_t main_native_id() noexcept { return static_cast<std::uint64_t>(getpid()); }

    [[noreturn]] static void misuse(const char* text) noexcept {
        std::fprintf(stderr, "heddle: misuse: %s\n", text);
        std::abort();
    }

  private:
    static inline constinit thread_local std::uint64_t thread_id_ = 0;  // zero: nobody has asked yet

    static std::uint64_t next_thread_id() noexcept {
        static std::atomic<std::uint64_t> next{main_thread_id + 1};
        return next.fetch_add(1, std::memory_order_relaxed);  // relaxed: the numbers only have to differ
    }

    static void wake(atomic<FutexWord>& word, int count) noexcept {
        syscall(SYS_futex, &word.value_, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
    }

    [[noreturn]] static void throw_system_error(int error) {
        throw std::system_error(error, std::generic_category(), "pthread_create");
    }

    template <class Body, class Epilogue>
    struct SpawnedThread {
        Body body;
        Epilogue epilogue;
        std::uint64_t id;

        // thread_local destructors run in the reverse order of construction, so the one that is constructed before
        // the body starts runs its destructor after all of the body's.
        struct RunsLast {
            SpawnedThread* thread = nullptr;
            ~RunsLast() {
                if (thread == nullptr) return;
                const std::unique_ptr<SpawnedThread> owner(thread);
                owner->epilogue();
            }
        };

        static void* main(void* argument) {
            thread_local RunsLast last;
            last.thread = static_cast<SpawnedThread*>(argument);
            thread_id_ = last.thread->id;
            last.thread->body();
            return nullptr;
        }
    };
};

static_assert(Platform<StdPlatform>);
static_assert(sizeof(StdPlatform::atomic<FutexWord>) == sizeof(FutexWord), "futex(2) takes the address of a word");
static_assert(sizeof(StdPlatform::plain<int>) == sizeof(int), "plain data costs nothing in a program");

}  // namespace heddle

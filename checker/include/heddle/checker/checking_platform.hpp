// The Platform of every checking engine: each member becomes one step of the exploration.
//
// ```cpp declarations
// struct FlagIsSeen {
//     heddle::checker::CheckingPlatform::atomic<int> flag{0, "flag"};
//     void thread(int) { flag.store(1, std::memory_order_relaxed); }
//     void after() { heddle::check(flag.load(std::memory_order_relaxed) == 1, "the flag is seen"); }
// };
// const heddle::engine::Program program = heddle::checker::program_of<FlagIsSeen>(2);
// ```
#pragma once

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include <heddle/checker/detail/execution_state.hpp>
#include <heddle/checker/detail/handle.hpp>
#include <heddle/engine/run.hpp>
#include <heddle/platform/deadline.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle::checker {

/// The platform of every checking engine; `weakening` spoils its operations, for broken twins.
template <const Weakening* weakening = nullptr>
struct BasicCheckingPlatform {
    template <class T>
    class atomic {
        static_assert(
            detail::Checkable<T>);  // not a constraint of T: Clang 14 crashes where such a member template is named

      public:
        /// Reports call it `name`. Requires: a program that an engine runs. Returns: an atomic that holds `initial`. Errors: aborts
        /// outside of a program. Visibility: none. Source: C++20 std::atomic.
        explicit atomic(T initial, const char* name = nullptr, Site site = Site::current())
            : handle_("an atomic", ObjectKind::atomic, sizeof(T), name, &detail::show_bits<T>, detail::to_bits(initial),
                      site) {}

        /// Requires: an order for loads. Returns: a value that the order allows. Errors: a use after the end fails the execution.
        /// Visibility: the order's. Source: std::atomic.
        T load(std::memory_order order, Site site = Site::current()) const {
            return read({.kind = OperationKind::load, .order = order, .site = site, .weakening = weakening});
        }
        /// Requires: an order for stores. Returns: nothing. Errors: as load. Visibility: the order's. Source: std::atomic.
        void store(T desired, std::memory_order order, Site site = Site::current()) {
            modify(OperationKind::store, desired, order, site);
        }
        /// Requires: nothing. Returns: the value before. Errors: as load. Visibility: the order's. Source: std::atomic.
        T exchange(T desired, std::memory_order order, Site site = Site::current()) {
            return modify(OperationKind::exchange, desired, order, site);
        }
        /// May fail without cause. Requires: `failure` is an order for loads. Returns: whether `desired` was stored; if not,
        /// `expected` is the value read. Errors: as load. Visibility: the orders'. Source: std::atomic.
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                   Site site = Site::current()) {
            return compare_exchange(OperationKind::compare_exchange_weak, expected, desired, success, failure, site);
        }
        /// Requires: `failure` is an order for loads. Returns: whether `desired` was stored; if not, `expected` is the value read.
        /// Errors: as load. Visibility: the orders'. Source: std::atomic.
        bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                     Site site = Site::current()) {
            return compare_exchange(OperationKind::compare_exchange_strong, expected, desired, success, failure, site);
        }
        /// As exchange().
        T fetch_add(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_add, arg, order, site);
        }
        /// As exchange().
        T fetch_sub(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_sub, arg, order, site);
        }
        /// As exchange().
        T fetch_and(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_and, arg, order, site);
        }
        /// As exchange().
        T fetch_or(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_or, arg, order, site);
        }
        /// As exchange().
        T fetch_xor(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_xor, arg, order, site);
        }

      private:
        friend struct BasicCheckingPlatform;

        T read(Operation&& operation) const {
            return detail::from_bits<T>(handle_.perform(std::move(operation)).value);
        }

        T modify(OperationKind kind, T value, std::memory_order order, Site site) {
            return read(
                {.kind = kind, .order = order, .value = detail::to_bits(value), .site = site, .weakening = weakening});
        }

        bool compare_exchange(OperationKind kind, T& expected, T desired, std::memory_order success,
                              std::memory_order failure, Site site) {
            const OperationResult result = handle_.perform({.kind = kind,
                                                            .order = success,
                                                            .failure_order = failure,
                                                            .value = detail::to_bits(desired),
                                                            .expected = detail::to_bits(expected),
                                                            .site = site,
                                                            .weakening = weakening});
            if (!result.success) expected = detail::from_bits<T>(result.value);
            return result.success;
        }

        detail::Handle handle_;
    };

    template <class T>
    class plain {
      public:
        /// Requires: a program that an engine runs. Returns: data that holds nothing yet: to read it fails the execution. Errors:
        /// aborts outside of a program. Visibility: none. Source: none.
        explicit plain(Site site = Site::current())
            : handle_("plain data", ObjectKind::plain, 0, nullptr, show, std::nullopt, site) {
            handle_.object()->shown_in_place = !detail::Checkable<T>;
        }
        /// Reports call it `name`. Requires: a program that an engine runs. Returns: data that holds `initial`. Errors: aborts outside
        /// of a program; what moving a T throws. Visibility: none. Source: none.
        explicit plain(T initial, const char* name = nullptr, Site site = Site::current())
            : handle_("plain data", ObjectKind::plain, 0, name, show, bits_of(initial), site),
              value_(std::move(initial)) {
            handle_.object()->shown_in_place = !detail::Checkable<T>;
        }

        /// Requires: ordered with every write. Returns: the value. Errors: a race, a use after the end and an uninitialised value
        /// fail the execution; what copying a T throws. Visibility: none. Source: C++20 [intro.races].
        T read(Site site = Site::current()) const {
            handle_.perform({.kind = OperationKind::read, .value = bits_of(value_), .site = site});
            return value_;
        }
        /// Requires: ordered with every other access. Returns: nothing. Errors: a race and a use after the end fail the execution;
        /// what moving a T throws. Visibility: none. Source: C++20 [intro.races].
        void write(T value, Site site = Site::current()) {
            handle_.perform({.kind = OperationKind::write, .value = bits_of(value), .site = site});
            value_ = std::move(value);
        }

      private:
        static constexpr engine::Show chosen_show() {
            if constexpr (detail::Checkable<T>) return &detail::show_bits<T>;
            else return &detail::show_in_place<T>;
        }
        static constexpr engine::Show show = chosen_show();

        /// The value, or where it is.
        static std::uint64_t bits_of(const T& value) {
            if constexpr (detail::Checkable<T>) return detail::to_bits(value);
            else return reinterpret_cast<std::uintptr_t>(&value);
        }

        detail::Handle handle_;
        T value_{};
    };

    class region {
      public:
        /// Reports call it `name`. Requires: a program that an engine runs. Returns: it. Errors: aborts outside of a program.
        /// Visibility: none. Source: none.
        explicit region(const char* name = nullptr, Site site = Site::current())
            : handle_("a region", ObjectKind::region, 0, name, nullptr, std::nullopt, site) {}
        /// Requires: ordered with every write(). Returns: nothing. Errors: as plain. Visibility: none. Source: C++20 [intro.races].
        void read(Site site = Site::current()) const { handle_.perform({.kind = OperationKind::read, .site = site}); }
        /// Requires: ordered with every access. Returns: nothing. Errors: as plain. Visibility: none. Source: C++20 [intro.races].
        void write(Site site = Site::current()) { handle_.perform({.kind = OperationKind::write, .site = site}); }

      private:
        detail::Handle handle_;
    };

    /// Nothing: a hint decides only how long somebody waits, and time is a choice here.
    class hint {
      public:
        /// Requires: nothing. Returns: nothing. Errors: none. Visibility: none. Source: none.
        void tell(FutexWord /*amount*/) noexcept {}
        /// Requires: nothing. Returns: false. Errors: none. Visibility: none. Source: none.
        bool spin_while(FutexWord /*amount*/) const noexcept { return false; }
        /// As tell().
        void settle(FutexWord /*goal*/) const noexcept {}
    };

    /// Sleeps while the word holds `expected`, until a wake, without cause as often as the model allows, or until the deadline,
    /// which may pass at any point. Requires: nothing. Returns: why it came back. Errors: as load; a deadlock fails the execution.
    /// Visibility: none: load the word again. Source: futex(2), FUTEX_WAIT_BITSET.
    static WaitResult wait(const atomic<FutexWord>& word, FutexWord expected, Deadline deadline,
                           Site site = Site::current()) {
        const OperationResult result = word.handle_.perform(
            {.kind = OperationKind::wait, .expected = expected, .deadline = detail::to_engine(deadline), .site = site});
        return detail::from_engine(static_cast<engine::WaitOutcome>(result.value));
    }

    /// Nothing: wait() compares the word anyway, and what a spin could see before it, the comparison can see.
    /// Requires: nothing. Returns: false. Errors: none. Visibility: none. Source: none.
    static bool spin_while(const atomic<FutexWord>& /*word*/, FutexWord /*expected*/,
                           Backoff /*backoff*/ = Backoff::tight) noexcept {
        return false;
    }

    /// Wakes the thread that has waited longest, if any waits. Requires: nothing. Returns: nothing. Errors: as load. Visibility:
    /// none. Source: futex(2), FUTEX_WAKE.
    static void wake_one(atomic<FutexWord>& word, Site site = Site::current()) { wake(word, 1, site); }
    /// Otherwise as wake_one(): wakes all that wait.
    static void wake_all(atomic<FutexWord>& word, Site site = Site::current()) {
        wake(word, engine::every_waiter, site);
    }

    /// Requires: nothing. Returns: nothing. Errors: aborts outside of a program. Visibility: the order's. Source: C++20
    /// [atomics.fences].
    static void fence(std::memory_order order, Site site = Site::current()) {
        Run::require("a fence").perform(
            {.kind = OperationKind::fence, .order = order, .site = site, .weakening = weakening});
    }

    /// Starts a thread that runs `body`, then `epilogue`, when the locals of the thread are gone. Requires: the model declares
    /// enough `dynamic_threads`. Returns: its thread_id(). Errors: one thread too many fails the execution as misuse.
    /// Visibility: the call happens-before the thread. Source: none.
    template <class Body, class Epilogue>
    static std::uint64_t spawn(Body body, Epilogue epilogue, std::size_t /*stack_bytes*/, Site site = Site::current()) {
        struct Both {
            Body body;
            Epilogue epilogue;
        };
        // std::function wants a copyable callable; body and epilogue may be move-only.
        auto both = std::make_shared<Both>(Both{std::move(body), std::move(epilogue)});
        const std::uint64_t number = Run::require("spawn").spawn(
            [both]() mutable {
                detail::ThreadLocals locals;
                const auto mine = std::move(both);  // ends before the locals, which the end of what it owns may ask for
                detail::with_locals(locals, [&] { mine->body(); });
                mine->epilogue();
            },
            site);
        return id_of(number);
    }

    /// Time stands still but for waits that time out: each moves the clock to its deadline, if it was before. Requires:
    /// nothing. Returns: the thread's clock. Errors: aborts outside of a program. Visibility: none. Source: none.
    static std::chrono::nanoseconds now() { return Run::require("now").now(); }

    /// Ends an iteration of a loop that waits. Requires: nothing. Returns: nothing. Errors: a loop that can wait for nothing
    /// any more fails the execution as a livelock. Visibility: none. Source: docs/decisions/0007-a-yield-ends-a-turn-in-vain.md.
    static void yield(Site site = Site::current()) {
        Run::require("yield").perform({.kind = OperationKind::yield, .site = site});
    }

    /// Requires: nothing. Returns: a pointer of the calling thread, null when it begins. Errors: aborts outside of a program.
    /// Visibility: none. Source: none.
    static void*& local() { return detail::ThreadLocals::of_this_thread("local").pointer; }

    /// Requires: nothing. Returns: nothing; the thread calls `function` at its end, the latest first. Errors: aborts outside of a
    /// program. Visibility: none. Source: none.
    static void at_thread_exit(std::function<void()> function) {
        detail::ThreadLocals::of_this_thread("at_thread_exit").at_exit.push_back(std::move(function));
    }

    /// Requires: nothing. Returns: the one T of the execution. Errors: aborts outside of a program. Visibility: its
    /// construction happens-before all threads. Source: none.
    template <class T>
    static T& global() {
        return *static_cast<T*>(
            detail::ExecutionState::global([]() -> std::shared_ptr<void> { return std::make_shared<T>(); }));
    }

    /// The counter of a std::shared_ptr is not seen: that it orders the end of the object after all that its owners did is
    /// said here. Requires: nothing. Returns: a T made of the arguments. Errors: what its constructor throws. Visibility: what
    /// each owner did happens-before the end of the T. Source: C++20 std::make_shared.
    template <class T, class... Args>
    static std::shared_ptr<T> make_shared(Args&&... args) {
        return std::shared_ptr<T>(new T(std::forward<Args>(args)...), [](T* object) {
            if (Run::current() == nullptr) return delete object;
            auto& locals = detail::ThreadLocals::of_this_thread("the end of a shared object");
            ++locals.ends_shared;
            delete object;
            --locals.ends_shared;
        });
    }

    /// Requires: nothing. Returns: a number above zero that no other thread of the execution has. Errors: aborts outside of a
    /// program. Visibility: none. Source: none.
    static std::uint64_t thread_id() { return id_of(Run::require("thread_id").thread_index()); }
    /// Requires: nothing. Returns: whether the thread is the first. Errors: aborts outside of a program. Visibility: none.
    /// Source: none.
    static bool is_main_thread() { return Run::require("is_main_thread").thread_index() == 0; }
    /// As thread_id().
    static std::uint64_t native_id() { return thread_id(); }
    static constexpr std::uint64_t main_thread_id = 1;  // of thread 0
    /// Otherwise as thread_id(): that of the first thread.
    static std::uint64_t main_native_id() { return main_thread_id; }

    /// Fails the execution as misuse. Requires: nothing. Returns: never. Errors: aborts outside of a program. Visibility: none.
    /// Source: none.
    [[noreturn]] static void misuse(const char* text, Site site = Site::current()) {
        Run::require("misuse").fail(engine::FailureKind::misuse, text, site);
        std::abort();  // not reached; compilers do not trust [[noreturn]] of a virtual function
    }

  private:
    static constexpr std::uint64_t id_of(std::uint64_t thread_index) { return thread_index + 1; }

    static void wake(atomic<FutexWord>& word, std::uint64_t count, Site site) {
        word.handle_.perform({.kind = OperationKind::wake, .value = count, .site = site, .weakening = weakening});
    }
};

/// One platform for all engines: which of them runs is decided when the exploration starts, so a model is compiled
/// once and checked by each (docs/decisions/0001-one-checking-platform.md).
struct CheckingPlatform : BasicCheckingPlatform<> {};

static_assert(Platform<CheckingPlatform>);

}  // namespace heddle::checker

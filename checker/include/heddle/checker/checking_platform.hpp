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
#include <utility>

#include <heddle/checker/checked_atomic.hpp>
#include <heddle/checker/checked_data.hpp>
#include <heddle/checker/detail/execution_state.hpp>
#include <heddle/checker/detail/handle.hpp>
#include <heddle/checker/detail/shared_count.hpp>
#include <heddle/engine/run.hpp>
#include <heddle/platform/deadline.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle::checker {

/// The platform of every checking engine; `weakening` spoils its operations, for broken twins.
template <const Weakening* weakening>
struct BasicCheckingPlatform {
    template <class T>
    using atomic = CheckedAtomic<T, weakening>;
    template <class T>
    using plain = CheckedData<T>;
    using region = CheckedRegion;

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

    /// A word, even when it is gone.
    class futex_key {
      public:
        /// Requires: nothing. Returns: the key of no word. Errors: none. Visibility: none. Source: none.
        futex_key() = default;
        /// Requires: nothing. Returns: the key of `word`. Errors: none. Visibility: none. Source: none.
        explicit futex_key(const atomic<FutexWord>& word) : object_(word.handle_.object()) {}

      private:
        friend struct BasicCheckingPlatform;
        engine::Object* object_ = nullptr;
    };
    /// As wake_one() of the word; a step even when that is gone, since nothing orders its end and this. Requires: the key of a
    /// word. Returns: nothing. Errors: as load. Visibility: none. Source: docs/decisions/0015-a-wake-may-come-late.md.
    static void wake_one(futex_key key, Site site = Site::current()) {
        Run::require("wake_one")
            .perform({.kind = OperationKind::wake,
                      .object = key.object_,
                      .value = 1,
                      .site = site,
                      .weakening = weakening,
                      .address = key.object_->address});
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
        Run& run = Run::require("yield");
        if (run.thread_slot() != nullptr) detail::ThreadLocals::of_this_thread("yield").back_offs = 0;
        run.perform({.kind = OperationKind::yield, .site = site});
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

    /// Where the program asks for the count of a shared object (use_count(), std::weak_ptr::lock()), the counters of all that
    /// are made here are atomics of the execution. Elsewhere they are no steps, and only order the ends of the objects.
    /// Requires: nothing. Returns: a T made of the arguments. Errors: what its constructor throws. Visibility: what each
    /// owner did happens-before the end of the T. Source: C++20 std::make_shared.
    template <class T, class... Args>
    static std::shared_ptr<T> make_shared(Args&&... args) {
        return detail::shared(std::make_unique<T>(std::forward<Args>(args)...));
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

    static void wake(atomic<FutexWord>& word, std::uint64_t count, Site site) { word.notify(count, site); }
};

/// One platform for all engines: which of them runs is decided when the exploration starts, so a model is compiled
/// once and checked by each (docs/decisions/0001-one-checking-platform.md).
struct CheckingPlatform : BasicCheckingPlatform<> {};

static_assert(Platform<CheckingPlatform>);

}  // namespace heddle::checker

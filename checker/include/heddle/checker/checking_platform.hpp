// The Platform of every checking engine: each member becomes one step of the exploration.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include <heddle/checker/execution_state.hpp>
#include <heddle/engine/run.hpp>
#include <heddle/platform/deadline.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle::checker {

using engine::Object;
using engine::ObjectKind;
using engine::Operation;
using engine::OperationKind;
using engine::OperationResult;
using engine::Run;
using engine::Site;
using engine::Weakening;

namespace detail {

template <class T>
concept Checkable = std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t);

template <Checkable T>
std::uint64_t to_bits(T value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    return bits;
}

template <Checkable T>
T from_bits(std::uint64_t bits) {
    T value;
    std::memcpy(&value, &bits, sizeof(T));
    return value;
}

template <Checkable T>
std::string show_bits(std::uint64_t bits) {
    if constexpr (std::is_same_v<T, bool>) return bits != 0 ? "true" : "false";
    else if constexpr (std::is_integral_v<T>) return std::to_string(from_bits<T>(bits));
    else if constexpr (std::is_enum_v<T>)
        return std::to_string(static_cast<std::underlying_type_t<T>>(from_bits<T>(bits)));
    else if constexpr (std::is_pointer_v<T>) return bits != 0 ? "non-null" : "null";
    else return "...";
}

/// A platform's deadline as engines know it.
constexpr std::chrono::nanoseconds to_engine(Deadline deadline) {
    return deadline.is_never() ? engine::no_deadline : deadline.since_epoch();
}

/// Why a wait came back, as platforms know it.
constexpr WaitResult from_engine(engine::WaitOutcome outcome) {
    switch (outcome) {
        case engine::WaitOutcome::changed:
            return WaitResult::changed;
        case engine::WaitOutcome::timed_out:
            return WaitResult::timed_out;
        case engine::WaitOutcome::woken:
            break;
    }
    return WaitResult::woken;
}

/// An object of the execution; its lifetime is that of the C++ object that it is part of.
class Handle {
  public:
    Handle(const char* what, ObjectKind kind, std::uint8_t size, const char* name, engine::Show show,
           std::optional<std::uint64_t> initial, Site site)
        : object_(Run::require(what).construct(kind, size, name, show, initial, site)) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        Run* const run = Run::current();
        if (run == nullptr) return;
        const auto* const locals = static_cast<const ThreadLocals*>(run->thread_slot());
        const bool ordered = locals != nullptr && locals->ends_shared != 0;
        run->perform(
            {.kind = OperationKind::destroy, .object = object_, .value = ordered ? 1U : 0U, .site = object_->created});
    }

    /// `operation`: all of it but its object.
    OperationResult perform(Operation&& operation) const {
        operation.object = object_;
        return Run::require("an operation on a checked object").perform(operation);
    }

    Object* object() const noexcept { return object_; }

  private:
    Object* object_;
};

}  // namespace detail

/// The platform of every checking engine; `weakening` spoils its operations, for broken twins.
template <const Weakening* weakening = nullptr>
struct BasicCheckingPlatform {
    template <class T>
    class atomic {
        static_assert(detail::Checkable<T>);  // not a constraint of T: Clang 14 crashes where such a member template is named

      public:
        explicit atomic(T initial, const char* name = nullptr, Site site = Site::current())
            : handle_("an atomic", ObjectKind::atomic, sizeof(T), name, &detail::show_bits<T>, detail::to_bits(initial),
                      site) {}

        T load(std::memory_order order, Site site = Site::current()) const {
            return read({.kind = OperationKind::load, .order = order, .site = site, .weakening = weakening});
        }
        void store(T desired, std::memory_order order, Site site = Site::current()) {
            modify(OperationKind::store, desired, order, site);
        }
        T exchange(T desired, std::memory_order order, Site site = Site::current()) {
            return modify(OperationKind::exchange, desired, order, site);
        }
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                   Site site = Site::current()) {
            return compare_exchange(OperationKind::compare_exchange_weak, expected, desired, success, failure, site);
        }
        bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                     Site site = Site::current()) {
            return compare_exchange(OperationKind::compare_exchange_strong, expected, desired, success, failure, site);
        }
        T fetch_add(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_add, arg, order, site);
        }
        T fetch_sub(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_sub, arg, order, site);
        }
        T fetch_and(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_and, arg, order, site);
        }
        T fetch_or(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            return modify(OperationKind::fetch_or, arg, order, site);
        }
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
        explicit plain(Site site = Site::current())
            : handle_("plain data", ObjectKind::plain, 0, nullptr, nullptr, std::nullopt, site) {}
        explicit plain(T initial, const char* name = nullptr, Site site = Site::current())
            : handle_("plain data", ObjectKind::plain, 0, name, nullptr, written, site), value_(std::move(initial)) {}

        T read(Site site = Site::current()) const {
            handle_.perform({.kind = OperationKind::read, .site = site});
            return value_;
        }
        void write(T value, Site site = Site::current()) {
            handle_.perform({.kind = OperationKind::write, .site = site});
            value_ = std::move(value);
        }

      private:
        static constexpr std::uint64_t written = 0;  // any initial value marks the object as initialised
        detail::Handle handle_;
        T value_{};
    };

    class region {
      public:
        explicit region(const char* name = nullptr, Site site = Site::current())
            : handle_("a region", ObjectKind::region, 0, name, nullptr, std::nullopt, site) {}
        void read(Site site = Site::current()) const { handle_.perform({.kind = OperationKind::read, .site = site}); }
        void write(Site site = Site::current()) { handle_.perform({.kind = OperationKind::write, .site = site}); }

      private:
        detail::Handle handle_;
    };

    /// Nothing: a hint decides only how long somebody waits, and time is a choice here.
    class hint {
      public:
        void tell(FutexWord /*amount*/) noexcept {}
        bool spin_while(FutexWord /*amount*/) const noexcept { return false; }
        void settle(FutexWord /*goal*/) const noexcept {}
    };

    static WaitResult wait(const atomic<FutexWord>& word, FutexWord expected, Deadline deadline,
                           Site site = Site::current()) {
        const OperationResult result = word.handle_.perform(
            {.kind = OperationKind::wait, .expected = expected, .deadline = detail::to_engine(deadline), .site = site});
        return detail::from_engine(static_cast<engine::WaitOutcome>(result.value));
    }

    /// Nothing: wait() compares the word anyway, and what a spin could see before it, the comparison can see.
    static bool spin_while(const atomic<FutexWord>& /*word*/, FutexWord /*expected*/,
                      Backoff /*backoff*/ = Backoff::tight) noexcept {
        return false;
    }

    static void wake_one(atomic<FutexWord>& word, Site site = Site::current()) { wake(word, 1, site); }
    static void wake_all(atomic<FutexWord>& word, Site site = Site::current()) {
        wake(word, engine::every_waiter, site);
    }

    static void fence(std::memory_order order, Site site = Site::current()) {
        Run::require("a fence").perform(
            {.kind = OperationKind::fence, .order = order, .site = site, .weakening = weakening});
    }

    /// As StdPlatform::spawn. The model states how many threads it may start, in `dynamic_threads`.
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

    /// Time stands still but for waits that time out: each moves the clock to its deadline, if it was before.
    static std::chrono::nanoseconds now() { return Run::require("now").now(); }

    static void yield(Site site = Site::current()) {
        Run::require("yield").perform({.kind = OperationKind::yield, .site = site});
    }

    static void*& local() { return detail::ThreadLocals::of_this_thread("local").pointer; }

    static void at_thread_exit(std::function<void()> function) {
        detail::ThreadLocals::of_this_thread("at_thread_exit").at_exit.push_back(std::move(function));
    }

    template <class T>
    static T& global() {
        return *static_cast<T*>(
            detail::ExecutionState::global([]() -> std::shared_ptr<void> { return std::make_shared<T>(); }));
    }

    /// The counter of a std::shared_ptr is not seen: that it orders the end of the object after all that its owners did is
    /// said here.
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

    static std::uint64_t thread_id() { return id_of(Run::require("thread_id").thread_index()); }
    static bool is_main_thread() { return Run::require("is_main_thread").thread_index() == 0; }
    static std::uint64_t native_id() { return thread_id(); }
    static constexpr std::uint64_t main_thread_id = 1;  // of thread 0
    static std::uint64_t main_native_id() { return main_thread_id; }

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

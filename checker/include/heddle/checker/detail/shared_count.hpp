// How many std::shared_ptr share an object that P::make_shared has made, as an atomic of the execution.
#pragma once

#include <memory>
#include <utility>

#include <ext/atomicity.h>

#include <heddle/checker/detail/execution_state.hpp>
#include <heddle/checker/detail/handle.hpp>

namespace heddle::checker::detail {

/// The use count of one control block. It is a part of that block, and ends with it.
class SharedCount {
  public:
    SharedCount()
        : handle_("a shared object", ObjectKind::atomic, sizeof(int), "use count", &show_bits<int>, to_bits(1), Site()),
          next_(first()) {
        first() = this;
    }
    SharedCount(const SharedCount&) = delete;
    SharedCount& operator=(const SharedCount&) = delete;
    ~SharedCount() {
        SharedCount** link = &first();
        while (*link != this) link = &(*link)->next_;
        *link = next_;
    }

    /// Whose counter that is; null if a checker does not follow it.
    static SharedCount* of(const void* counter) {
        if (ExecutionState::current() == nullptr) return nullptr;
        SharedCount* count = first();
        while (count != nullptr && count->counter_ != counter) count = count->next_;
        return count;
    }

    /// As of(), for one whose value the program asks for.
    static SharedCount* asked(const void* counter) {
        ExecutionState* const state = ExecutionState::current();
        if (state == nullptr) return nullptr;
        if (SharedCount* const announced = std::exchange(state->announced, nullptr)) announced->counter_ = counter;
        else state->count_shared();
        return of(counter);
    }

    /// Says in the verdict that the program asks for a value that is not followed.
    static void leave_out() {
        if (ExecutionState::current() != nullptr)
            Run::require("a shared object")
                .leave_out(
                    "other numbers of owners than those of one order of the threads, where a std::shared_ptr is asked "
                    "for them that P::make_shared did not make, or whose type declares counts_owners = false");
    }

    /// The next counter whose value is asked for is this one's.
    void announce() { ExecutionState::current()->announced = this; }

    OperationResult perform(Operation&& operation) const { return handle_.perform(std::move(operation)); }

  private:
    static SharedCount*& first() { return ExecutionState::current()->shared_counts; }

    Handle handle_;
    const void* counter_ = nullptr;
    SharedCount* next_;
};

// The functions of libstdcxx_counters.hpp. Each is what libstdc++ does, but for the load of both counters at once, which would
// only save a step: it finds that there are other owners.

inline int heddle_exchange_and_add(int* counter, int by, Site site) {
    const SharedCount* const count = SharedCount::of(counter);
    if (count == nullptr) return __gnu_cxx::__exchange_and_add_dispatch(counter, by);
    return from_bits<int>(count
                              ->perform({.kind = OperationKind::fetch_add,
                                         .order = std::memory_order_acq_rel,
                                         .value = to_bits(by),
                                         .site = site})
                              .value);
}

inline int heddle_load(const int* counter, int /*order*/, Site site) {
    const SharedCount* const count = SharedCount::asked(counter);
    if (count == nullptr) {
        SharedCount::leave_out();
        return __atomic_load_n(counter, __ATOMIC_RELAXED);
    }
    return from_bits<int>(
        count->perform({.kind = OperationKind::load, .order = std::memory_order_relaxed, .site = site}).value);
}

inline long long heddle_load(const long long* counters, int /*order*/) {
    return SharedCount::of(counters) == nullptr ? __atomic_load_n(counters, __ATOMIC_ACQUIRE) : 0;
}

inline bool heddle_compare_exchange(int* counter, int* expected, int desired, bool /*weak*/, int /*success*/,
                                    int /*failure*/, Site site) {
    const SharedCount* const count = SharedCount::of(counter);
    if (count == nullptr)
        return __atomic_compare_exchange_n(counter, expected, desired, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    const OperationResult result = count->perform({.kind = OperationKind::compare_exchange_strong,
                                                   .order = std::memory_order_acq_rel,
                                                   .value = to_bits(desired),
                                                   .expected = to_bits(*expected),
                                                   .site = site});
    if (!result.success) *expected = from_bits<int>(result.value);
    return result.success;
}

/// Ends an object that several threads have shared: what all of them did happens before, and the counter has seen to that.
template <class T>
class EndOfShared {
  public:
    explicit EndOfShared(std::unique_ptr<SharedCount> count) : count_(std::move(count)) {}
    EndOfShared(EndOfShared&&) noexcept = default;
    EndOfShared& operator=(EndOfShared&&) noexcept = delete;
    ~EndOfShared() {
        if (count_ != nullptr) in_order([this] { count_.reset(); });
    }

    void operator()(T* object) const {
        in_order([object] { delete object; });
    }

  private:
    template <class Ends>
    static void in_order(const Ends& ends) {
        if (Run::current() == nullptr) return ends();
        auto& locals = ThreadLocals::of_this_thread("the end of a shared object");
        ++locals.ends_shared;
        ends();
        --locals.ends_shared;
    }

    std::unique_ptr<SharedCount> count_;
};

/// Whether the owners of a T may be followed: not if it declares `static constexpr bool counts_owners = false`, since
/// whoever asks for them owns it already.
template <class T>
constexpr bool may_count_owners() {
    if constexpr (requires { T::counts_owners; }) return T::counts_owners;
    else return true;
}

/// Takes over an object that `object` owns. Its counter is followed if the program asks for the count of any: each copy
/// would be a step otherwise, for what nobody asks.
template <class T>
std::shared_ptr<T> shared(std::unique_ptr<T> object) {
    const bool is_counted =
        may_count_owners<T>() && ExecutionState::current() != nullptr && ExecutionState::current()->counts_shared();
    std::unique_ptr<SharedCount> count = is_counted ? std::make_unique<SharedCount>() : nullptr;
    SharedCount* const counts = count.get();
    std::shared_ptr<T> made(object.release(), EndOfShared<T>(std::move(count)));
    if (counts != nullptr) {
        counts->announce();
        static_cast<void>(made.use_count());
    }
    return made;
}

}  // namespace heddle::checker::detail

// Models: what a few threads do with a primitive, and what must hold.
//
// ```cpp declarations
// template <heddle::Platform P> struct TwoThreadsCount {
//     static constexpr auto claim = "no increment is lost";
//     static constexpr int threads = 2;
//     typename P::template atomic<int> count{0, "count"};
//     void thread(int) { count.fetch_add(1, std::memory_order_relaxed); }
//     void after() { heddle::check(count.load(std::memory_order_relaxed) == 2, "both were counted"); }
// }; HEDDLE_MODEL(TwoThreadsCount);
// ```
#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/checker/comparison.hpp>
#include <heddle/checker/detail/declarations.hpp>
#include <heddle/engine/failure.hpp>
#include <heddle/harness/check.hpp>
#include <heddle/checker/mutex.hpp>
#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>

namespace heddle::checker {

// How Relacy goes through the executions of a model: `static constexpr auto search`.
using engine::context_bound;
using engine::deepening_search;
using engine::full_search;
using engine::random_search;

/// A program of `threads` threads for an engine, made of a model on CheckingPlatform: `M` is constructed from `args` for
/// each execution and has `thread(int)`, and perhaps `after()`. Requires: `M` uses no other checked objects than its own.
/// Returns: the program; explorations of one copy of it must not overlap. Errors: none. Visibility: none. Source: none.
template <class M, class... Args>
engine::Program program_of(int threads, Args... args) {
    // Beside the program, and not part of any execution: what one exploration learns, its executions share.
    const auto known = std::make_shared<detail::Known>();
    return {.threads = threads,
            .self_contained = sizeof...(Args) == 0,  // nothing from outside was given to it
            .make = [=] { return std::make_unique<detail::CheckedInstance<M>>(*known, args...); }};
}

namespace detail {

/// A model on real threads.
template <class M>
class NativeInstance final : public engine::Instance {
  public:
    void thread(int index) override { model_.thread(index); }
    void after() override {
        if constexpr (requires { model_.after(); }) model_.after();
    }

  private:
    M model_;
};

/// The sizes of the groups of alike threads that a model declares: a number, or several.
template <class M>
std::vector<int> groups_of_alike() {
    if constexpr (std::is_convertible_v<decltype(M::alike), int>) {
        static_assert(M::alike >= 1 && M::alike <= M::threads, "alike is a number of the model's threads");
        return {M::alike};
    } else {
        int sum = 0;
        for (const int size : M::alike) sum += size < 1 ? M::threads + 1 : size;
        if (sum > M::threads) throw std::logic_error("alike has groups of the model's threads");
        return {std::begin(M::alike), std::end(M::alike)};
    }
}

/// Where a broken twin must fail: one place, or several of which one will do.
template <class M>
std::vector<std::string> places_of() {
    if constexpr (std::is_convertible_v<decltype(M::fails_at), std::string>) return {M::fails_at};
    else return {std::begin(M::fails_at), std::end(M::fails_at)};
}

/// What a model declares, as a program.
template <class M>
engine::Program declared(engine::Program program) {
    refuse_misspelt<M>();
    refuse_hidden<M>();
    program.spurious_wakeups = 1;  // a wait that is not in a loop is a bug
    if constexpr (requires { M::dynamic_threads; }) program.spawned_threads = M::dynamic_threads;
    if constexpr (requires { M::spurious_wakeups; }) program.spurious_wakeups = M::spurious_wakeups;
    if constexpr (requires { M::time_outs; }) program.time_outs = M::time_outs;
    if constexpr (requires { M::alike; }) program.alike = groups_of_alike<M>();
    if constexpr (requires { M::hands_memory_on; }) program.hands_memory_on = M::hands_memory_on;
    return program;
}

/// For the exhaustive engine: the model, or the model on LocksBySpecification, or why neither.
template <class Checked, class BySpecification>
harness::Offer exhaustive_offer() {
    harness::Offer offer;
    if constexpr (requires { Checked::locks_by_specification; }) {
        offer.program = declared<Checked>(program_of<BySpecification>(Checked::threads));
        offer.bounds = "Lock by its specification";
    } else {
        offer.program = declared<Checked>(program_of<Checked>(Checked::threads));
    }
    if constexpr (requires { Checked::not_exhausted; }) offer.declined = Checked::not_exhausted;
    return offer;
}

/// Whether only models count, and only for the exhaustive engine: in a build that asks nothing else, and is not to wait for the rest.
#ifdef HEDDLE_EXHAUSTIVE_MODELS_ALONE
inline constexpr bool exhaustive_models_alone = true;
#else
inline constexpr bool exhaustive_models_alone = false;
#endif

template <class Checked, class BySpecification, class Native>
harness::Check check_of(const char* name, std::optional<engine::FailureKind> expected) {
    harness::Check check{.name = name, .claim = Checked::claim, .expected = expected};
    if constexpr (std::is_void_v<Native>) {  // a broken twin inherits `invariants` from the model that it is made of
        if constexpr (requires { Checked::breaks; }) check.breaks = Checked::breaks;
        if constexpr (requires { Checked::fails_at; }) check.fails_at = places_of<Checked>();
    } else if constexpr (requires { Checked::invariants; }) {
        check.invariants = Checked::invariants;
    }
    if constexpr (requires { Checked::search; }) check.search = Checked::search;
    if constexpr (engine::has_fibers) {  // a sanitizer takes three times as long where it compiles what never runs, too
        check.offers["exhaustive"] = exhaustive_offer<Checked, BySpecification>();
        if constexpr (!exhaustive_models_alone)
            check.offers["relacy"].program = declared<Checked>(program_of<Checked>(Checked::threads));
    }
    if constexpr (std::is_void_v<Native>) {
        check.offers["threads"].declined = "a broken twin on real threads is undefined behaviour";
    } else if constexpr (!exhaustive_models_alone) {
        check.offers["threads"].program = declared<Checked>(
            {.threads = Checked::threads, .make = [] { return std::make_unique<NativeInstance<Native>>(); }});
    }
    return check;
}

/// `BySpecification`: the model on LocksBySpecification. `Native`: on StdPlatform; void for a broken twin.
template <class Checked, class BySpecification, class Native>
bool register_instances(const char* name, std::optional<engine::FailureKind> expected) {
    if constexpr (exhaustive_models_alone && std::is_void_v<Native>) return false;
    else return harness::register_check(check_of<Checked, BySpecification, Native>(name, expected));
}

}  // namespace detail
}  // namespace heddle::checker

/// Registers a model template with every engine. `Name` is a template over a Platform with
///  - `static constexpr auto claim`: what must hold, in words;
///  - `static constexpr int threads`, and `void thread(int index)` that each of them runs;
///  - optionally `void after()`, run when all have ended; the constructor runs before they start;
///  - optionally `static constexpr auto invariants`: the ids of what it shows, as a specification names them;
///  - optionally `static constexpr int dynamic_threads`: how many more threads they may spawn in one execution;
///  - optionally `static constexpr unsigned spurious_wakeups`: how many per thread an execution may have (default 1);
///  - optionally `static constexpr unsigned time_outs`: how many per thread an execution may have (default 4);
///  - optionally `static constexpr bool hands_memory_on`: what a thread frees may be handed to any thread that allocates as
///    much, which is a step each (default: only to the same thread, by the exhaustive engine, where it may fool it);
///  - optionally `static constexpr int alike`: so many threads, the first ones, differ in nothing but their index, and neither
///    does what after() makes of them: the exhaustive engine explores each execution in one of their orders, and says of how many
///    (default: each in every order). Several groups: `static constexpr std::array alike{2, 3}`;
///  - optionally `static constexpr auto search`: how Relacy goes through it (default deepening_search());
///  - optionally `static constexpr bool locks_by_specification`: for the exhaustive engine every heddle::Lock in it is
///    one step, not its futex algorithm (see LocksBySpecification); the other engines run the real one;
///  - optionally `static constexpr auto not_exhausted`: why the exhaustive engine does not run it.
#define HEDDLE_MODEL(Name)                                                                                       \
    [[maybe_unused]] static const bool heddle_registered_##Name = ::heddle::checker::detail::register_instances< \
        Name<::heddle::checker::CheckingPlatform>,                                                               \
        Name<::heddle::checker::LocksBySpecification<::heddle::checker::CheckingPlatform>>,                      \
        Name<::heddle::StdPlatform>>(#Name, std::nullopt)

/// Registers a broken twin: it must fail, and with this kind of failure (heddle::failure::...). It may also have
///  - `static constexpr auto breaks`: the ids of the invariants that its fault breaks; those of its model it does not show;
///  - `static constexpr auto fails_at`: where it must fail: the text of the check, part of the message, or the name of the object
///    that is raced for or waited for. Where there are several such places: `static constexpr std::array fails_at{"one", "other"}`.
#define HEDDLE_BROKEN_MODEL(Name, kind)                                                                          \
    [[maybe_unused]] static const bool heddle_registered_##Name = ::heddle::checker::detail::register_instances< \
        Name<::heddle::checker::CheckingPlatform>,                                                               \
        Name<::heddle::checker::LocksBySpecification<::heddle::checker::CheckingPlatform>>, void>(#Name, kind)

/// Registers a model with parameters, `Template<P, arguments...>`, under a name of its own.
#define HEDDLE_MODEL_OF(Name, Template, ...)                 \
    template <::heddle::Platform P>                          \
    struct Name : Template<P __VA_OPT__(, ) __VA_ARGS__> {}; \
    HEDDLE_MODEL(Name)

/// Registers a broken twin with parameters, likewise.
#define HEDDLE_BROKEN_MODEL_OF(Name, kind, Template, ...)    \
    template <::heddle::Platform P>                          \
    struct Name : Template<P __VA_OPT__(, ) __VA_ARGS__> {}; \
    HEDDLE_BROKEN_MODEL(Name, kind)

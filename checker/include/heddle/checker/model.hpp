// Models: what a few threads do with a primitive, and what must hold.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/engine/failure.hpp>
#include <heddle/checker/mutex.hpp>
#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>

namespace heddle::checker {

/// How Relacy goes through the executions of a model.
struct Search {
    enum class Kind : std::uint8_t { full, context_bound, random };
    Kind kind = Kind::full;
    unsigned preemptions = 0;      ///< context_bound: switches away from a thread that could go on
    std::uint64_t executions = 0;  ///< random: how many
    std::uint64_t seed = 0;        ///< random
};

/// Every interleaving.
constexpr Search full_search() { return {}; }

/// Every interleaving with at most so many preemptions. Source: Musuvathi and Qadeer, PLDI 2007.
constexpr Search context_bound(unsigned preemptions) {
    return {.kind = Search::Kind::context_bound, .preemptions = preemptions};
}

/// A sample of so many executions; a model that says so accepts that it is not explored to the end.
constexpr Search random_search(std::uint64_t executions, std::uint64_t seed = 1) {
    return {.kind = Search::Kind::random, .executions = executions, .seed = seed};
}

/// One execution's instance of a model.
class Program {
  public:
    virtual ~Program() = default;
    virtual void thread(int index) = 0;
    virtual void after() = 0;
};

using ProgramFactory = std::function<std::unique_ptr<Program>()>;

/// A registered model.
struct Model {
    std::string name;
    std::string claim;
    std::string invariants;  ///< ids of what it shows, separated by blanks; may be empty
    int threads = 0;
    int dynamic_threads = 0;              ///< how many more its threads may spawn in one execution
    unsigned spurious_wakeups = 0;        ///< per thread and execution
    Search search;                        ///< Relacy's
    std::string not_exhausted;            ///< why the exhaustive engine is not asked; empty: it is
    std::optional<FailureKind> expected;  ///< set for a broken twin
    ProgramFactory checked;               ///< on CheckingPlatform
    ProgramFactory by_specification;      ///< on LocksBySpecification; empty: the exhaustive engine takes `checked`
    ProgramFactory native;  ///< on StdPlatform; empty for a broken twin, which would be undefined behaviour
};

/// All models of this program, in the order of their names.
std::vector<Model> registered_models();
bool register_model(Model model);

namespace detail {

template <class M>
class ProgramOf final : public Program {
  public:
    void thread(int index) override { model_.thread(index); }
    void after() override {
        if constexpr (requires { model_.after(); }) model_.after();
    }

  private:
    M model_;
};

template <class M>
ProgramFactory factory_of() {
    return [] { return std::make_unique<ProgramOf<M>>(); };
}

/// `BySpecification`: the model on LocksBySpecification. `Native`: on StdPlatform; void for a broken twin.
template <class Checked, class BySpecification, class Native>
bool register_instances(const char* name, std::optional<FailureKind> expected) {
    Model model{.name = name, .claim = Checked::claim, .threads = Checked::threads, .expected = expected};
    if constexpr (requires { Checked::invariants; }) model.invariants = Checked::invariants;
    if constexpr (requires { Checked::dynamic_threads; }) model.dynamic_threads = Checked::dynamic_threads;
    if constexpr (requires { Checked::spurious_wakeups; }) model.spurious_wakeups = Checked::spurious_wakeups;
    if constexpr (requires { Checked::search; }) model.search = Checked::search;
    if constexpr (requires { Checked::not_exhausted; }) model.not_exhausted = Checked::not_exhausted;
    model.checked = factory_of<Checked>();
    if constexpr (requires { Checked::locks_by_specification; }) model.by_specification = factory_of<BySpecification>();
    if constexpr (!std::is_void_v<Native>) model.native = factory_of<Native>();
    return register_model(std::move(model));
}

}  // namespace detail
}  // namespace heddle::checker

/// Registers a model template with every engine. `Name` is a template over a Platform with
///  - `static constexpr auto claim`: what must hold, in words;
///  - `static constexpr int threads`, and `void thread(int index)` that each of them runs;
///  - optionally `void after()`, run when all have ended; the constructor runs before they start;
///  - optionally `static constexpr auto invariants`: the ids of what it shows, as a specification names them;
///  - optionally `static constexpr int dynamic_threads`: how many more threads they may spawn in one execution;
///  - optionally `static constexpr unsigned spurious_wakeups`: how many per thread an execution may have (default 0);
///  - optionally `static constexpr auto search`: how Relacy goes through it (default full_search());
///  - optionally `static constexpr bool locks_by_specification`: for the exhaustive engine every heddle::Lock in it is
///    one step, not its futex algorithm (see LocksBySpecification); the other engines run the real one;
///  - optionally `static constexpr auto not_exhausted`: why the exhaustive engine does not run it.
#define HEDDLE_MODEL(Name)                                                                                       \
    [[maybe_unused]] static const bool heddle_registered_##Name = ::heddle::checker::detail::register_instances< \
        Name<::heddle::checker::CheckingPlatform>,                                                               \
        Name<::heddle::checker::LocksBySpecification<::heddle::checker::CheckingPlatform>>,                      \
        Name<::heddle::StdPlatform>>(#Name, std::nullopt)

/// Registers a broken twin: it must fail, and with this kind of failure (heddle::failure::...).
#define HEDDLE_BROKEN_MODEL(Name, kind)                                                                          \
    [[maybe_unused]] static const bool heddle_registered_##Name = ::heddle::checker::detail::register_instances< \
        Name<::heddle::checker::CheckingPlatform>,                                                               \
        Name<::heddle::checker::LocksBySpecification<::heddle::checker::CheckingPlatform>>, void>(#Name, kind)

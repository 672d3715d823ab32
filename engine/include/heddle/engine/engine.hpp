// An engine: something that runs a program under the choices that the language allows.
//
// ```cpp
// for (const heddle::engine::Engine* engine : heddle::engine::engines()) EXPECT_FALSE(engine->name().empty());
// ```
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/engine/exploration.hpp>
#include <heddle/engine/operation_site.hpp>
#include <heddle/engine/program.hpp>

namespace heddle::engine {

/// Whether this build has the engines that run threads as fibers; without them nothing explores a model on CheckingPlatform.
#ifdef HEDDLE_WITHOUT_FIBERS
inline constexpr bool has_fibers = false;
#else
inline constexpr bool has_fibers = true;
#endif

/// How far an exploration has come.
struct Progress {
    std::uint64_t executions = 0;
    double explored = 0;  ///< as Exploration::explored
};

/// How an exploration is to go, and when it must end.
struct Limits {
    std::chrono::duration<double> budget{60.0};     ///< of time on a processor: a busy machine changes no verdict
    Search search;                                  ///< for engines that have a choice
    std::optional<Replay> replay;                   ///< run only this execution
    const Weakening* weakening = nullptr;           ///< of every step, beside its own; may be null
    OperationLog* log = nullptr;                    ///< where its operations are noted; may be null
    bool asks_robustness = false;                   ///< whether executions are sequentially consistent
    bool every_permutation = false;                 ///< of threads that are alike; otherwise one stands for all
    bool asks_passing = false;                      ///< for an execution that passes and is much like the failing one
    std::function<void(const Progress&)> progress;  ///< called now and then, outside of the program; may be empty
};

/// Requires: nothing. Returns: how long an engine may look for a simpler counterexample with one bound, given the budget
/// of the whole search. Errors: none. Visibility: none. Source: none.
constexpr std::chrono::duration<double> simplification_budget(std::chrono::duration<double> budget) {
    return budget < std::chrono::seconds(3) ? budget : std::chrono::seconds(3);
}

/// Its members are called by whoever explores, outside of any program. It knows no model and no test: what a program is
/// written against is the front end's.
class Engine {
  public:
    virtual ~Engine() = default;
    /// Requires: nothing. Returns: a word that no other engine has. Errors: none. Visibility: none. Source: none.
    virtual std::string_view name() const = 0;
    /// Requires: nothing. Returns: how it goes through the executions, in a word or two. Errors: none. Visibility: none.
    /// Source: none.
    virtual std::string search(const Limits& limits) const = 0;
    /// Requires: nothing. Returns: what it leaves out when it explores the program. Errors: none. Visibility: none.
    /// Source: none.
    virtual std::string bounds(const Program& program, const Limits& limits) const = 0;
    /// Explores the program. Requires: program.make is set. Returns: what was found, and what was not looked at. Errors:
    /// none; whatever goes wrong is in what it returns. Visibility: none; explorations in several OS threads take turns or
    /// are independent of each other. Source: none.
    virtual Exploration explore(const Program& program, const Limits& limits) const = 0;
};

/// Requires: nothing. Returns: the engines that this build has. Errors: none. Visibility: none. Source: none.
const std::vector<const Engine*>& engines();

}  // namespace heddle::engine

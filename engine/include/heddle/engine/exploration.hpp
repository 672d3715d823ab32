// What came of exploring a program.
//
// ```cpp
// const heddle::engine::Exploration nothing_yet;
// EXPECT_EQ(nothing_yet.outcome, heddle::engine::Outcome::harness_error);  // never green by default
// EXPECT_FALSE(nothing_yet.counterexample);
// ```
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/engine/counterexample.hpp>
#include <heddle/engine/failure.hpp>

namespace heddle::engine {

/// How an exploration ended.
enum class Outcome : std::uint8_t {
    exhausted,      ///< every execution within the bounds was visited, and none failed
    sampled,        ///< as many executions as asked for were visited, and none failed
    budget_spent,   ///< the budget ended before the exploration did; nothing is known about the rest
    failed,         ///< an execution failed
    misuse,         ///< the program broke a rule of use
    harness_error,  ///< heddle could not do its work
};

/// Requires: nothing. Returns: how an exploration ends that found a failure of that kind. Errors: none. Visibility: none.
/// Source: none.
Outcome outcome_of(FailureKind kind);

/// Requires: nothing. Returns: the outcome's name, as reports and JSON spell it. Errors: none. Visibility: none. Source: none.
std::string_view to_string(Outcome outcome);
/// Requires: nothing. Returns: the outcome of that name; nullopt if there is none. Errors: none. Visibility: none.
/// Source: none.
std::optional<Outcome> outcome_from(std::string_view name);

/// How an engine goes through the executions of a program, where it has several ways.
struct Search {
    enum class Kind : std::uint8_t { deepening, full, context_bound, random };
    Kind kind = Kind::deepening;
    unsigned preemptions = 0;      ///< context_bound: switches away from a thread that could go on
    std::uint64_t executions = 0;  ///< random: how many
    std::uint64_t seed = 0;        ///< random
};

/// Requires: nothing. Returns: the search through every interleaving with no preemption, then with one, and so on, until
/// there are no more or the time is up; what was explored to the end is said. Errors: none. Visibility: none.
/// Source: Musuvathi and Qadeer, PLDI 2007.
constexpr Search deepening_search() { return {}; }

/// Requires: nothing. Returns: the search through every interleaving, at once. Errors: none. Visibility: none. Source: none.
constexpr Search full_search() { return {.kind = Search::Kind::full}; }

/// Requires: nothing. Returns: the search through every interleaving with at most so many preemptions. Errors: none.
/// Visibility: none. Source: Musuvathi and Qadeer, PLDI 2007.
constexpr Search context_bound(unsigned preemptions) {
    return {.kind = Search::Kind::context_bound, .preemptions = preemptions};
}

/// Requires: nothing. Returns: the search through a sample of so many executions; whoever asks for it accepts that the
/// program is not explored to the end. Errors: none. Visibility: none. Source: none.
constexpr Search random_search(std::uint64_t executions, std::uint64_t seed = 1) {
    return {.kind = Search::Kind::random, .executions = executions, .seed = seed};
}

/// One execution as the answers to the questions of an engine, so that it can be had again without exploring.
struct Replay {
    Search search;
    std::vector<unsigned> choices;
    std::uint32_t check = 0;  ///< over what the questions were: tells whether the program is still the same
};

/// Requires: nothing. Returns: the search in a word or two, for reports. Errors: none. Visibility: none. Source: none.
std::string to_string(const Search& search);

/// What an engine found.
struct Exploration {
    Outcome outcome = Outcome::harness_error;
    std::optional<FailureKind> kind;      ///< set if an execution failed
    std::uint64_t executions = 0;         ///< complete ones
    std::uint64_t blocked = 0;            ///< given up because they could not go on; none of them is a failure
    std::uint64_t turns_in_vain = 0;      ///< of loops that try again: what follows them is explored without them
    std::uint64_t runs_replaced = 0;      ///< of the program, by what is known of its threads (decision 0020)
    std::uint64_t permutations = 1;       ///< in how many ways alike threads could change places; one was explored
    std::uint64_t stands_for = 0;         ///< complete executions in all those ways; 0: the engine does not count them
    std::uint64_t longest_execution = 0;  ///< steps
    double explored = 0;                  ///< which part of all, as it looks, from 0 to 1; 0: the engine cannot tell
    bool declared_sampled = false;        ///< a sample was asked for
    std::optional<std::uint64_t> seed;    ///< of a random search
    std::vector<std::string> cut;         ///< what was met and not followed, in words
    std::string message;                  ///< one line: what went wrong; may be empty
    std::optional<Counterexample> counterexample;  ///< the failing execution, if its steps are known
    std::optional<Replay> replay;                  ///< runs it again
    std::optional<bool>
        robust;  ///< whether every execution is sequentially consistent, if that was asked and can be told
    std::optional<Counterexample> weak_execution;  ///< one that is not
    std::optional<Counterexample> passing;         ///< what was asked for beside a failure, if one was found
};

}  // namespace heddle::engine

// The spelling of every enumeration that reports, JSON and flags use.
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/exploration.hpp>

namespace heddle::engine {

namespace {

template <class Enum, std::size_t n>
using Names = std::array<std::pair<Enum, std::string_view>, n>;

constexpr Names<FailureKind, 14> failure_names{{
    {FailureKind::assertion, "assertion"},
    {FailureKind::data_race, "data_race"},
    {FailureKind::deadlock, "deadlock"},
    {FailureKind::livelock, "livelock"},
    {FailureKind::uninitialised_read, "uninitialised_read"},
    {FailureKind::use_after_free, "use_after_free"},
    {FailureKind::double_free, "double_free"},
    {FailureKind::leak, "leak"},
    {FailureKind::exception, "exception"},
    {FailureKind::crash, "crash"},
    {FailureKind::misuse, "misuse"},
    {FailureKind::too_big, "too_big"},
    {FailureKind::nothing_checked, "nothing_checked"},
    {FailureKind::nondeterminism, "nondeterminism"},
}};

constexpr Names<Outcome, 6> outcome_names{{
    {Outcome::exhausted, "exhausted"},
    {Outcome::sampled, "sampled"},
    {Outcome::budget_spent, "budget spent"},
    {Outcome::failed, "failed"},
    {Outcome::misuse, "misuse"},
    {Outcome::harness_error, "harness error"},
}};

template <class Enum, std::size_t n>
std::string_view name_in(const Names<Enum, n>& names, Enum value) {
    for (const auto& [candidate, name] : names) {
        if (candidate == value) return name;
    }
    return "?";
}

template <class Enum, std::size_t n>
std::optional<Enum> value_in(const Names<Enum, n>& names, std::string_view text) {
    for (const auto& [value, name] : names) {
        if (name == text) return value;
    }
    return std::nullopt;
}

}  // namespace

std::string_view to_string(FailureKind kind) { return name_in(failure_names, kind); }
std::optional<FailureKind> failure_kind_from(std::string_view name) { return value_in(failure_names, name); }
std::string_view to_string(Outcome outcome) { return name_in(outcome_names, outcome); }
std::optional<Outcome> outcome_from(std::string_view name) { return value_in(outcome_names, name); }

}  // namespace heddle::engine

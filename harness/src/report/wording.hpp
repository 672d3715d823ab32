// What several reporters say in the same words.
#pragma once

#include <cstdint>
#include <string>

#include <heddle/harness/verdict.hpp>

#include "results.hpp"

namespace heddle::harness {

/// "failed (data_race)"
std::string found(const Verdict& verdict);
/// How, and where, a broken twin must fail.
std::string expected_of(const Verdict& twin);
/// What became of it, and whether that was to be expected.
std::string found_and_expected(const Verdict& verdict);
/// What the exploration met beyond its bounds and did not follow, "CUT: ..."; empty if that is nothing.
std::string cuts_of(const Verdict& verdict);
/// The same, and then the bounds.
std::string cuts_and_bounds(const Verdict& verdict);

inline constexpr std::size_t report_width = 100;  // what most terminals and mail show without a break
/// A line of at most report_width columns, or several, broken at blanks.
std::string wrapped(std::size_t indent, std::string line);
/// What a shell runs the failing execution again with; empty if it cannot. `program`: as a shell knows it.
std::string replay_command(const Verdict& verdict, const std::string& program);
/// The same for a GoogleTest program that has no command line of ours.
std::string replay_command_of_test(const Verdict& verdict, const std::string& program);
/// "12,345,678"
std::string with_commas(std::uint64_t number);
/// "3 of 4 met, 2 not run"
std::string met_of_all(const Results& results);
/// The same, and how much was explored.
std::string totals(const Results& results);

}  // namespace heddle::harness

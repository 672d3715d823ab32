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
/// The bounds of the exploration, and what was met beyond them and not followed.
std::string bounds_and_cuts(const Verdict& verdict);
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

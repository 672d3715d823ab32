// What several reporters say in the same words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

/// "failed (data_race)"
std::string found(const Verdict& verdict);
/// The same, and whether that was to be expected.
std::string found_and_expected(const Verdict& verdict);
/// "12,345,678"
std::string with_commas(std::uint64_t number);
std::uint64_t count_met(const std::vector<Verdict>& verdicts);

}  // namespace heddle::harness

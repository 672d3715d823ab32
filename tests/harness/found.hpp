// What programs with models find, for tests that look at it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

std::string contents(const std::filesystem::path& path);

/// The verdicts of a run, as its worker processes say them. The run must be green.
std::vector<Verdict> verdicts_of(const std::string& program, const std::string& arguments);

}  // namespace heddle::harness

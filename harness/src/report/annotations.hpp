// Failures as workflow commands of GitHub, which shows them beside the lines of a change.
#pragma once

#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

#include "source_files.hpp"

namespace heddle::harness {

/// One command for each verdict that was not met, in one line whatever it contains: where it failed, why, and the lines of
/// the source that have to do with it.
std::string annotations(const std::vector<Verdict>& verdicts, const SourceFiles& sources);

}  // namespace heddle::harness

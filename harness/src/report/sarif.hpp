// Failures as SARIF 2.1.0, the format that editors and code hosts read.
#pragma once

#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

#include "source_files.hpp"

namespace heddle::harness {

/// One result for each verdict that was not met: where it failed, and each thread's steps as a thread flow, numbered in the
/// order in which they took effect. Bytes that are no UTF-8 are replaced.
std::string sarif_report(const std::vector<Verdict>& verdicts, const SourceFiles& sources);

}  // namespace heddle::harness

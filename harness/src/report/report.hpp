// The results of a run: for the terminal, for programs and for CI servers. One reporter a file.
#pragma once

#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

/// A row per verdict, the totals in the last line.
std::string table(const std::vector<Verdict>& verdicts);

/// What a failing or surprising verdict has to say; empty for one that was met.
/// `replay_command`: what runs the failing execution again; empty if nothing does.
std::string explanation(const Verdict& verdict, const std::string& replay_command);

/// {"version": 1, "models": [...], "summary": {...}}: docs/report.schema.json says what is in it
std::string json_report(const std::vector<Verdict>& verdicts);

/// The XML that CI servers read. `program`: with which a shell runs this one.
std::string junit_report(const std::vector<Verdict>& verdicts, const std::string& program);

}  // namespace heddle::harness

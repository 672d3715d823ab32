// The results of a run: for the terminal, for programs and for CI servers. One reporter a file.
#pragma once

#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

#include "results.hpp"

namespace heddle::harness {

/// A row per verdict, the totals in the last line.
std::string table(const Results& results);

/// What the run came to, a screen long however many verdicts there are: a few in full, otherwise those that were not met, a
/// line for each engine and the totals.
std::string summary(const Results& results);

/// A verdict in a line: "ok   LockExcludes (exhaustive): exhausted, 12 executions, 0.1 s"
std::string row(const Verdict& verdict);

/// What a failing or surprising verdict has to say; empty for one that was met.
/// `replay_command`: what runs the failing execution again; empty if nothing does.
std::string explanation(const Verdict& verdict, const std::string& replay_command);

/// {"version": 2, "models": [...], "summary": {...}}: docs/report.schema.json says what is in it
std::string json_report(const Results& results);

/// The XML that CI servers read. `program`: with which a shell runs this one.
std::string junit_report(const Results& results, const std::string& program);

}  // namespace heddle::harness

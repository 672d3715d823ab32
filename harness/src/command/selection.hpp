// What the arguments select of the checks and engines that there are.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "runner/runner.hpp"

namespace heddle::harness {

struct Selection {
    std::vector<Job> jobs;
    std::map<std::string, std::vector<std::string>> declined;  ///< by engine and reason: the checks
};

/// Errors: throws UsageError if there is nothing to check.
Selection select_jobs(const Arguments& arguments);
/// The same on the engine that visits every execution, if none is named.
std::vector<Job> select_exhaustive(Arguments arguments);

/// Errors: each throws UsageError that says what there is.
const engine::Engine& engine_named(std::string_view name);
const Check& check_named(const std::vector<Check>& checks, std::string_view name);
/// "exhaustive, relacy, threads"
std::string engine_names();

/// What --list shows: a line for each selected check, then the engines.
std::string list_text(const Arguments& arguments);
/// The same for programs: docs/list.schema.json says what is in it.
std::string list_json(const Arguments& arguments);

}  // namespace heddle::harness

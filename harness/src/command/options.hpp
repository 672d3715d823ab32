// The command line as CLI11 knows it: what it parses, explains in --help, in the manual page and to shells.
#pragma once

#include <memory>
#include <string>

#include "arguments.hpp"

namespace CLI {
class App;
}

namespace heddle::harness {

/// The options, which fill `arguments` when they are parsed; it must outlive them.
std::unique_ptr<CLI::App> command_line(Arguments& arguments);

/// What the exit statuses mean, a line each.
std::string exit_statuses();

/// The values that decide what a run checks, in a line: "filter 'Lock*', engines exhaustive, budget 60 s, 2 workers
/// (HEDDLE_WORKERS)". Those of the environment name their variable.
std::string settings(const CLI::App& app, const Arguments& arguments);

}  // namespace heddle::harness

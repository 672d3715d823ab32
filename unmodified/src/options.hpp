// What the command line, or the limits of an exploration, ask of this front end.
#pragma once

#include <string>

#include <heddle/unmodified.hpp>

namespace heddle::unmodified {

struct Options {
    bool strict_library = ExploreLimits{}.strict_library;
    bool time_outs = ExploreLimits{}.time_outs;
    bool weak_failures = ExploreLimits{}.weak_failures;
    unsigned spin = ExploreLimits{}.spin;

    /// Takes its own ones out of the arguments of a program. Errors: throws std::invalid_argument with what is wrong.
    void take(int& argc, char** argv);
    /// What `--help` says of them.
    static const char* help();
    /// What they bound, as a verdict has it.
    std::string bounds() const;
};

/// Those of the exploration that goes on. Set while no program runs.
extern Options options;

}  // namespace heddle::unmodified

// What the command line is asked for.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace heddle::harness {

struct NecessityArguments {
    bool is_asked_for = false;
    std::vector<std::string> sources;
    std::string markdown;
    std::string page;
};

struct Arguments {
    std::vector<std::string> filters;
    std::string engine;
    double budget_seconds = 60;
    unsigned workers = 1;
    bool fail_fast = false;
    bool verbose = false;
    std::string json;
    std::string junit;
    std::string sarif;
    std::string html;
    bool annotations = false;
    std::string replay;
    bool every_permutation = false;
    bool list = false;
    bool robust = false;
    std::string weaken;
    NecessityArguments necessity;
};

/// A mistake in the arguments: says what was given and what was expected.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace heddle::harness

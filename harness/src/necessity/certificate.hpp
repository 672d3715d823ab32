// For each operation in the source, what the checks say of how strong it must be.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source_text.hpp"
#include "trial.hpp"

namespace heddle::harness {

struct Certificate {
    std::vector<Trial> trials;  ///< one weakening each, ordered by place
    std::vector<Trial> pairs;   ///< two survivors each, where a check comes by both
    std::size_t pairs_left_out = 0;
    std::vector<SourceOperation> not_reached;
    std::vector<Verdict> red;           ///< of checks that do not hold as they are, and say nothing here
    std::vector<std::string> left_out;  ///< checks that take longer than the budget
    std::size_t operations = 0;         ///< that were looked at
    std::size_t witnesses = 0;
    double seconds = 0;

    /// The trials of one weakening that no check has noticed.
    std::vector<const Trial*> not_shown() const;
    /// Whether every operation was reached and is needed as it is.
    bool is_complete() const;
};

struct NecessityOptions {
    TrialOptions trial;
    std::vector<std::string>
        sources;  ///< directories or files: only what stands below them counts, and all of it; empty: all files
    std::function<void(std::string_view)> progress;  ///< a line of text now and then; may be empty
};

/// Requires: `jobs` has no broken twins. Errors: std::runtime_error if the checks perform nothing that can be weaker.
Certificate certify(const std::vector<Job>& jobs, const NecessityOptions& options);

}  // namespace heddle::harness

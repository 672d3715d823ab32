// Failures as pages for a browser: each one file that needs nothing else, and an index of them.
#pragma once

#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

#include "results.hpp"
#include "source_files.hpp"

namespace heddle::harness {

struct Page {
    std::string file;  ///< its name in the folder, safe in every file system and in a link
    std::string text;
};

/// Returns: index.html, then a page for each verdict that was not met. `program`: what to put in front of a replay token.
std::vector<Page> html_report(const Results& results, const SourceFiles& sources, const std::string& program);

}  // namespace heddle::harness

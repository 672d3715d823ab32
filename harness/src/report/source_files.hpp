// The sources that reports quote: a place names the end of a path, the same in every checkout; here it meets the files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/counterexample.hpp>

namespace heddle::harness {

/// The files below a root, by the ends of their paths. Hidden folders and build trees are no sources.
class SourceFiles {
  public:
    /// Looks for files when the first place is asked for, and not before.
    explicit SourceFiles(std::filesystem::path root) : root_(std::move(root)) {}

    /// The nearest folder above the working directory, or itself, that is under version control; otherwise itself.
    static std::filesystem::path usual_root();

    /// The one file that the place is in, as a path below the root; nothing if there is none, or more than one.
    std::optional<std::string> find(const engine::Place& place) const;
    /// The lines of the file that the place is in; none if it is not found.
    const std::vector<std::string>& lines(const engine::Place& place) const;
    /// The line that the place is on, without its indentation; nothing if the file is not found or has no such line.
    std::optional<std::string> line(const engine::Place& place) const;

  private:
    void look() const;

    std::filesystem::path root_;
    mutable bool looked_ = false;
    mutable std::multimap<std::string, std::string> by_name_;  // last component: path below the root
    mutable std::map<std::string, std::vector<std::string>> read_;
};

}  // namespace heddle::harness

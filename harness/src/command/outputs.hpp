// The files that a run writes for programs.
#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "report/results.hpp"
#include "report/source_files.hpp"

namespace heddle::harness {

/// A file that is whole or as it was before: written beside its place, and renamed when it is complete. What is no regular
/// file (a pipe, a device) is written in place.
class OutputFile {
  public:
    /// Errors: throws UsageError if nothing can be written there; `flag` is who asked for it.
    OutputFile(std::string path, std::string_view flag);
    /// Leaves nothing behind of a file that was not completed.
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Requires: called once. Errors: throws std::runtime_error that names the file.
    void write(const std::string& text);

  private:
    std::string path_;
    std::string written_;  // where the text goes before it is renamed
    std::ofstream file_;
};

/// All files that the arguments ask for, opened before the work begins so that a bad path costs no work.
class Outputs {
  public:
    /// Errors: as OutputFile. `sources` must outlive it.
    Outputs(const Arguments& arguments, const SourceFiles& sources);
    ~Outputs();

    /// Requires: called once. `program`: with which a shell runs this one. Errors: throws std::runtime_error that names what
    /// could not be written; the others are.
    void write(const Results& results, const std::string& program);

  private:
    struct Output;

    void write_pages(const Results& results, const std::string& program) const;

    const SourceFiles& sources_;
    std::vector<Output> outputs_;
    std::string pages_;  // the folder; empty: none is asked for
};

}  // namespace heddle::harness

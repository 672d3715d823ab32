// The line that shows on a terminal what goes on.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "forecast.hpp"
#include "runner/runner.hpp"
#include "terminal.hpp"

namespace heddle::harness {

/// One line, written over again and again; nothing where standard output is no terminal.
class ProgressLine {
  public:
    ProgressLine(const std::vector<Job>& jobs, const RunnerOptions& options, const Terminal& terminal);

    void started(std::size_t job);
    void progress(std::size_t job, const engine::Progress& progress);
    void finished(std::size_t job, const Verdict& verdict);
    /// Makes room for other text: the line comes back with the next event.
    void erase() const;

  private:
    Forecast::Seconds now() const { return std::chrono::steady_clock::now() - begin_; }
    void show() const;
    std::string text() const;

    const std::vector<Job>& jobs_;
    const Terminal& terminal_;
    Forecast forecast_;
    std::size_t failed_ = 0;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace heddle::harness

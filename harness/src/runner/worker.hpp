// A job that runs in a process of its own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include <heddle/harness/verdict.hpp>

#include "runner.hpp"

namespace heddle::harness {

/// A child process that leads a group: what the program under check starts belongs to it, and ends with it. It ends, too,
/// when this process does, however that happens.
class Worker {
  public:
    /// Begins the job with that number. Errors: throws std::system_error if there can be no more processes.
    Worker(const Job& job, std::size_t index, const RunnerOptions& options);

    int pipe() const { return pipe_; }
    std::size_t index() const { return index_; }

    /// Why a worker is ended that has no verdict.
    enum class Reason : std::uint8_t { interrupted, hangs, sleeps, stopped };

    /// Whether it has used up its time, or sleeps for ever; nothing if it has not.
    std::optional<Reason> overdue();

    /// Reads what has arrived. Returns: the verdict, once it is complete or the worker dead. What else holds the pipe, a
    /// process that the program under check has made, is not waited for.
    std::optional<Verdict> receive(const RunnerOptions& options);

    /// Returns: the verdict of a worker that is dead and has nothing more to say.
    std::optional<Verdict> bury();

    /// Ends it. Returns: what that says of the check if nobody asked for the end.
    Verdict kill(Reason reason);

  private:
    using Clock = std::chrono::steady_clock;
    using Seconds = std::chrono::duration<double>;

    void take_progress(const RunnerOptions& options);
    Seconds time_used() const;
    Verdict finish();
    std::optional<Verdict> reported() const;
    void describe_end(Verdict& verdict, int status) const;
    std::string how_it_ended(int status) const;

    Job job_;
    std::size_t index_;
    Seconds patience_;
    std::chrono::seconds longest_sleep_;
    Seconds used_{0};
    Clock::time_point used_at_ = Clock::now();  ///< when it had last used more
    std::optional<Reason> killed_;
    pid_t child_ = -1;
    int pipe_ = -1;
    std::string received_;
};

}  // namespace heddle::harness

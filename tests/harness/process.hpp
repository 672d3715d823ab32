// Programs as a shell starts them, and as a person at a terminal does.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace heddle::tests {

struct Ended {
    int status = -1;  ///< as a shell has it: of a signal, 128 more than its number
    std::string output;
};

/// Runs a command line of a shell to its end; the output has what it says on either stream.
Ended run(const std::string& program, const std::string& arguments);

std::string contents(const std::string& path);
/// A path of a file that is nobody else's, and not there.
std::string temporary(const std::string& name);

/// A program that runs, by its absolute path, with a terminal of its own if it is to have so many columns.
class Process {
  public:
    Process(const std::string& program, std::vector<std::string> arguments, unsigned short columns = 0);
    /// Ends it if it still runs.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Waits until it has said that. Returns: whether it did before it ended.
    bool says(const std::string& text);
    void signal(int number) const;
    /// What it has started, by their numbers.
    std::vector<pid_t> children() const;
    /// Waits for its end.
    Ended end();

  private:
    bool read_some();

    pid_t child_ = -1;
    int output_ = -1;
    std::string said_;
};

/// Whether a process of that number runs; one that only waits to be noticed does not. Waits a little for its end.
bool still_runs(pid_t process);

}  // namespace heddle::tests

#include "process.hpp"

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace heddle::tests {

namespace {

int shell_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

Ended run(const std::string& program, const std::string& arguments) {
    Ended result;
    FILE* const pipe = popen((program + ' ' + arguments + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return result;
    std::array<char, 4096> buffer;
    while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe)) {
        result.output.append(buffer.data(), count);
    }
    result.status = shell_status(pclose(pipe));
    return result;
}

std::string contents(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::string temporary(const std::string& name) {
    return (std::filesystem::temp_directory_path() / ("heddle-" + std::to_string(getpid()) + name)).string();
}

Process::Process(const std::string& program, std::vector<std::string> arguments, unsigned short columns) {
    int ends[2] = {-1, -1};
    winsize size{};
    size.ws_row = 24;
    size.ws_col = columns;
    if (columns != 0) child_ = forkpty(&output_, nullptr, nullptr, &size);
    else if (pipe2(ends, O_CLOEXEC) == 0) child_ = fork();
    if (child_ != 0) {
        if (columns == 0) close(ends[1]), output_ = ends[0];
        return;
    }
    if (columns == 0) dup2(ends[1], STDOUT_FILENO), dup2(ends[1], STDERR_FILENO);
    else setenv("TERM", "xterm", 1);
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    execv(program.c_str(), words.data());
    _exit(127);
}

Process::~Process() {
    if (child_ > 0) kill(child_, SIGKILL), waitpid(child_, nullptr, 0);
    close(output_);
}

bool Process::read_some() {
    std::array<char, 4096> buffer;
    const ssize_t count = read(output_, buffer.data(), buffer.size());
    if (count <= 0) return false;  // a terminal that nobody has open any more is an error
    said_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

bool Process::says(const std::string& text) {
    while (said_.find(text) == std::string::npos)
        if (!read_some()) return false;
    return true;
}

void Process::signal(int number) const { kill(child_, number); }

std::vector<pid_t> Process::children() const {
    const std::string number = std::to_string(child_);
    std::istringstream list(contents("/proc/" + number + "/task/" + number + "/children"));
    std::vector<pid_t> children;
    for (pid_t child = 0; list >> child;) children.push_back(child);
    return children;
}

Ended Process::end() {
    while (read_some()) continue;
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = -1;
    return {shell_status(status), said_};
}

bool still_runs(pid_t process) {
    for (int tries = 0; tries != 100; ++tries) {
        const std::string line = contents("/proc/" + std::to_string(process) + "/stat");
        if (line.empty() || line.find(") Z ") != std::string::npos) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

}  // namespace heddle::tests

#include "runner.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "asked.hpp"
#include "peak_memory.hpp"
#include "serial.hpp"

namespace heddle::harness {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// A budget is time on processors. A worker that has had none for so long sleeps, and will not wake.
constexpr std::chrono::seconds longest_sleep{60};

// After its budget a search ends with its next execution, and then looks for a simpler counterexample.
std::chrono::duration<double> patience(std::chrono::duration<double> budget) {
    constexpr int searches_for_a_simpler_one = 3;
    return budget + searches_for_a_simpler_one * engine::simplification_budget(budget) + std::chrono::seconds(5);
}
constexpr int poll_ms = 100;

// Lines from a worker: progress is two numbers, the verdict is JSON.
constexpr char progress_mark = '#';

void write_line(int pipe, const std::string& line) {
    const std::string text = line + '\n';
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t count = ::write(pipe, text.data() + done, text.size() - done);
        if (count <= 0) return;  // the parent is gone, and with it the reader of the verdict
        done += static_cast<std::size_t>(count);
    }
}

[[noreturn]] void work(const Job& job, engine::Limits options, int pipe) {
    // A process that the program under check makes goes on as if it were the worker; it has nothing to say.
    const auto end_any_other_process = [worker = ::getpid()] {
        if (::getpid() != worker) _exit(0);
    };
    options.progress = [pipe, end_any_other_process, next = Clock::now()](const engine::Progress& progress) mutable {
        if (Clock::now() < next) return;
        next = Clock::now() + std::chrono::milliseconds(500);
        end_any_other_process();
        write_line(pipe, progress_mark + std::to_string(progress.executions) + ' ' + std::to_string(progress.explored));
    };
    engine::OperationLog log;
    if (job.weakening != nullptr) options.weakening = job.weakening;
    if (job.asked.operations) options.log = &log;
    options.asks_robustness = job.asked.robustness;
    Verdict verdict = run_check(job.check, *job.engine, options);
    verdict.peak_bytes = peak_memory();
    verdict.operations = log.sites();
    nlohmann::json line = to_json(verdict);
    add_answers(line, verdict);
    end_any_other_process();
    std::fflush(nullptr);
    write_line(pipe, dump(line));
    _exit(0);  // threads of a hanging execution may still run
}

Verdict received_verdict(const nlohmann::json& line) {
    Verdict verdict = verdict_from_json(line);
    take_answers(line, verdict);
    return verdict;
}

/// A job that runs in a child process.
class Worker {
  public:
    Worker(const Job& job, std::size_t index, const engine::Limits& options)
        : job_(job), index_(index), patience_(patience(options.budget)) {
        int ends[2];
        if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
        std::fflush(nullptr);
        child_ = ::fork();
        if (child_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
        if (child_ == 0) {
            // All that this process has open, its report files among it, is none of the program's business.
            ::close_range(STDERR_FILENO + 1, static_cast<unsigned>(ends[1]) - 1, 0);
            ::close_range(static_cast<unsigned>(ends[1]) + 1, ~0U, 0);
            work(job, options, ends[1]);
        }
        ::close(ends[1]);
        pipe_ = ends[0];
    }
    Worker(Worker&& other) noexcept = default;
    Worker& operator=(Worker&&) = default;

    int pipe() const { return pipe_; }
    std::size_t index() const { return index_; }

    /// Whether it has used up its time, or sleeps for ever.
    bool overdue() {
        const Seconds used = time_used();
        if (used > patience_) return true;
        if (used != used_) {
            used_ = used;
            used_at_ = Clock::now();
        }
        return Clock::now() - used_at_ > longest_sleep;
    }

    /// Reads what has arrived. Returns: the verdict, once it is complete or the worker dead. What else holds the pipe, a
    /// process that the program under check has made, is not waited for.
    std::optional<Verdict> receive(const RunnerOptions& options) {
        char buffer[4096];
        const ssize_t count = ::read(pipe_, buffer, sizeof buffer);
        if (count <= 0) return finish();
        received_.append(buffer, static_cast<std::size_t>(count));
        take_progress(options);
        return received_.ends_with('\n') && !received_.starts_with(progress_mark) ? std::optional(finish())
                                                                                  : std::nullopt;
    }

    /// Returns: the verdict of a worker that is dead and has nothing more to say.
    std::optional<Verdict> bury() {
        siginfo_t ended{};
        if (::waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid == 0)
            return std::nullopt;
        pollfd left{pipe_, POLLIN, 0};
        if (::poll(&left, 1, 0) > 0) return std::nullopt;
        return finish();
    }

    Verdict kill() {
        ::kill(child_, SIGKILL);
        was_killed_ = true;
        return finish();
    }

  private:
    void take_progress(const RunnerOptions& options) {
        while (!received_.empty() && received_.front() == progress_mark) {
            const auto end = received_.find('\n');
            if (end == std::string::npos) return;
            char* rest = nullptr;
            engine::Progress progress;
            progress.executions = std::strtoull(received_.c_str() + 1, &rest, 10);
            progress.explored = std::strtod(rest, nullptr);
            if (options.progress) options.progress(job_, progress);
            received_.erase(0, end + 1);
        }
    }

    /// What the worker has had of processors.
    Seconds time_used() const {
        clockid_t clock{};
        timespec used{};
        if (::clock_getcpuclockid(child_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return used_;
        return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
    }

    Verdict finish() {
        ::close(pipe_);
        if (!was_killed_ && received_.ends_with('\n')) ::kill(child_, SIGKILL);  // it has said all
        int status = 0;
        ::waitpid(child_, &status, 0);
        if (auto verdict = reported()) return *verdict;
        Verdict verdict;
        verdict.name = job_.check.name;
        verdict.claim = job_.check.claim;
        verdict.engine = job_.engine->name();
        const engine::Limits limits{.search = job_.check.search};
        verdict.search = job_.engine->search(limits);
        verdict.bounds = job_.engine->bounds(job_.check.offer(*job_.engine).program, limits);
        verdict.expected = job_.check.expected;
        verdict.seconds = used_.count();
        describe_end(verdict, status);
        return verdict;
    }

    std::optional<Verdict> reported() const {
        if (!received_.starts_with('{')) return std::nullopt;
        try {
            return received_verdict(nlohmann::json::parse(received_));
        } catch (const std::exception&) {
            return std::nullopt;  // the program under check has written into the pipe, or cut it off
        }
    }

    /// What it means that a worker ended without a verdict. It does nothing but explore: unless heddle itself has crashed,
    /// that was the program under check.
    void describe_end(Verdict& verdict, int status) const {
        const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        const bool crashed =
            signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGABRT;
        verdict.outcome = engine::Outcome::harness_error;
        if (was_killed_) {
            verdict.message = "the worker did not end within its budget and was killed: a hang";
        } else if (crashed) {
            verdict.message = fmt::format("heddle crashed, not the program under check: {}", strsignal(signal));
        } else {
            verdict.outcome = engine::Outcome::failed;
            verdict.kind = engine::FailureKind::crash;
            verdict.executions = 1;  // the one that did it
            verdict.message = how_it_ended(status);
        }
    }

    /// What the program under check has done to its worker. Requires: it was that, and there is no verdict.
    std::string how_it_ended(int status) const {
        if (!received_.empty()) return "the program under check wrote into what the verdict is sent through";
        if (WIFSIGNALED(status))
            return fmt::format("the process of the program under check was killed: {}", strsignal(WTERMSIG(status)));
        return fmt::format(
            "the program under check ended its process, with status {}, or closed what the verdict is sent through",
            WEXITSTATUS(status));
    }

    Job job_;
    std::size_t index_;
    Seconds patience_;
    Seconds used_{0};
    Clock::time_point used_at_ = Clock::now();  ///< when it had last used more
    bool was_killed_ = false;
    pid_t child_ = -1;
    int pipe_ = -1;
    std::string received_;
};

}  // namespace

std::vector<Verdict> run_jobs(const std::vector<Job>& jobs, const RunnerOptions& options) {
    std::vector<Verdict> verdicts(jobs.size());
    std::vector<Worker> workers;
    std::size_t next = 0;
    while (next < jobs.size() || !workers.empty()) {
        while (next < jobs.size() && workers.size() < options.processes) {
            workers.emplace_back(jobs[next], next, options.explore);
            ++next;
        }
        std::vector<pollfd> pipes;
        for (const Worker& worker : workers) pipes.push_back({worker.pipe(), POLLIN, 0});
        ::poll(pipes.data(), pipes.size(), poll_ms);
        std::vector<Worker> running;
        for (std::size_t i = 0; i != workers.size(); ++i) {
            std::optional<Verdict> verdict;
            if (pipes[i].revents != 0) verdict = workers[i].receive(options);
            else if (workers[i].overdue()) verdict = workers[i].kill();
            else verdict = workers[i].bury();
            if (!verdict) {
                running.push_back(std::move(workers[i]));
                continue;
            }
            verdicts[workers[i].index()] = *verdict;
            if (options.finished) options.finished(*verdict);
        }
        workers = std::move(running);
    }
    return verdicts;
}

}  // namespace heddle::harness

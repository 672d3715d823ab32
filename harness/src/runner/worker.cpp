#include "worker.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <system_error>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "asked.hpp"
#include "peak_memory.hpp"
#include "serial.hpp"
#include "verdict_of.hpp"

namespace heddle::harness {

namespace {

using Clock = std::chrono::steady_clock;

// After its budget a search ends with its next execution, and then looks for a simpler counterexample.
std::chrono::duration<double> patience(std::chrono::duration<double> budget) {
    constexpr int searches_for_a_simpler_one = 3;
    return budget + searches_for_a_simpler_one * engine::simplification_budget(budget) + std::chrono::seconds(5);
}

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
    options.asks_passing = job.asked.passing;
    options.every_permutation = job.asked.every_permutation;
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

/// The group of the terminal is not the worker's: what Ctrl-C means is for its parent to say.
void lead_a_group_that_ends_with(pid_t parent) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) _exit(0);  // it was gone before it was asked about
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

Worker::Worker(const Job& job, std::size_t index, const RunnerOptions& options)
    : job_(job), index_(index), patience_(patience(options.explore.budget)), longest_sleep_(options.longest_sleep) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    child_ = ::fork();
    if (child_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child_ == 0) {
        lead_a_group_that_ends_with(parent);
        // All that this process has open, its report files among it, is none of the program's business.
        ::close_range(STDERR_FILENO + 1, static_cast<unsigned>(ends[1]) - 1, 0);
        ::close_range(static_cast<unsigned>(ends[1]) + 1, ~0U, 0);
        work(job, options.explore, ends[1]);
    }
    ::setpgid(child_, child_);  // whoever comes first
    ::close(ends[1]);
    pipe_ = ends[0];
}

std::optional<Worker::Reason> Worker::overdue() {
    const Seconds used = time_used();
    if (used > patience_) return Reason::hangs;
    if (used != used_) {
        used_ = used;
        used_at_ = Clock::now();
    }
    return Clock::now() - used_at_ > longest_sleep_ ? std::optional(Reason::sleeps) : std::nullopt;
}

std::optional<Verdict> Worker::receive(const RunnerOptions& options) {
    char buffer[4096];
    const ssize_t count = ::read(pipe_, buffer, sizeof buffer);
    if (count <= 0) return finish();
    received_.append(buffer, static_cast<std::size_t>(count));
    take_progress(options);
    return received_.ends_with('\n') && !received_.starts_with(progress_mark) ? std::optional(finish()) : std::nullopt;
}

std::optional<Verdict> Worker::bury() {
    siginfo_t ended{};
    if (::waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) != 0 ||
        ended.si_pid == 0)
        return std::nullopt;
    if (ended.si_code == CLD_STOPPED) return kill(Reason::stopped);
    pollfd left{pipe_, POLLIN, 0};
    if (::poll(&left, 1, 0) > 0) return std::nullopt;
    return finish();
}

Verdict Worker::kill(Reason reason) {
    killed_ = reason;
    return finish();
}

void Worker::take_progress(const RunnerOptions& options) {
    while (!received_.empty() && received_.front() == progress_mark) {
        const auto end = received_.find('\n');
        if (end == std::string::npos) return;
        char* rest = nullptr;
        engine::Progress progress;
        progress.executions = std::strtoull(received_.c_str() + 1, &rest, 10);
        progress.explored = std::strtod(rest, nullptr);
        if (options.progress) options.progress(index_, progress);
        received_.erase(0, end + 1);
    }
}

/// What the worker has had of processors.
Worker::Seconds Worker::time_used() const {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(child_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return used_;
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

Verdict Worker::finish() {
    ::close(pipe_);
    if (killed_ || received_.ends_with('\n')) ::kill(child_, SIGKILL);  // in the latter case it has said all
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOWAIT);
    ::kill(-child_, SIGKILL);  // what it has started; until it is waited for, the group's number is its own
    int status = 0;
    ::waitpid(child_, &status, 0);
    if (auto verdict = reported()) return *verdict;
    Verdict verdict = verdict_of(job_.check, *job_.engine, {.search = job_.check.search});
    verdict.seconds = used_.count();
    describe_end(verdict, status);
    return verdict;
}

std::optional<Verdict> Worker::reported() const {
    if (!received_.starts_with('{')) return std::nullopt;
    try {
        return received_verdict(nlohmann::json::parse(received_));
    } catch (const std::exception&) {
        return std::nullopt;  // the program under check has written into the pipe, or cut it off
    }
}

/// What it means that a worker ended without a verdict. It does nothing but explore: unless heddle itself has crashed,
/// that was the program under check.
void Worker::describe_end(Verdict& verdict, int status) const {
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    const bool crashed =
        signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGABRT;
    verdict.outcome = engine::Outcome::harness_error;
    if (killed_ == Reason::hangs || killed_ == Reason::interrupted) {
        verdict.message = "the worker did not end within its budget and was killed: a hang";
    } else if (killed_) {
        const bool sleeps = killed_ == Reason::sleeps;
        verdict.outcome = engine::Outcome::failed;
        verdict.kind = sleeps ? engine::FailureKind::deadlock : engine::FailureKind::crash;
        verdict.executions = 1;  // the one that did it
        verdict.message =
            sleeps ? fmt::format("the program under check has slept for {} s: it waits for what no engine sees",
                                 longest_sleep_.count())
                   : "the process of the program under check was stopped by a signal";
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
std::string Worker::how_it_ended(int status) const {
    if (!received_.empty()) return "the program under check wrote into what the verdict is sent through";
    if (WIFSIGNALED(status))
        return fmt::format("the process of the program under check was killed: {}", strsignal(WTERMSIG(status)));
    return fmt::format(
        "the program under check ended its process, with status {}, or closed what the verdict is sent through",
        WEXITSTATUS(status));
}

}  // namespace heddle::harness

#include "runner.hpp"

#include <poll.h>

#include <optional>
#include <utility>

#include <heddle/engine/debug_information.hpp>

#include "worker.hpp"

namespace heddle::harness {

namespace {

constexpr int poll_ms = 100;

/// The jobs of a run: those that wait, those that run and the verdicts of the others.
class Jobs {
  public:
    Jobs(const std::vector<Job>& jobs, const RunnerOptions& options)
        : jobs_(jobs), options_(options), verdicts_(jobs.size()) {}

    bool are_done() const { return next_ == jobs_.size() && workers_.empty(); }

    void begin() {
        for (; next_ != jobs_.size() && workers_.size() < options_.processes; ++next_) {
            if (failures_ > 1) engine::read_debug_information();  // not sooner: who has one failure has nothing of it
            if (options_.started) options_.started(next_);
            workers_.emplace_back(jobs_[next_], next_, options_);
        }
    }

    void look() {
        std::vector<pollfd> pipes;
        for (const Worker& worker : workers_) pipes.push_back({worker.pipe(), POLLIN, 0});
        ::poll(pipes.data(), pipes.size(), poll_ms);
        std::vector<Worker> running;
        for (std::size_t i = 0; i != workers_.size(); ++i) {
            std::optional<Verdict> verdict;
            if (pipes[i].revents != 0) verdict = workers_[i].receive(options_);
            else if (const auto reason = workers_[i].overdue()) verdict = workers_[i].kill(*reason);
            else verdict = workers_[i].bury();
            if (!verdict) {
                running.push_back(std::move(workers_[i]));
                continue;
            }
            failures_ += verdict->counterexample.has_value();
            if (options_.finished) options_.finished(workers_[i].index(), *verdict);
            verdicts_[workers_[i].index()] = std::move(verdict);
        }
        workers_ = std::move(running);
    }

    void kill() {
        for (Worker& worker : workers_) worker.kill(Worker::Reason::interrupted);
        workers_.clear();
    }

    /// Of those that ended, in the order of the jobs.
    std::vector<Verdict> verdicts() const {
        std::vector<Verdict> ended;
        for (const auto& verdict : verdicts_)
            if (verdict) ended.push_back(*verdict);
        return ended;
    }

  private:
    const std::vector<Job>& jobs_;
    const RunnerOptions& options_;
    std::vector<std::optional<Verdict>> verdicts_;
    std::vector<Worker> workers_;
    std::size_t next_ = 0;
    std::size_t failures_ = 0;
};

}  // namespace

std::vector<Verdict> run_jobs(const std::vector<Job>& jobs, const RunnerOptions& options) {
    Jobs run(jobs, options);
    while (!run.are_done()) {
        if (options.stops && options.stops()) {
            run.kill();
            break;
        }
        run.begin();
        run.look();
    }
    return run.verdicts();
}

}  // namespace heddle::harness

#include "trial.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>

#include "report/wording.hpp"

namespace heddle::harness {

using engine::FailureKind;
using engine::Outcome;

namespace {

/// A trial under way: it asks a few witnesses at a time, first the cheapest one alone, since most weakenings end there.
class Ongoing {
  public:
    Ongoing(Trial& trial, const std::vector<Witness>& witnesses) : trial_(trial), links_(trial.weaker.size()) {
        for (std::size_t n = 0; n != links_.size(); ++n) {
            links_[n] = trial.weaker[n].weakening;
            links_[n].only = &trial.weaker[n].site;
            links_[n].also = n == 0 ? nullptr : &links_[n - 1];
        }
        for (const Witness& witness : witnesses)
            if (std::all_of(trial.weaker.begin(), trial.weaker.end(),
                            [&](const WeakerOperation& weaker) { return witness.comes_by(weaker.site); }))
                left_.push_back(&witness);
    }
    Ongoing(const Ongoing&) = delete;
    Ongoing& operator=(const Ongoing&) = delete;

    bool is_over() const { return trial_.death || left_.empty(); }

    /// The next witnesses to ask.
    std::vector<Job> jobs() {
        std::vector<Job> jobs;
        const std::size_t count = std::min(at_once_, left_.size());
        for (std::size_t n = 0; n != count; ++n)
            jobs.push_back({.check = left_[n]->check, .engine = left_[n]->engine, .weakening = &links_.back()});
        at_once_ *= 2;
        return jobs;
    }

    /// What the next of those witnesses says.
    void take(const Verdict& verdict) {
        left_.pop_front();
        if (trial_.death) return;
        if (is_death(verdict)) trial_.death = verdict;
        else if (verdict.met()) trial_.passed.push_back(verdict.name);
        else trial_.undecided.push_back(fmt::format("{}: {}", verdict.name, found(verdict)));
    }

  private:
    /// A limit of the engine is no fault that the check has noticed.
    static bool is_death(const Verdict& verdict) {
        if (verdict.outcome != Outcome::failed && verdict.outcome != Outcome::misuse) return false;
        return verdict.kind && *verdict.kind != FailureKind::too_big && *verdict.kind != FailureKind::nondeterminism &&
               *verdict.kind != FailureKind::nothing_checked;
    }

    Trial& trial_;
    std::vector<engine::Weakening> links_;  // each points to the one before
    std::deque<const Witness*> left_;
    std::size_t at_once_ = 1;
};

}  // namespace

bool Witness::comes_by(const engine::OperationSite& site) const {
    return std::find(operations.begin(), operations.end(), site) != operations.end();
}

void run_trials(std::vector<Trial>& trials, const std::vector<Witness>& witnesses, const TrialOptions& options) {
    std::deque<Ongoing> ongoing;
    for (Trial& trial : trials) ongoing.emplace_back(trial, witnesses);
    const RunnerOptions runner{.explore = {.budget = options.budget}, .processes = options.processes};
    for (bool goes_on = true; goes_on;) {
        std::vector<Job> jobs;
        std::vector<Ongoing*> askers;
        for (Ongoing& one : ongoing) {
            if (one.is_over()) continue;
            for (Job& job : one.jobs()) {
                jobs.push_back(std::move(job));
                askers.push_back(&one);
            }
        }
        const std::vector<Verdict> verdicts = run_jobs(jobs, runner);
        for (std::size_t n = 0; n != verdicts.size(); ++n) askers[n]->take(verdicts[n]);
        goes_on = !jobs.empty();
    }
}

}  // namespace heddle::harness

#include "certificate.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace heddle::harness {

using engine::OperationSite;
using engine::Outcome;

namespace {

constexpr std::size_t most_pairs = 300;  // of survivors: each asks every check that comes by both

bool is_before(const OperationSite& a, const OperationSite& b) {
    return std::tie(a.place.file, a.place.line, a.kind) < std::tie(b.place.file, b.place.line, b.kind);
}

class Certifying {
  public:
    explicit Certifying(const NecessityOptions& options) : options_(options) {
        for (const std::string& path : options.sources) {
            const std::vector<std::string> files = sources_below(path);
            files_.insert(files_.end(), files.begin(), files.end());
        }
    }

    Certificate certify(const std::vector<Job>& jobs) {
        const auto start = std::chrono::steady_clock::now();
        find_witnesses(jobs);
        const std::vector<OperationSite> sites = all_sites();
        if (sites.empty())
            throw std::runtime_error("the checks perform no operation that could be weaker, or none in these sources");
        found_.operations = sites.size();
        found_.witnesses = witnesses_.size();
        try_weakenings(sites);
        try_pairs();
        find_unreached(sites);
        found_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return std::move(found_);
    }

  private:
    void say(const std::string& line) const {
        if (options_.progress) options_.progress(line);
    }

    /// Each check as it is: only one that holds can tell anything, and one that takes long does not come to an end below.
    void find_witnesses(std::vector<Job> jobs) {
        for (Job& job : jobs) job.asked.operations = true;
        say(fmt::format("{} checks as they are", jobs.size()));
        const RunnerOptions runner{.explore = {.budget = options_.trial.budget}, .processes = options_.trial.processes};
        const std::vector<Verdict> verdicts = run_jobs(jobs, runner);
        std::vector<std::pair<double, Witness>> holding;
        for (std::size_t n = 0; n != jobs.size(); ++n) {
            reached_.insert(reached_.end(), verdicts[n].operations.begin(), verdicts[n].operations.end());
            if (verdicts[n].met())
                holding.push_back({verdicts[n].seconds, {jobs[n].check, jobs[n].engine, verdicts[n].operations}});
            else if (verdicts[n].outcome == Outcome::budget_spent) found_.left_out.push_back(verdicts[n].name);
            else found_.red.push_back(verdicts[n]);
        }
        std::stable_sort(holding.begin(), holding.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (auto& [seconds, witness] : holding) witnesses_.push_back(std::move(witness));
    }

    /// Names the file of a site as it can be read here: a compiler may have been given a path that means nothing now. Returns:
    /// whether the site counts.
    bool find_source(OperationSite& site) const {
        if (files_.empty()) return true;
        const auto common_end = [&](const std::string& file) {
            return std::mismatch(file.rbegin(), file.rend(), site.source.rbegin(), site.source.rend()).first -
                   file.rbegin();
        };
        const auto best = std::max_element(files_.begin(), files_.end(),
                                           [&](const auto& a, const auto& b) { return common_end(a) < common_end(b); });
        if (!best->ends_with('/' + site.place.file)) return false;
        site.source = *best;
        return true;
    }

    /// What any check has come by, those that were left out included: what only they reach is not shown to be needed.
    std::vector<OperationSite> all_sites() const {
        std::vector<OperationSite> sites;
        for (OperationSite site : reached_)
            if (std::find(sites.begin(), sites.end(), site) == sites.end() && find_source(site)) sites.push_back(site);
        std::stable_sort(sites.begin(), sites.end(), is_before);
        return sites;
    }

    /// One step each, and from what survives that, one more.
    void try_weakenings(const std::vector<OperationSite>& sites) {
        std::vector<WeakerOperation> next;
        for (const OperationSite& site : sites)
            for (WeakerOperation& weaker : one_step_weaker(site)) next.push_back(std::move(weaker));
        while (!next.empty()) {
            say(fmt::format("{} weakenings of {} operations", next.size(), sites.size()));
            std::vector<Trial> trials(next.size());
            for (std::size_t n = 0; n != next.size(); ++n) trials[n].weaker = {next[n]};
            run_trials(trials, witnesses_, options_.trial);
            next.clear();
            for (const Trial& trial : trials)
                if (!trial.death) add_new(next, still_weaker(trial.weaker.front()));
            std::move(trials.begin(), trials.end(), std::back_inserter(found_.trials));
        }
        std::stable_sort(found_.trials.begin(), found_.trials.end(), [](const Trial& a, const Trial& b) {
            return is_before(a.weaker.front().site, b.weaker.front().site);
        });
    }

    /// Two ways lead from acq_rel to relaxed.
    static void add_new(std::vector<WeakerOperation>& list, const std::vector<WeakerOperation>& more) {
        for (const WeakerOperation& one : more) {
            const auto is_same = [&](const WeakerOperation& other) {
                return other.site == one.site && other.becomes == one.becomes;
            };
            if (std::none_of(list.begin(), list.end(), is_same)) list.push_back(one);
        }
    }

    /// Two orders may stand in for each other: either may go, but not both.
    void try_pairs() {
        const std::vector<const Trial*> survivors = found_.not_shown();
        std::vector<Trial> pairs;
        for (std::size_t a = 0; a != survivors.size(); ++a)
            for (std::size_t b = a + 1; b != survivors.size(); ++b) {
                const WeakerOperation& one = survivors[a]->weaker.front();
                const WeakerOperation& other = survivors[b]->weaker.front();
                const bool meet = std::any_of(witnesses_.begin(), witnesses_.end(), [&](const Witness& witness) {
                    return witness.comes_by(one.site) && witness.comes_by(other.site);
                });
                if (!meet || one.site == other.site) continue;
                if (pairs.size() == most_pairs) ++found_.pairs_left_out;
                else pairs.push_back({.weaker = {one, other}});
            }
        if (pairs.empty()) return;
        say(fmt::format("{} pairs of {} survivors", pairs.size(), survivors.size()));
        run_trials(pairs, witnesses_, options_.trial);
        found_.pairs = std::move(pairs);
    }

    void find_unreached(const std::vector<OperationSite>& sites) {
        std::map<std::string, std::vector<OperationSite>> by_file;
        for (const std::string& file : files_) by_file[file];
        for (const OperationSite& site : sites) by_file[site.source].push_back(site);
        for (const auto& [file, here] : by_file)
            for (const SourceOperation& operation : operations_in(read_source(file).value_or(""), file))
                if (std::none_of(here.begin(), here.end(), [&](const auto& site) { return operation.may_be(site); }))
                    found_.not_reached.push_back(operation);
    }

    const NecessityOptions& options_;
    std::vector<std::string> files_;  // that count; empty: all
    std::vector<Witness> witnesses_;
    std::vector<OperationSite> reached_;
    Certificate found_;
};

}  // namespace

std::vector<const Trial*> Certificate::not_shown() const {
    std::vector<const Trial*> found;
    for (const Trial& trial : trials)
        if (!trial.death) found.push_back(&trial);
    return found;
}

bool Certificate::is_complete() const { return not_shown().empty() && not_reached.empty() && red.empty(); }

Certificate certify(const std::vector<Job>& jobs, const NecessityOptions& options) {
    return Certifying(options).certify(jobs);
}

}  // namespace heddle::harness

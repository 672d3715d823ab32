#include "possible.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

using engine::Counterexample;
using engine::ObjectKind;
using engine::OperationKind;
using Step = Counterexample::Step;

namespace {

bool reads_atomic(const Step& step) { return step.kind == OperationKind::load || is_read_modify_write(step.kind); }

bool writes_atomic(const Step& step) {
    if (is_compare_exchange(step.kind)) return step.success;
    return step.kind == OperationKind::construct ||
           (step.kind >= OperationKind::store && step.kind <= OperationKind::fetch_xor);
}

/// The value that a step leaves, if it says it.
std::optional<std::string> written(const Step& step) {
    const bool computes = step.kind >= OperationKind::fetch_add && step.kind <= OperationKind::fetch_xor;
    return computes ? std::nullopt : std::optional(step.value);
}

class Inspection {
  public:
    explicit Inspection(const Counterexample& counterexample) : steps_(counterexample.steps) {
        for (const auto& object : counterexample.objects) kinds_.push_back(object.kind);
        for (std::size_t at = 0; at != steps_.size(); ++at) look_at(at);
    }

    std::vector<std::string> complaints;

  private:
    void complain(std::size_t at, const std::string& what) {
        complaints.push_back("step " + std::to_string(at) + " (of " + std::to_string(steps_.size()) + "): " + what);
    }

    void look_at(std::size_t at) {
        const Step& step = steps_[at];
        if (!step.object) return;
        const ObjectKind kind = kinds_[*step.object];
        const bool may_come_late = step.kind == OperationKind::wake;  // decision 15
        if (destroyed_[*step.object] && step.finished && !may_come_late)
            complain(at, "its object was destroyed before");
        if (step.kind == OperationKind::destroy && step.finished) destroyed_[*step.object] = true;
        if (step.reads_from && *step.reads_from >= at) complain(at, "reads from a later step");
        if (step.newer && *step.newer >= at) complain(at, "a later step is called newer");
        if (kind == ObjectKind::atomic && step.finished) look_at_atomic(at);
        if (kind == ObjectKind::mutex && step.finished) look_at_mutex(at);
        if (kind == ObjectKind::plain && step.finished) look_at_plain(at);
    }

    void look_at_atomic(std::size_t at) {
        const Step& step = steps_[at];
        const auto last = last_write_.find(*step.object);
        if (reads_atomic(step)) {
            if (!step.reads_from) return complain(at, "reads from nowhere");
            const Step& source = steps_[*step.reads_from];
            if (source.object != step.object || !writes_atomic(source))
                complain(at, "reads from what wrote nothing there");
            if (const auto value = written(source); value && *value != step.read)
                complain(at, "reads " + step.read + ", but its source wrote " + *value);
            const bool is_latest = last != last_write_.end() && last->second == *step.reads_from;
            if (is_latest && step.newer) complain(at, "is marked, but reads the latest write");
            if (!is_latest && !step.newer) complain(at, "reads an older write, and is not marked");
        }
        if (writes_atomic(step) && !step.newer) last_write_[*step.object] = at;
    }

    void look_at_mutex(std::size_t at) {
        const Step& step = steps_[at];
        const bool takes = step.kind == OperationKind::lock || step.kind == OperationKind::try_lock;
        bool& held = held_[*step.object];
        if (takes && step.success && held) complain(at, "takes a mutex that is held");
        if (takes && step.success) held = true;
        if (step.kind == OperationKind::unlock) held = false;
    }

    void look_at_plain(std::size_t at) {
        const Step& step = steps_[at];
        const auto last = last_value_.find(*step.object);
        if (step.kind == OperationKind::read && last != last_value_.end() && !last->second.empty() &&
            last->second != step.value)
            complain(at, "reads " + step.value + " where " + last->second + " was written");
        if (step.kind == OperationKind::write || step.kind == OperationKind::construct)
            last_value_[*step.object] = step.value;
    }

    const std::vector<Step>& steps_;
    std::vector<ObjectKind> kinds_;
    std::map<std::size_t, std::size_t> last_write_;  // by object: the step that wrote its latest value
    std::map<std::size_t, bool> held_;
    std::map<std::size_t, bool> destroyed_;
    std::map<std::size_t, std::string> last_value_;  // of plain data
};

}  // namespace

std::vector<std::string> hardships(const Counterexample& counterexample) {
    constexpr std::size_t most_columns = 100;
    constexpr std::size_t most_lines = 60;
    std::vector<std::string> complaints;
    std::istringstream text(describe(counterexample));
    std::size_t lines = 0;
    for (std::string line; std::getline(text, line); ++lines)
        if (line.size() > most_columns) complaints.push_back("too wide: " + line);
    if (lines > most_lines) complaints.push_back(std::to_string(lines) + " lines");
    return complaints;
}

std::vector<std::string> impossibilities(const Counterexample& counterexample) {
    return Inspection(counterexample).complaints;
}

}  // namespace heddle::harness

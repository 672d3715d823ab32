#include "taken_back.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace heddle::engine {

namespace {

using Step = Counterexample::Step;

bool reads(const Step& step) { return step.kind == OperationKind::load || is_read_modify_write(step.kind); }

bool writes(const Step& step) {
    if (is_compare_exchange(step.kind)) return step.success;
    return step.kind == OperationKind::construct || step.kind == OperationKind::store ||
           is_read_modify_write(step.kind);
}

/// The latest write to an object, and the last that has put its value back.
struct Latest {
    std::size_t write = 0;
    std::optional<std::size_t> put_back;
};

/// An addition says what it added, and not what it wrote.
bool may_have_written(const Step& step, const std::string& value) {
    const bool computes = step.kind >= OperationKind::fetch_add && step.kind <= OperationKind::fetch_xor;
    return computes || step.value == value;
}

}  // namespace

void link_taken_back(std::vector<Step>& steps) {
    std::map<std::size_t, Latest> latest;  // by object
    for (std::size_t at = 0; at != steps.size(); ++at) {
        Step& step = steps[at];
        if (!step.object || !step.finished) continue;
        const auto known = latest.find(*step.object);
        bool is_taken_back = false;
        if (reads(step) && known != latest.end()) {
            const std::size_t source = known->second.put_back.value_or(known->second.write);
            is_taken_back = !step.reads_from && may_have_written(steps[known->second.write], step.read);
            if (is_taken_back || step.reads_from == known->second.write) step.reads_from = source;
        }
        if (!writes(step) || step.newer) continue;
        if (is_taken_back) known->second.put_back = at;
        else latest[*step.object] = {at, {}};
    }
}

}  // namespace heddle::engine

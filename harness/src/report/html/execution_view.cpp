#include "execution_view.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "names.hpp"
#include "report/cause.hpp"
#include "report/ordering.hpp"
#include "report/rows.hpp"

namespace heddle::harness {

using engine::OperationKind;
using kainjow::mustache::data;
using nlohmann::json;
using Step = Trace::Step;

namespace {

/// Steps are numbered on a page as in the text; those that only construct are before the first.
std::string number_of(const Trace& trace, std::size_t step) {
    return step < trace.constructions() ? "0" : std::to_string(step - trace.constructions() + 1);
}

std::size_t lane_of(const Trace& trace, std::uint64_t thread) {
    const auto threads = trace.threads();
    return static_cast<std::size_t>(std::find(threads.begin(), threads.end(), thread) - threads.begin());
}

data text(const std::string& name, const std::string& value) { return {name, value}; }

/// What an addition wrote; "?" where the values are no numbers.
std::string sum_of(const Step& step) {
    long long read = 0;
    long long added = 0;
    const auto is_number = [](const std::string& text, long long& number) {
        return std::from_chars(text.data(), text.data() + text.size(), number).ptr == text.data() + text.size();
    };
    if (!step.finished || !is_number(step.read, read) || !is_number(step.value, added)) return "?";
    return std::to_string(step.kind == OperationKind::fetch_add ? read + added : read - added);
}

/// What a step shows of its object: what it wrote, or what it found there.
struct Seen {
    const char* kind;
    std::string value;
};

Seen seen_by(const Step& step) {
    switch (step.kind) {
        case OperationKind::construct:
        case OperationKind::store:
        case OperationKind::write:
            return {"writes", step.value};
        case OperationKind::load:
            return {step.newer ? "stale" : "reads", step.finished ? step.read : "?"};
        case OperationKind::read:
            return {"reads", step.value};
        case OperationKind::exchange:
            return {"writes", fmt::format("{} → {}", step.read, step.value)};
        case OperationKind::compare_exchange_strong:
        case OperationKind::compare_exchange_weak:
            if (step.success) return {"writes", fmt::format("{} → {}", step.read, step.value)};
            return {step.newer ? "stale" : "reads", step.read};
        case OperationKind::destroy:
            return {"writes", "destroyed"};
        case OperationKind::fetch_add:
        case OperationKind::fetch_sub:
            return {"writes", fmt::format("{} → {}", step.read, sum_of(step))};
        default:
            return {"does", std::string(step.kind == OperationKind::lock && !step.finished ? "waits" : "")};
    }
}

data chip(const Trace& trace, std::size_t at, const std::string& value, const char* kind) {
    data result = text("step", number_of(trace, at));
    result.set("kind", kind);
    result.set("value", value);
    result.set("thread", at < trace.constructions() ? "at first" : thread_name(trace.steps()[at].thread));
    return result;
}

constexpr std::size_t most_chips = 40;  // more is no overview

data chips_of(const Trace& trace, std::size_t object) {
    data chips{data::type::list};
    std::size_t count = 0;
    for (std::size_t at = 0; at != trace.steps().size() && count != most_chips; ++at) {
        const Step& step = trace.steps()[at];
        const bool is_made = step.kind == OperationKind::construct && step.value.empty();
        if (step.object != object || is_made) continue;
        Seen seen = seen_by(step);
        if (seen.value.empty()) seen.value = std::string(name_of(step.kind));
        chips << chip(trace, at, seen.value, seen.kind);
        ++count;
    }
    return chips;
}

/// Whether a thread is still in that row when nobody can go on.
bool never_ends(const Trace& trace, const Row& row) {
    const auto kind = trace.counterexample().kind;
    const bool is_stuck = kind == engine::FailureKind::deadlock || kind == engine::FailureKind::livelock;
    return is_stuck && !row.is_remark && !trace.steps()[row.last].finished;
}

const char* mark_of(const Trace& trace, const Row& row) {
    if (is_failure(trace, row) || never_ends(trace, row)) return "failure";
    if (row.is_remark) return "remark";
    return trace.steps()[row.first].newer ? "stale" : "plain";
}

/// The calls that led to a step, its own first.
std::string calls_of(const Step& step) {
    std::string text;
    for (const engine::Place& place : step.called) text += (text.empty() ? "" : ", called from ") + place_text(place);
    return text;
}

json edge(const Trace& trace, std::size_t from, std::size_t to, const char* kind, const std::string& label) {
    return {{"from", number_of(trace, from)}, {"to", number_of(trace, to)}, {"kind", kind}, {"text", label}};
}

/// Where a step's value comes from, and what it is ordered after by that: one edge if they are the same.
void add_source_of(json& edges, const Trace& trace, std::size_t at) {
    const Step& step = trace.steps()[at];
    const auto from = step.reads_from;
    const auto ordered = synchronizes_with(trace, at);
    if (ordered && *ordered >= trace.constructions())
        edges.push_back(edge(trace, *ordered, at, "orders",
                             fmt::format("{} happens before {}", trace.step_name(*ordered), trace.step_name(at))));
    if (!from || *from < trace.constructions() || (from == ordered && !step.newer)) return;
    edges.push_back(edge(trace, *from, at, step.newer ? "stale" : "reads",
                         fmt::format("{}", fmt::join(missing_order(trace, *from, at), "; "))));
}

}  // namespace

data lanes_view(const Trace& trace) {
    data lanes{data::type::list};
    for (const std::uint64_t thread : trace.threads()) {
        data lane = text("name", thread_name(thread));
        lane.set("lane", std::to_string(lane_of(trace, thread)));
        lanes << lane;
    }
    return lanes;
}

data rows_view(const Trace& trace, std::optional<std::size_t> differs) {
    data rows{data::type::list};
    for (const Row& row : folded_rows(trace)) {
        const Step& step = trace.steps()[row.first];
        const std::size_t lane = lane_of(trace, step.thread);
        data view = text("step", number_of(trace, row.first));
        view.set("last", number_of(trace, row.last));
        view.set("lane", std::to_string(lane));
        view.set("column", std::to_string(lane + 3));
        view.set("beside", std::to_string(lane + 2));  // where there is no column of places
        view.set("thread", thread_name(step.thread));
        view.set("object", trace.object_name(step));
        view.set("place", step.place.line == 0 || row.is_remark ? "" : place_text(step.place));
        if (step.called.size() > 1 && !row.is_remark) view.set("called", calls_of(step));
        view.set("text", row.text);
        const bool parts = differs && !row.is_remark && row.first <= *differs && *differs <= row.last;
        view.set("mark", std::string(mark_of(trace, row)) + (parts ? " differs" : ""));
        rows << view;
    }
    return rows;
}

data objects_view(const Trace& trace) {
    std::set<std::size_t> used;
    for (std::size_t at = trace.constructions(); at != trace.steps().size(); ++at)
        if (const Step& step = trace.steps()[at]; step.object && step.kind != OperationKind::destroy)
            used.insert(*step.object);
    data objects{data::type::list};
    for (const std::size_t object : used) {
        data view = text("name", trace.counterexample().objects[object].name);
        view.set("chips", chips_of(trace, object));
        objects << view;
    }
    return objects;
}

data sources_view(const Trace& trace, const SourceFiles& sources) {
    constexpr std::uint32_t around = 6;
    std::map<std::string, std::set<std::uint32_t>> shown;
    std::map<std::string, std::set<std::uint32_t>> used;
    for (const Step& step : trace.steps()) {
        if (!sources.line(step.place)) continue;
        used[step.place.file].insert(step.place.line);
        for (std::uint32_t line = step.place.line - std::min(around, step.place.line - 1);
             line <= step.place.line + around; ++line)
            if (line <= sources.lines(step.place).size()) shown[step.place.file].insert(line);
    }
    data files{data::type::list};
    for (const auto& [file, lines] : shown) {
        data views{data::type::list};
        std::uint32_t before = 0;
        for (const std::uint32_t line : lines) {
            data view = text("number", std::to_string(line));
            view.set("place", fmt::format("{}:{}", file, line));
            view.set("text", sources.lines({file, line})[line - 1]);
            view.set("used", used[file].contains(line) ? "used" : "");
            view.set("gap", before != 0 && line != before + 1 ? "gap" : "");
            views << view;
            before = line;
        }
        data view = text("file", file);
        view.set("lines", views);
        files << view;
    }
    return files;
}

std::string edges_json(const Trace& trace) {
    json edges = json::array();
    for (std::size_t at = trace.constructions(); at != trace.steps().size(); ++at) {
        add_source_of(edges, trace, at);
        const Step& step = trace.steps()[at];
        if (step.kind != OperationKind::spawn || !step.finished) continue;
        for (std::size_t later = at + 1; later != trace.steps().size(); ++later)
            if (trace.steps()[later].thread == step.gave) {
                edges.push_back(edge(trace, at, later, "orders", "a thread begins after it was started"));
                break;
            }
    }
    for (const std::uint64_t thread : trace.threads()) {
        const std::size_t last = *trace.last_step_of(thread);
        const auto holder = trace.steps()[last].finished ? std::nullopt : trace.holder_of(last);
        if (holder)
            edges.push_back(edge(trace, *holder, last, "held",
                                 fmt::format("{} holds what {} waits for", thread_name(trace.steps()[*holder].thread),
                                             thread_name(thread))));
    }
    const auto& found = trace.counterexample();
    const bool is_missing = found.other_step && found.thread && !comes_after_the_end(trace);
    if (is_missing && *found.other_step >= trace.constructions())
        edges.push_back(
            edge(trace, *found.other_step, *trace.last_step_of(*found.thread), "missing", "nothing orders these two"));
    return edges.dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace heddle::harness

#include "cause.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "names.hpp"
#include "ordering.hpp"
#include "unordered.hpp"

namespace heddle::harness {

using engine::Counterexample;
using engine::FailureKind;
using engine::OperationKind;
using Step = Counterexample::Step;
using Lines = std::vector<std::string>;

namespace {

/// How one step could have ordered the other one after it.
class Path {
  public:
    explicit Path(const Trace& trace) : trace_(trace), before_(trace.steps().size()) {}

    /// Looks for steps that lead from one to the other, in program order and from writes to their reads: those where least
    /// is missing.
    bool leads(std::size_t from, std::size_t to) {
        std::vector<std::optional<std::size_t>> missing(before_.size());
        missing[from] = 0;
        for (std::size_t at = from + 1; at <= to; ++at)
            for (std::size_t earlier = at; earlier-- != from;)
                if (missing[earlier] && follows(earlier, at)) {
                    const std::size_t here = *missing[earlier] + cost(earlier, at);
                    if (missing[at] && *missing[at] <= here) continue;
                    missing[at] = here;
                    before_[at] = earlier;
                }
        return missing[to].has_value();
    }

    /// Of the steps that were found: what keeps those that cross threads from ordering what comes before and after.
    Lines weak_links(std::size_t from, std::size_t to) const {
        Lines lines;
        for (std::size_t at = to; at != from; at = *before_[at]) {
            const Lines here = missing_order(trace_, *before_[at], at);
            lines.insert(lines.begin(), here.begin(), here.end());
        }
        return lines;
    }

  private:
    /// What is missing can be written, but not at a wake.
    std::size_t cost(std::size_t earlier, std::size_t at) const {
        constexpr std::size_t of_wake = 3;
        const bool wakes = trace_.steps()[earlier].kind == OperationKind::wake;
        return missing_order(trace_, earlier, at).size() * (wakes ? of_wake : 1);
    }

    bool follows(std::size_t earlier, std::size_t at) const {
        const Step& step = trace_.steps()[at];
        const Step& before = trace_.steps()[earlier];
        const bool is_started = before.kind == OperationKind::spawn && before.finished && before.gave == step.thread;
        return before.thread == step.thread || step.reads_from == earlier || is_started;
    }

    const Trace& trace_;
    std::vector<std::optional<std::size_t>> before_;
};

/// Whether the access is one to plain data or in which order an atomic one is; nothing of what makes or ends its object.
std::string manner(const Step& step) {
    switch (step.kind) {
        case OperationKind::read:
        case OperationKind::write:
            return " (plain)";
        case OperationKind::load:
        case OperationKind::store:
            return fmt::format(" (atomic, {})", name_of(step.order));
        default:
            return is_read_modify_write(step.kind) ? fmt::format(" (atomic, {})", name_of(step.order)) : "";
    }
}

std::string side(const Trace& trace, std::size_t at) {
    const Step& step = trace.steps()[at];
    return fmt::format("{:<9} {:<9} {}{}  in {}, at {}", thread_name(step.thread), verb_of(step.kind),
                       trace.object_name(step), manner(step), trace.step_name(at), place_text(step.place));
}

void add_place(Lines& lines, const Counterexample& found) {
    if (found.place.line != 0)
        lines.push_back(
            fmt::format("{}at {}", found.thread ? thread_name(*found.thread) + "  " : "", place_text(found.place)));
    else if (found.thread && found.kind != FailureKind::leak) lines.push_back("in " + thread_name(*found.thread));
}

void add_conflict(Lines& lines, const Trace& trace) {
    const auto& found = trace.counterexample();
    const auto last = found.thread ? trace.last_step_of(*found.thread) : std::nullopt;
    if (!last) return;
    if (!found.other_step && trace.steps()[*last].finished) return add_place(lines, found);  // it was no step
    if (found.other_step) lines.push_back(side(trace, *found.other_step));
    lines.push_back(side(trace, *last));
    if (!found.other_step || found.kind == FailureKind::double_free) return;
    Path path(trace);
    if (!path.leads(*found.other_step, *last)) {
        lines.push_back(nothing_waits(trace, *found.other_step, *last));
        return;
    }
    const Lines links = path.weak_links(*found.other_step, *last);
    lines.insert(lines.end(), links.begin(), links.end());
    if (!links.empty()) return;
    lines.push_back(comes_after_the_end(trace)
                        ? fmt::format("{} comes after {} in every order", trace.step_name(*last),
                                      trace.step_name(*found.other_step))
                        : "nothing orders the two: no release/acquire pair leads from one to the other");
}

/// Who waits for what: the last step of each thread, where it has not come back.
void add_waiters(Lines& lines, const Trace& trace) {
    for (const std::uint64_t thread : trace.threads()) {
        const std::size_t at = *trace.last_step_of(thread);
        const Step& step = trace.steps()[at];
        const std::string who = thread_name(thread);
        const std::string where = fmt::format("  at {}", place_text(step.place));
        if (step.finished) continue;
        if (step.kind == OperationKind::yield)
            lines.push_back(fmt::format("{} goes round in a loop and yields{}", who, where));
        if (step.kind == OperationKind::wait)
            lines.push_back(fmt::format("{} sleeps until {} is not {} and somebody wakes it{}", who,
                                        trace.object_name(step), step.expected, where));
        if (step.kind == OperationKind::sleep)
            lines.push_back(fmt::format("{} sleeps until {} is notified{}", who, trace.object_name(step), where));
        if (step.kind == OperationKind::lock) {
            const auto holder = trace.holder_of(at);
            lines.push_back(
                fmt::format("{} waits for {}{}{}", who, trace.object_name(step),
                            holder ? fmt::format(", which {} holds since {}",
                                                 thread_name(trace.steps()[*holder].thread), trace.step_name(*holder))
                                   : "",
                            where));
        }
    }
}

/// What a step of a loop finds there, and goes round because of it; empty if it is not that. A loop ends with what it looks
/// at, or with a yield.
std::string found_by(const Trace& trace, std::size_t at) {
    const Step& step = trace.steps()[at];
    const std::string object = trace.object_name(step);
    switch (step.kind) {
        case OperationKind::load:
        case OperationKind::exchange:
            return fmt::format("{} = {} each time", object, step.read);
        case OperationKind::compare_exchange_strong:
        case OperationKind::compare_exchange_weak:
            return step.success ? "" : fmt::format("{} = {} each time, and not {}", object, step.read, step.expected);
        case OperationKind::try_lock: {
            const auto holder = trace.holder_of(at);
            if (step.success || !holder) return "";
            return fmt::format("{} locked each time: {} holds it since {}", object,
                               thread_name(trace.steps()[*holder].thread), trace.step_name(*holder));
        }
        default:
            return "";
    }
}

/// What each thread that goes round in a loop finds there again and again. One that yields goes on when somebody writes.
void add_loops(Lines& lines, const Trace& trace) {
    if (trace.steps().empty()) return;
    const std::uint64_t last_thread = trace.counterexample().thread.value_or(trace.steps().back().thread);
    for (const std::uint64_t thread : trace.threads()) {
        const Step& last = trace.steps()[*trace.last_step_of(thread)];
        const bool yields = last.kind == OperationKind::yield;
        if (thread != last_thread && (!yields || last.finished)) continue;
        for (std::size_t at = trace.steps().size(); at-- != 0;) {
            const Step& step = trace.steps()[at];
            if (step.thread != thread || step.kind == OperationKind::yield || !step.object || !step.finished) continue;
            if (const std::string what = found_by(trace, at); !what.empty())
                lines.push_back(fmt::format("{} finds {}{}", thread_name(thread), what,
                                            yields && step.kind != OperationKind::try_lock
                                                ? ", and nobody is left to write anything else"
                                                : ""));
            break;
        }
    }
}

}  // namespace

std::string_view verb_of(OperationKind kind) {
    switch (kind) {
        case OperationKind::construct:
            return "makes";
        case OperationKind::read:
        case OperationKind::load:
            return "reads";
        case OperationKind::write:
        case OperationKind::store:
            return "writes";
        case OperationKind::destroy:
            return "destroys";
        default:
            return is_read_modify_write(kind) ? "changes" : "uses";
    }
}

bool comes_after_the_end(const Trace& trace) {
    const auto& found = trace.counterexample();
    const auto last = found.thread ? trace.last_step_of(*found.thread) : std::nullopt;
    if (!last || !found.other_step || trace.steps()[*found.other_step].kind != OperationKind::destroy) return false;
    Path path(trace);
    return path.leads(*found.other_step, *last) && path.weak_links(*found.other_step, *last).empty();
}

std::vector<std::string> cause(const Trace& trace) {
    const auto& found = trace.counterexample();
    Lines lines;
    switch (found.kind) {
        case FailureKind::data_race:
        case FailureKind::use_after_free:
            add_conflict(lines, trace);
            break;
        case FailureKind::deadlock:
            add_waiters(lines, trace);
            break;
        case FailureKind::livelock:
            add_waiters(lines, trace);
            add_loops(lines, trace);
            break;
        default:
            if (found.kind == FailureKind::double_free && found.other_step) add_conflict(lines, trace);
            else add_place(lines, found);
    }
    return lines;
}

std::string in_brief(const Trace& trace) {
    std::string text = trace.counterexample().message;
    for (const std::string& line : cause(trace)) text += '\n' + line;
    for (const std::string& line : trace.legend()) text += '\n' + line;
    return text;
}

std::string about_memory(const Trace& trace) {
    const Counterexample& found = trace.counterexample();
    if (found.kind == FailureKind::too_big) return "";  // no step of it is wrong
    constexpr std::size_t most_named = 6;
    std::vector<std::string> stale;
    for (std::size_t at = 0; at != trace.steps().size(); ++at)
        if (trace.steps()[at].newer) stale.push_back(trace.step_name(at));
    const std::size_t unnamed = stale.size() - std::min(stale.size(), most_named);
    stale.resize(stale.size() - unnamed);
    if (!stale.empty())
        return fmt::format("needs weak memory: no interleaving explains it without what is marked in {}{}",
                           fmt::join(stale, ", "), unnamed == 0 ? "" : fmt::format(" and {} more", unnamed));
    const bool is_about_orders = found.kind == FailureKind::data_race || found.kind == FailureKind::use_after_free;
    if (is_about_orders || trace.threads().size() < 2) return "";
    return "needs no weak memory: it is an interleaving of the threads";
}

}  // namespace heddle::harness

#include "trace.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "names.hpp"

namespace heddle::harness {

using engine::Counterexample;
using engine::OperationKind;
using engine::WaitOutcome;
using Part = Counterexample::Part;

std::string thread_name(std::uint64_t thread) {
    return thread == Counterexample::main_thread ? "main" : fmt::format("thread {}", thread);
}

bool takes_mutex(OperationKind kind) { return kind == OperationKind::lock || kind == OperationKind::try_lock; }

std::string place_text(const engine::Place& place) { return fmt::format("{}:{}", place.file, place.line); }

Trace::Trace(const Counterexample& counterexample) : counterexample_(counterexample) {
    const auto is_construction = [](const Step& step) {
        return step.thread == Counterexample::main_thread && step.kind == OperationKind::construct;
    };
    while (constructions_ != steps().size() && is_construction(steps()[constructions_])) ++constructions_;
}

std::string Trace::object_name(const Step& step) const {
    return step.object ? counterexample_.objects[*step.object].name : "";
}

std::string Trace::step_name(std::size_t step) const {
    return step < constructions_ ? "its construction" : fmt::format("step {}", step - constructions_ + 1);
}

std::optional<std::size_t> Trace::holder_of(std::size_t step) const {
    std::optional<std::size_t> holder;
    for (std::size_t at = 0; at != step; ++at) {
        const Step& other = steps()[at];
        if (other.object != steps()[step].object) continue;
        if (takes_mutex(other.kind) && other.finished && other.success) holder = at;
        if (other.kind == OperationKind::unlock) holder.reset();
    }
    return holder;
}

std::vector<std::size_t> Trace::woken_by(std::size_t step) const {
    std::vector<std::size_t> woken;
    for (std::size_t at = step + 1; at < steps().size(); ++at) {
        const bool goes_on = steps()[at].part == Part::goes_on || steps()[at].kind == OperationKind::sleep;
        if (goes_on && steps()[at].reads_from == step) woken.push_back(at);
    }
    return woken;
}

std::optional<std::size_t> Trace::last_step_of(std::uint64_t thread) const {
    for (std::size_t at = steps().size(); at-- != 0;)
        if (steps()[at].thread == thread) return at;
    return std::nullopt;
}

std::vector<std::uint64_t> Trace::threads() const {
    std::set<std::uint64_t> found;
    for (std::size_t at = constructions_; at != steps().size(); ++at) found.insert(steps()[at].thread + 1);  // main: 0
    std::vector<std::uint64_t> threads;
    threads.reserve(found.size());
    for (const std::uint64_t thread : found) threads.push_back(thread - 1);
    return threads;
}

namespace {

/// Whether a text has the name, and not that of a higher number.
bool names(std::string_view text, std::string_view name) {
    for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if (end == text.size() || text[end] < '0' || text[end] > '9') return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> Trace::legend() const {
    std::vector<std::string> lines;
    for (const auto& [name, text] : counterexample_.legend) {
        const bool is_used = std::any_of(steps().begin(), steps().end(), [this, &name = name](const Step& step) {
            return names(object_name(step), name) || names(step.value, name) || names(step.expected, name) ||
                   names(step.read, name);
        });
        const bool is_said = counterexample_.message.find(text) != std::string::npos;
        if (is_used && !is_said) lines.push_back(fmt::format("{}: {}", name, text));
    }
    return lines;
}

/// Where what a step has read comes from.
std::string Trace::source(const Step& step) const {
    std::string text;
    if (step.reads_from) {
        text = *step.reads_from < constructions_ ? ", the first value" : ", from " + step_name(*step.reads_from);
    }
    if (step.newer) text += fmt::format("; STALE: {} is newer", step_name(*step.newer));
    return text;
}

/// What a step has read, and where that comes from.
std::string Trace::result(const Step& step) const {
    return step.finished ? fmt::format(" = {}{}", step.read, source(step)) : "";
}

std::string Trace::memory_action(const Step& step) const {
    const std::string object = object_name(step);
    const auto order = name_of(step.order);
    const std::string is_value = step.value.empty() ? "" : " = " + step.value;
    switch (step.kind) {
        case OperationKind::construct:
            return fmt::format("makes {}{}", object, is_value);
        case OperationKind::load:
            return fmt::format("{}.load({}){}", object, order, result(step));
        case OperationKind::store:
            return fmt::format("{}.store({}, {}){}", object, step.value, order,
                               step.newer ? fmt::format("; LATE: {} is newer", step_name(*step.newer)) : "");
        case OperationKind::compare_exchange_strong:
        case OperationKind::compare_exchange_weak: {
            const bool without_cause = !step.success && step.read == step.expected;
            const std::string end = step.success    ? " succeeds" + source(step)
                                    : without_cause ? " fails without cause"
                                                    : " fails: it is " + step.read + source(step);
            return fmt::format("{}.{}({} -> {}, {}){}", object, name_of(step.kind), step.expected, step.value, order,
                               step.finished ? end : "");
        }
        case OperationKind::fence:
            return fmt::format("fence({})", order);
        case OperationKind::read:
            return fmt::format("reads {}{}", object, is_value);
        case OperationKind::write:
            return fmt::format("writes {}{}", object, is_value);
        case OperationKind::destroy:
            return fmt::format("destroys {}", object);
        default:
            return fmt::format("{}.{}({}, {}){}", object, name_of(step.kind), step.value, order, result(step));
    }
}

/// How a wait came back. `by`: what the other thread has done to it.
std::string Trace::waited(const Step& step, const char* by) const {
    switch (static_cast<WaitOutcome>(step.gave)) {
        case WaitOutcome::woken:
            return step.reads_from ? fmt::format("is {} by {}", by, step_name(*step.reads_from))
                                   : "goes on without cause";
        case WaitOutcome::changed:
            return "does not sleep: the value is another" + source(step);
        case WaitOutcome::timed_out:
            break;
    }
    return "times out";
}

std::string Trace::let_go(std::size_t at, const std::string& call) const {
    const auto woken = woken_by(at);
    std::string whom;
    for (const std::size_t other : woken)
        whom += fmt::format("{}{}", whom.empty() ? " wakes " : ", ", thread_name(steps()[other].thread));
    const std::uint64_t unseen = steps()[at].gave - std::min<std::uint64_t>(steps()[at].gave, woken.size());
    if (unseen != 0) whom += fmt::format("{}{} that did not go on yet", whom.empty() ? " wakes " : " and ", unseen);
    return call + (whom.empty() ? " finds nobody asleep" : whom);
}

std::string Trace::waiting_action(std::size_t at) const {
    const Step& step = steps()[at];
    const std::string object = object_name(step);
    const char* const timed = step.has_deadline ? "timed" : "";
    switch (step.kind) {
        case OperationKind::wait: {
            const std::string call =
                fmt::format("wait({} == {}{}) ", object, step.expected, step.has_deadline ? ", timed" : "");
            if (step.part == Part::falls_asleep) return call + "sleeps" + (step.finished ? "" : ", for ever");
            return step.finished ? call + waited(step, "woken") : call;
        }
        case OperationKind::wake:
            return let_go(at, fmt::format("wake_{}({})", step.asked == 1 ? "one" : "all", object));
        case OperationKind::notify:
            return let_go(at, fmt::format("{}.notify_{}()", object, step.asked == 1 ? "one" : "all"));
        case OperationKind::enlist:
            return fmt::format("{}.wait({}) begins", object, timed);
        case OperationKind::sleep:
            return fmt::format("{}.wait({}) {}", object, timed,
                               step.finished ? waited(step, "notified") : "is never notified");
        case OperationKind::unlock:
            return object + ".unlock()";
        default: {
            std::string call = fmt::format("{}.{}({})", object, name_of(step.kind), timed);
            if (step.finished && step.success) return call;
            const auto holder = holder_of(at);
            const std::string who =
                holder ? fmt::format(": {} holds it since {}", thread_name(steps()[*holder].thread), step_name(*holder))
                       : "";
            if (step.finished) return call + (step.kind == OperationKind::lock ? " times out" : " fails") + who;
            return call + " waits" + who;
        }
    }
}

std::string Trace::action(std::size_t at) const {
    const Step& step = steps()[at];
    if (step.kind == OperationKind::spawn)
        return step.finished ? fmt::format("starts thread {}", step.gave) : "starts a thread";
    if (step.kind == OperationKind::yield) return step.finished ? "yields" : "yields, for ever";
    const bool waits = step.kind == OperationKind::wait || step.kind == OperationKind::wake ||
                       (step.kind >= OperationKind::lock && step.kind <= OperationKind::notify);
    return waits ? waiting_action(at) : memory_action(step);
}

}  // namespace heddle::harness

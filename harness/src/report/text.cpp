// Failing executions as text that a person can follow.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include "names.hpp"
#include "report.hpp"
#include "wording.hpp"

namespace heddle::harness {

using engine::Counterexample;
using engine::FailureKind;
using engine::OperationKind;
using engine::Place;
using engine::WaitOutcome;
using Step = Counterexample::Step;

namespace {

constexpr std::size_t most_steps_shown = 200;  // a screenful or three; a longer execution hides the point

std::string place(const Place& place) { return fmt::format("{}:{}", place.file, place.line); }

std::string wait_outcome(const Step& step) {
    if (!step.finished) return "sleeps";
    switch (static_cast<WaitOutcome>(step.gave)) {
        case WaitOutcome::woken:
            return "was woken";
        case WaitOutcome::changed:
            return "did not sleep: the value had changed";
        case WaitOutcome::timed_out:
            return "timed out";
    }
    return "?";
}

// The step in words, the object included.
std::string action(const Counterexample& counterexample, const Step& step) {
    const std::string object = step.object ? counterexample.objects[*step.object].name : "";
    const auto order = name_of(step.order);
    const std::string read = step.finished ? step.read : "?";
    switch (step.kind) {
        case OperationKind::load:
            return fmt::format("{}.load({}) = {}{}", object, order, read, step.stale ? "  (stale)" : "");
        case OperationKind::store:
            return fmt::format("{}.store({}, {})", object, step.value, order);
        case OperationKind::exchange:
        case OperationKind::fetch_add:
        case OperationKind::fetch_sub:
        case OperationKind::fetch_and:
        case OperationKind::fetch_or:
        case OperationKind::fetch_xor:
            return fmt::format("{}.{}({}, {}) = {}", object, name_of(step.kind), step.value, order, read);
        case OperationKind::compare_exchange_strong:
        case OperationKind::compare_exchange_weak:
            return fmt::format("{}.{}({} -> {}, {}) {}", object, name_of(step.kind), step.expected, step.value, order,
                               step.success ? std::string("stored") : "found " + read);
        case OperationKind::fence:
            return fmt::format("fence({})", order);
        case OperationKind::read:
            return fmt::format("reads {}", object);
        case OperationKind::write:
            return fmt::format("writes {}", object);
        case OperationKind::destroy:
            return fmt::format("destroys {}", object);
        case OperationKind::wait:
            return fmt::format("wait({} == {}{}) {}", object, step.expected, step.has_deadline ? ", timed" : "",
                               wait_outcome(step));
        case OperationKind::wake:
            return fmt::format("wake_{}({}) woke {}", step.asked == 1 ? "one" : "all", object, step.gave);
        case OperationKind::spawn:
            return fmt::format("starts thread {}", step.gave);
        case OperationKind::yield:
            return "yields";
        case OperationKind::lock:
            return fmt::format("{}.lock({}){}", object, step.has_deadline ? "timed" : "",
                               !step.finished ? " waits"
                               : step.success ? ""
                                              : " timed out");
        case OperationKind::try_lock:
            return fmt::format("{}.try_lock() {}", object, step.success ? "took it" : "found it locked");
        case OperationKind::unlock:
            return fmt::format("{}.unlock()", object);
        case OperationKind::enlist:
            return fmt::format("{}: begins to wait", object);
        case OperationKind::sleep:
            return fmt::format("{}.wait({}) {}", object, step.has_deadline ? "timed" : "", wait_outcome(step));
        case OperationKind::notify:
            return fmt::format("{}.notify_{}() chose {}", object, step.asked == 1 ? "one" : "all", step.gave);
    }
    return "?";
}

bool conflicts(const Step& step, const Counterexample& counterexample) {
    if (step.object != counterexample.object || step.thread != counterexample.other_thread) return false;
    const auto kind = step.kind;
    return kind == OperationKind::read || kind == OperationKind::write || kind == OperationKind::destroy;
}

std::string_view past_verb(OperationKind kind) {
    return kind == OperationKind::read ? "read" : kind == OperationKind::write ? "wrote" : "destroyed";
}
std::string_view present_verb(OperationKind kind) {
    return kind == OperationKind::read ? "reads" : kind == OperationKind::write ? "writes" : "destroys";
}

// Both accesses of a race, and what is missing between them.
void describe_race(std::string& text, const Counterexample& counterexample) {
    const auto& steps = counterexample.steps;
    if (steps.empty() || !counterexample.object) return;
    const Step& now = steps.back();
    const auto other = std::find_if(steps.rbegin() + 1, steps.rend(),
                                    [&](const Step& step) { return conflicts(step, counterexample); });
    auto out = std::back_inserter(text);
    fmt::format_to(out, "    thread {} {:<9} {}  at {}\n", now.thread, present_verb(now.kind),
                   counterexample.objects[*counterexample.object].name, place(now.place));
    if (other == steps.rend()) return;
    fmt::format_to(out, "    thread {} {:<9} {}  at {}\n", other->thread, past_verb(other->kind),
                   counterexample.objects[*counterexample.object].name, place(other->place));
    fmt::format_to(out, "    nothing orders the two: no release/acquire pair leads from one to the other\n");
}

// What has to happen to an object that a thread waits for; empty if the step does not wait.
std::string_view awaited(OperationKind kind) {
    if (kind == OperationKind::wait) return "to change";
    if (kind == OperationKind::lock) return "to be unlocked";
    return kind == OperationKind::sleep ? "to be notified" : "";
}

// Who waits for what: the last step of each thread, where it is a wait that has not come back.
void describe_waiters(std::string& text, const Counterexample& counterexample) {
    std::map<std::uint64_t, const Step*> last;
    for (const Step& step : counterexample.steps) last[step.thread] = &step;
    for (const auto& [thread, step] : last) {
        const std::string_view event = awaited(step->kind);
        if (step->kind == OperationKind::yield && !step->finished)
            fmt::format_to(std::back_inserter(text), "    thread {} spins  at {}\n", thread, place(step->place));
        if (event.empty() || step->finished) continue;
        fmt::format_to(std::back_inserter(text), "    thread {} waits for {} {}  at {}\n", thread,
                       counterexample.objects[*step->object].name, event, place(step->place));
    }
}

}  // namespace

std::string describe(const Counterexample& counterexample) {
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out, "  {}: {}\n", engine::to_string(counterexample.kind), counterexample.message);
    const bool has_place = counterexample.place.line != 0 && counterexample.kind != FailureKind::data_race &&
                           counterexample.kind != FailureKind::deadlock;
    if (has_place && counterexample.thread) {
        fmt::format_to(out, "    thread {}  at {}\n", *counterexample.thread, place(counterexample.place));
    } else if (has_place) {
        fmt::format_to(out, "    at {}\n", place(counterexample.place));
    }
    if (counterexample.kind == FailureKind::data_race) describe_race(text, counterexample);
    if (counterexample.kind == FailureKind::deadlock || counterexample.kind == FailureKind::livelock)
        describe_waiters(text, counterexample);

    const auto& steps = counterexample.steps;
    const std::size_t hidden = steps.size() > most_steps_shown ? steps.size() - most_steps_shown : 0;
    fmt::format_to(out, "  the execution, step by step:\n");
    if (hidden != 0) fmt::format_to(out, "    ... the first {} steps are left out\n", hidden);
    for (std::size_t i = hidden; i != steps.size(); ++i) {
        fmt::format_to(out, "    {:>3}  thread {}  {:<62} {}\n", i + 1, steps[i].thread,
                       action(counterexample, steps[i]), place(steps[i].place));
    }
    return text;
}

std::string explanation(const Verdict& verdict, const std::string& replay_command) {
    if (verdict.met()) return "";
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out, "\nFAILED  {}  ({}, {})\n", verdict.name, verdict.engine, verdict.search);
    if (verdict.expected) {
        fmt::format_to(out, "  this is a broken twin: it must fail with {}, but it was {}\n",
                       engine::to_string(*verdict.expected), found(verdict));
    }
    fmt::format_to(out, "  claim: {}\n", verdict.claim);
    if (!verdict.counterexample) {
        fmt::format_to(out, "  {}{}{}\n", found(verdict), verdict.message.empty() ? "" : ": ", verdict.message);
    } else {
        text += describe(*verdict.counterexample);
    }
    if (!replay_command.empty()) fmt::format_to(out, "  run it again:  {}\n", replay_command);
    return text;
}

}  // namespace heddle::harness

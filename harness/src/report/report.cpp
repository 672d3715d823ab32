// Failing executions as text that a person can follow.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include <heddle/platform/platform.hpp>

#include "execution/execution.hpp"

namespace heddle::checker {

namespace {

constexpr std::size_t most_steps_shown = 200;  // a screenful or three; a longer execution hides the point

// A path that is the same in every checkout: what follows `include/`, otherwise the last two components.
std::string place(const Site& site) {
    std::string_view path = site.file_name();
    constexpr std::string_view include = "/include/";
    if (const auto found = path.rfind(include); found != std::string_view::npos) {
        path.remove_prefix(found + include.size());
    } else if (const auto last = path.rfind('/'); last != std::string_view::npos && last != 0) {
        const auto before = path.rfind('/', last - 1);
        if (before != std::string_view::npos) path.remove_prefix(before + 1);
    }
    return fmt::format("{}:{}", path, site.line());
}

std::string_view order_name(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed:
            return "relaxed";
        case std::memory_order_consume:
            return "consume";
        case std::memory_order_acquire:
            return "acquire";
        case std::memory_order_release:
            return "release";
        case std::memory_order_acq_rel:
            return "acq_rel";
        case std::memory_order_seq_cst:
            return "seq_cst";
    }
    return "?";
}

std::string_view modification_name(OperationKind kind) {
    switch (kind) {
        case OperationKind::exchange:
            return "exchange";
        case OperationKind::fetch_add:
            return "fetch_add";
        case OperationKind::fetch_sub:
            return "fetch_sub";
        case OperationKind::fetch_and:
            return "fetch_and";
        case OperationKind::fetch_or:
            return "fetch_or";
        case OperationKind::fetch_xor:
            return "fetch_xor";
        case OperationKind::compare_exchange_weak:
            return "compare_exchange_weak";
        case OperationKind::compare_exchange_strong:
            return "compare_exchange_strong";
        default:
            return "?";
    }
}

std::string wait_outcome(const Step& step) {
    if (!step.finished) return "sleeps";
    switch (static_cast<WaitResult>(step.result.value)) {
        case WaitResult::woken:
            return "was woken";
        case WaitResult::changed:
            return "did not sleep: the value had changed";
        case WaitResult::timed_out:
            return "timed out";
    }
    return "?";
}

// The step in words, the object included.
std::string action(const Execution& execution, const Step& step) {
    const Operation& op = step.operation;
    const std::string object = op.object != nullptr ? name_of(execution, *op.object) : "";
    const auto show = [&](std::uint64_t bits) {
        return op.object != nullptr && op.object->show != nullptr ? op.object->show(bits) : std::to_string(bits);
    };
    const auto order = order_name(op.order);
    const std::string read = step.finished ? show(step.result.value) : "?";
    switch (op.kind) {
        case OperationKind::load:
            return fmt::format("{}.load({}) = {}{}", object, order, read, step.stale ? "  (stale)" : "");
        case OperationKind::store:
            return fmt::format("{}.store({}, {})", object, show(op.value), order);
        case OperationKind::exchange:
        case OperationKind::fetch_add:
        case OperationKind::fetch_sub:
        case OperationKind::fetch_and:
        case OperationKind::fetch_or:
        case OperationKind::fetch_xor:
            return fmt::format("{}.{}({}, {}) = {}", object, modification_name(op.kind), show(op.value), order, read);
        case OperationKind::compare_exchange_strong:
        case OperationKind::compare_exchange_weak:
            return fmt::format("{}.{}({} -> {}, {}) {}", object, modification_name(op.kind), show(op.expected),
                               show(op.value), order, step.result.success ? std::string("stored") : "found " + read);
        case OperationKind::fence:
            return fmt::format("fence({})", order);
        case OperationKind::read:
            return fmt::format("reads {}", object);
        case OperationKind::write:
            return fmt::format("writes {}", object);
        case OperationKind::destroy:
            return fmt::format("destroys {}", object);
        case OperationKind::wait:
            return fmt::format("wait({} == {}{}) {}", object, show(op.expected),
                               op.deadline.is_never() ? "" : ", timed", wait_outcome(step));
        case OperationKind::wake:
            return fmt::format("wake_{}({}) woke {}", op.value == 1 ? "one" : "all", object, step.result.value);
        case OperationKind::spawn:
            return fmt::format("starts thread {}", step.result.value);
        case OperationKind::yield:
            return "yields";
        case OperationKind::lock:
            return fmt::format("{}.lock({}){}", object, op.deadline.is_never() ? "" : "timed",
                               !step.finished        ? " waits"
                               : step.result.success ? ""
                                                     : " timed out");
        case OperationKind::try_lock:
            return fmt::format("{}.try_lock() {}", object, step.result.success ? "took it" : "found it locked");
        case OperationKind::unlock:
            return fmt::format("{}.unlock()", object);
        case OperationKind::enlist:
            return fmt::format("{}: begins to wait", object);
        case OperationKind::sleep:
            return fmt::format("{}.wait({}) {}", object, op.deadline.is_never() ? "" : "timed", wait_outcome(step));
        case OperationKind::notify:
            return fmt::format("{}.notify_{}() chose {}", object, op.value == 1 ? "one" : "all", step.result.value);
    }
    return "?";
}

bool conflicts(const Step& step, const Failure& failure) {
    if (step.operation.object != failure.object || step.thread != failure.other_thread) return false;
    const auto kind = step.operation.kind;
    return kind == OperationKind::read || kind == OperationKind::write || kind == OperationKind::destroy;
}

std::string_view past_verb(OperationKind kind) {
    return kind == OperationKind::read ? "read" : kind == OperationKind::write ? "wrote" : "destroyed";
}
std::string_view present_verb(OperationKind kind) {
    return kind == OperationKind::read ? "reads" : kind == OperationKind::write ? "writes" : "destroys";
}

// Both accesses of a race, and what is missing between them.
void describe_race(std::string& text, const Execution& execution, const Failure& failure) {
    const auto& steps = execution.steps();
    if (steps.empty() || failure.object == nullptr) return;
    const Step& now = steps.back();
    const auto other =
        std::find_if(steps.rbegin() + 1, steps.rend(), [&](const Step& step) { return conflicts(step, failure); });
    auto out = std::back_inserter(text);
    fmt::format_to(out, "    thread {} {:<9} {}  at {}\n", now.thread, present_verb(now.operation.kind),
                   name_of(execution, *failure.object), place(now.operation.site));
    if (other == steps.rend()) return;
    fmt::format_to(out, "    thread {} {:<9} {}  at {}\n", other->thread, past_verb(other->operation.kind),
                   name_of(execution, *failure.object), place(other->operation.site));
    fmt::format_to(out, "    nothing orders the two: no release/acquire pair leads from one to the other\n");
}

// What has to happen to an object that a thread waits for; empty if the step does not wait.
std::string_view awaited(OperationKind kind) {
    if (kind == OperationKind::wait) return "to change";
    if (kind == OperationKind::lock) return "to be unlocked";
    return kind == OperationKind::sleep ? "to be notified" : "";
}

// Who waits for what: the last step of each thread, where it is a wait that has not come back.
void describe_waiters(std::string& text, const Execution& execution) {
    std::map<std::uint64_t, const Step*> last;
    for (const Step& step : execution.steps()) last[step.thread] = &step;
    for (const auto& [thread, step] : last) {
        const std::string_view event = awaited(step->operation.kind);
        if (step->operation.kind == OperationKind::yield && !step->finished)
            fmt::format_to(std::back_inserter(text), "    thread {} spins  at {}\n", thread,
                           place(step->operation.site));
        if (event.empty() || step->finished) continue;
        fmt::format_to(std::back_inserter(text), "    thread {} waits for {} {}  at {}\n", thread,
                       name_of(execution, *step->operation.object), event, place(step->operation.site));
    }
}

}  // namespace

std::string name_of(const Execution& execution, const Object& object) {
    if (object.name == nullptr) return fmt::format("[{}, made at {}]", object.id, place(object.created));
    if (execution.instances_of(object) <= 1) return object.name;
    return fmt::format("{}#{}", object.name, object.instance);
}

std::string describe(const Execution& execution, const Failure& failure) {
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out, "  {}: {}\n", to_string(failure.kind), failure.message);
    const bool has_place =
        failure.site.line() != 0 && failure.kind != FailureKind::data_race && failure.kind != FailureKind::deadlock;
    if (has_place && failure.thread) {
        fmt::format_to(out, "    thread {}  at {}\n", *failure.thread, place(failure.site));
    } else if (has_place) {
        fmt::format_to(out, "    at {}\n", place(failure.site));
    }
    if (failure.kind == FailureKind::data_race) describe_race(text, execution, failure);
    if (failure.kind == FailureKind::deadlock || failure.kind == FailureKind::livelock)
        describe_waiters(text, execution);

    const auto& steps = execution.steps();
    const std::size_t hidden = steps.size() > most_steps_shown ? steps.size() - most_steps_shown : 0;
    fmt::format_to(out, "  the execution, step by step:\n");
    if (hidden != 0) fmt::format_to(out, "    ... the first {} steps are left out\n", hidden);
    for (std::size_t i = hidden; i != steps.size(); ++i) {
        fmt::format_to(out, "    {:>3}  thread {}  {:<62} {}\n", i + 1, steps[i].thread, action(execution, steps[i]),
                       place(steps[i].operation.site));
    }
    return text;
}

}  // namespace heddle::checker

#include "ordering.hpp"

#include <fmt/format.h>

#include "names.hpp"

namespace heddle::harness {

using engine::Counterexample;
using engine::OperationKind;
using Step = Trace::Step;

namespace {

bool acquires(std::memory_order order) {
    return order != std::memory_order_relaxed && order != std::memory_order_release;
}
bool releases(std::memory_order order) {
    return order != std::memory_order_relaxed && order != std::memory_order_acquire &&
           order != std::memory_order_consume;
}

/// Whether the thread of a step has such a fence from one step on, and before another.
bool has_fence(const Trace& trace, std::size_t from, std::size_t to, std::uint64_t thread,
               bool (*strong)(std::memory_order)) {
    for (std::size_t at = from; at < to; ++at) {
        const Step& step = trace.steps()[at];
        if (step.thread == thread && step.kind == OperationKind::fence && strong(step.order)) return true;
    }
    return false;
}

/// A read-modify-write continues the release sequence of what it read from.
bool continues_a_sequence(const Step& step) {
    return is_read_modify_write(step.kind) && step.reads_from && (step.success || !is_compare_exchange(step.kind));
}

bool is_published(const Trace& trace, std::size_t write) {
    const Step& step = trace.steps()[write];
    return step.kind == OperationKind::unlock || step.kind == OperationKind::construct || releases(step.order) ||
           has_fence(trace, 0, write, step.thread, releases);
}

/// Whether whoever wrote the step may choose its order.
bool has_order(OperationKind kind) {
    return kind == OperationKind::load || kind == OperationKind::store || is_read_modify_write(kind);
}

std::memory_order order_of_read(const Step& step) {
    return !step.success && is_compare_exchange(step.kind) ? step.failure_order : step.order;
}

bool is_seen(const Trace& trace, std::size_t read, std::size_t until) {
    const Step& step = trace.steps()[read];
    return takes_mutex(step.kind) || acquires(order_of_read(step)) ||
           has_fence(trace, read, until, step.thread, acquires);
}

}  // namespace

bool can_acquire(const Trace& trace, std::size_t read, std::size_t until) {
    const Step& step = trace.steps()[read];
    const bool reads = step.kind == OperationKind::load || is_read_modify_write(step.kind);
    return reads && step.finished && is_seen(trace, read, until);
}

std::vector<std::string> missing_order(const Trace& trace, std::size_t write, std::size_t read) {
    const Step& writer = trace.steps()[write];
    const Step& reader = trace.steps()[read];
    if (writer.thread == reader.thread || writer.kind == OperationKind::spawn) return {};
    const bool notifies = writer.kind == OperationKind::notify;
    if (reader.part == Counterexample::Part::goes_on || writer.kind == OperationKind::wake || notifies)
        return {fmt::format("{} wakes {}, but to {} orders nothing{}", trace.step_name(write),
                            thread_name(reader.thread), notifies ? "notify" : "wake",
                            notifies ? ": notify before the mutex is unlocked" : "")};
    std::vector<std::string> lines;
    const std::string what = fmt::format("{} reads what {} wrote", trace.step_name(read), trace.step_name(write));
    const auto lacks = [&](OperationKind kind, std::memory_order order, const char* needed) {
        lines.push_back(what + (has_order(kind) ? fmt::format(", but the {} is {}: it needs {}", name_of(kind),
                                                              name_of(order), needed)
                                                : fmt::format(", but a {} orders nothing", name_of(kind))));
    };
    if (!is_published(trace, write)) lacks(writer.kind, writer.order, "release");
    if (!is_seen(trace, read, trace.steps().size())) lacks(reader.kind, order_of_read(reader), "acquire");
    return lines;
}

std::optional<std::size_t> synchronizes_with(const Trace& trace, std::size_t read) {
    const Step& reader = trace.steps()[read];
    if (!reader.reads_from || !is_seen(trace, read, trace.steps().size()) ||
        reader.part == Counterexample::Part::goes_on)
        return std::nullopt;
    for (std::optional<std::size_t> at = reader.reads_from; at; at = trace.steps()[*at].reads_from) {
        const Step& writer = trace.steps()[*at];
        if (is_published(trace, *at) && writer.thread != reader.thread && writer.kind != OperationKind::wake) return at;
        if (!continues_a_sequence(writer)) break;
    }
    return std::nullopt;
}

}  // namespace heddle::harness

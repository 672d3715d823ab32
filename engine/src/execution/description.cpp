#include "description.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>

#include "call_sites.hpp"
#include "read_modify_write.hpp"
#include "taken_back.hpp"
#include "words.hpp"

namespace heddle::engine {

namespace {

/// Or was.
bool is_at(const Object& object, const void* address) {
    return (object.alive ? object.address : object.ended_at) == address;
}

bool is_same(const Site& one, const Site& other) {
    return one.line() == other.line() && std::strcmp(one.file_name(), other.file_name()) == 0;
}

bool counts(OperationKind kind) { return kind == OperationKind::wake || kind == OperationKind::notify; }
bool waits(OperationKind kind) { return kind == OperationKind::wait || kind == OperationKind::sleep; }

}  // namespace

std::uint32_t Execution::instances_of(const Object& object) const {
    const auto same_name = [&](const Object& other) {
        return other.name != nullptr && object.name != nullptr && std::strcmp(other.name, object.name) == 0;
    };
    return static_cast<std::uint32_t>(std::count_if(objects_, objects_ + object_count_, same_name));
}

Place Execution::created(const Object& object) const {
    const auto makes = [&](const Step& step) {
        return step.operation.kind == OperationKind::construct && step.operation.object == &object;
    };
    const auto made = std::find_if(steps_.begin(), steps_.end(), makes);
    return call_sites(object.created, made != steps_.end() ? made->calls : Calls()).place;
}

std::string Execution::name_of(const Object& object) const {
    if (object.name == nullptr) {
        const Place made = created(object);
        std::string name("[");
        name.append(std::to_string(object.id)).append(", made at ").append(made.file);
        return name.append(":").append(std::to_string(made.line)).append("]");
    }
    if (instances_of(object) <= 1) return object.name;
    return std::string(object.name) + "#" + std::to_string(object.instance);
}

/// What an address means, as of a step.
class KnownAddresses final : public Addresses {
  public:
    KnownAddresses(const Execution& execution, std::uint32_t objects) : execution_(execution), objects_(objects) {}

    std::string name_of(std::uint64_t address) const override {
        if (address == 0) return "null";
        // NOLINTNEXTLINE(performance-no-int-to-ptr): what was stored is a number
        const auto* const pointer = reinterpret_cast<const void*>(static_cast<std::uintptr_t>(address));
        for (std::uint32_t id = objects_; id-- != 0;)
            if (is_at(execution_.objects()[id], pointer))
                return std::string("&").append(execution_.name_of(execution_.objects()[id]));
        const auto found = execution_.memory.allocation_of(pointer);
        if (!found) return "&?";
        std::string name = "&allocation ";
        name += std::to_string(found->number);
        if (found->arena && *found->arena == 0) name += " of main";
        else if (found->arena) name.append(" of thread ").append(std::to_string(*found->arena - 1));
        if (found->offset != 0) name.append(" + ").append(std::to_string(found->offset));
        return name;
    }

  private:
    const Execution& execution_;
    std::uint32_t objects_;
};

}  // namespace heddle::engine

/// Where a debugger stops before each step of an execution that is run again (docs/debugging.md).
extern "C" [[gnu::noinline]] void heddle_step(std::uint64_t thread, const char* object, const char* file,
                                              std::uint32_t line);
void heddle_step(std::uint64_t thread, const char* object, const char* file, std::uint32_t line) {
    __asm__ volatile("" : : "r"(thread), "r"(object), "r"(file), "r"(line));  // or there would be no call
}

namespace heddle::engine {

Step& Execution::note(std::uint64_t thread, const Operation& operation) {
    heddle_step(thread, operation.object == nullptr ? nullptr : operation.object->name, operation.site.file_name(),
                operation.site.line());
    Step& step =
        steps_.emplace_back(Step{.thread = thread, .operation = operation, .objects = object_count_, .calls = calls()});
    const Object* const object = operation.object;
    const bool accesses = operation.kind == OperationKind::read || operation.kind == OperationKind::write;
    if (accesses && object != nullptr && object->alive && object->shown_in_place && object->show != nullptr)
        step.shown = object->show(operation.value, KnownAddresses(*this, object_count_));
    return step;
}

Step* Execution::construction(std::uint64_t thread, Object& object, std::optional<std::uint64_t> initial) {
    if (!record_) return nullptr;
    Step& step = note(
        thread,
        {.kind = OperationKind::construct, .object = &object, .value = initial.value_or(0), .site = object.created});
    step.result.success = initial.has_value();
    step.finished = true;
    return &step;
}

void Execution::falls_asleep(std::uint64_t thread) {
    if (!record_) return;
    const auto last =
        std::find_if(steps_.rbegin(), steps_.rend(), [&](const Step& step) { return step.thread == thread; });
    last->asleep = tick();
}

void Execution::lets_go(std::uint64_t thread, std::uint64_t sleeper) {
    if (!record_) return;
    std::size_t at = steps_.size() - 1;
    while (steps_[at].thread != thread) --at;
    wakes_.push_back({at, sleeper, tick()});
}

Failure Execution::misuse_of(Operation& op) const {
    const auto end = std::make_reverse_iterator(objects_);
    const auto found = std::find_if(std::make_reverse_iterator(objects_ + object_count_), end,
                                    [&](const Object& object) { return is_at(object, op.address); });
    op.object = found == end || op.address == nullptr ? nullptr : &*found;
    const bool ends = op.kind == OperationKind::destroy;
    const bool again = ends && op.object != nullptr && !op.object->alive;
    Failure wrong{.kind = again ? FailureKind::double_free : FailureKind::use_after_free,
                  .site = ends && op.object != nullptr ? op.object->created : op.site,
                  .object = op.object};
    if (op.object == nullptr) wrong.message = words::used_without_object;
    else if (op.object->alive) wrong.message = words::used_after_overwriting(name_of(*op.object));
    else
        wrong.message =
            again ? words::destroyed_twice(name_of(*op.object)) : words::used_after_end(name_of(*op.object));
    return wrong;
}

namespace {

/// The failed step, or the last one of the thread that failed; nothing if none did. Requires: it has failed.
std::optional<std::size_t> last_step_of_failure(const Execution& execution) {
    if (!execution.failure->thread) return std::nullopt;
    std::size_t after = execution.steps().size();
    while (after != 0 && execution.steps()[after - 1].thread != *execution.failure->thread) --after;
    // The first thread goes on when all others have ended: if it fails before its next step, it has seen all that they did.
    const bool saw_all = *execution.failure->thread == Counterexample::main_thread && after != execution.steps().size();
    return after == 0 || saw_all ? std::nullopt : std::optional(after - 1);
}

/// Whether the step has, or may have, changed its object.
bool changes(const Step& step) {
    const OperationKind kind = step.operation.kind;
    if (is_compare_exchange(kind)) return step.result.success || !step.finished;
    return kind != OperationKind::read && kind != OperationKind::load && kind != OperationKind::wait;
}

/// Whether the step may be the other side of a race of `failed`, or of a use after the end.
bool is_other_access(const Failure& failure, const Step& step, const Step& failed) {
    const Operation& op = step.operation;
    if (op.object == nullptr || op.object != failed.operation.object || &step == &failed) return false;
    if (failure.kind != FailureKind::data_race && !failure.other_thread) return op.kind == OperationKind::destroy;
    if (step.thread != failure.other_thread) return false;
    return failure.kind != FailureKind::data_race || changes(failed) || changes(step);
}

/// What the failed step is in conflict with. Requires: it has failed.
std::optional<std::size_t> other_step_of_failure(const Execution& execution) {
    if (execution.failure->kind != FailureKind::data_race && execution.failure->kind != FailureKind::use_after_free &&
        execution.failure->kind != FailureKind::double_free)
        return std::nullopt;
    const auto last = last_step_of_failure(execution);
    if (!last) return std::nullopt;
    for (std::size_t at = *last; at-- != 0;)
        if (is_other_access(*execution.failure, execution.steps()[at], execution.steps()[*last])) return at;
    return std::nullopt;
}

Counterexample::Step described(const Execution& execution, const Step& step) {
    const Operation& op = step.operation;
    const Object* const object = op.part == nullptr ? op.object : op.part;
    const bool ends = op.kind == OperationKind::destroy && object != nullptr;
    const KnownAddresses addresses(execution, step.objects);
    const auto show = [&](std::uint64_t bits) {
        if (object != nullptr && object->shown_in_place) return step.shown;
        return object != nullptr && object->show != nullptr ? object->show(bits, addresses) : std::to_string(bits);
    };
    const bool is_plain = object != nullptr && !has_value(object->kind);
    const bool is_access = op.kind == OperationKind::read || op.kind == OperationKind::write;
    const bool has_shown_value = object == nullptr || (object->kind == ObjectKind::atomic && !is_access) ||
                                 (is_plain && object->show != nullptr);
    // Nothing was written, or nobody may look.
    const bool is_unset = (op.kind == OperationKind::construct && !step.result.success) ||
                          (op.kind == OperationKind::read && !step.finished);
    const auto decrease = small_decrease(op);
    Counterexample::Step described{
        .thread = step.thread,
        .kind = op.kind,
        .order = op.order,
        .failure_order = op.failure_order,
        .value = decrease                       ? std::to_string(*decrease)
                 : has_shown_value && !is_unset ? show(op.value)
                                                : "",
        .expected = is_plain ? "" : show(op.expected),
        .read = is_plain ? "" : show(step.result.value),
        .asked = counts(op.kind) ? op.value : 0,
        .gave = counts(op.kind) || waits(op.kind) || op.kind == OperationKind::spawn ? step.result.value : 0,
        .has_deadline = op.has_deadline(),
        .success = step.result.success,
        .finished = step.finished};
    // A destructor does not know its caller.
    CallSites sites = call_sites(ends && op.site.line() == 0 ? object->created : op.site, step.calls);
    described.place = std::move(sites.place);
    described.called = std::move(sites.called);
    if (object != nullptr) described.object = object->id;
    return described;
}

/// A step that fails has noted where it was called from.
Place place_of_failure(const Execution& execution) {
    const auto last = last_step_of_failure(execution);
    const bool is_of_step = last && execution.failure->calls.empty() &&
                            is_same(execution.steps()[*last].operation.site, execution.failure->site);
    return call_sites(execution.failure->site, is_of_step ? execution.steps()[*last].calls : execution.failure->calls)
        .place;
}

}  // namespace

void describe_failure(Exploration& found, const Execution& execution, Replay replay, Effects effects) {
    found.outcome = outcome_of(execution.failure->kind);
    found.kind = execution.failure->kind;
    found.message = execution.failure->message;
    found.counterexample = counterexample_of(execution, std::move(effects));
    found.replay = std::move(replay);
}

Counterexample counterexample_of(const Execution& execution, Effects effects) {
    Counterexample result;
    if (execution.failure) {
        result = {.kind = execution.failure->kind,
                  .message = execution.failure->message,
                  .place = place_of_failure(execution),
                  .thread = execution.failure->thread};
        if (execution.failure->object != nullptr) result.object = execution.failure->object->id;
    }
    for (const Object& object : execution.objects())
        result.objects.push_back({execution.name_of(object), object.kind, execution.created(object)});
    const auto node_of = [&](std::optional<std::size_t> step) {
        std::optional<std::size_t> found;
        for (std::size_t node = 0; step && node != effects.nodes.size(); ++node)
            if (effects.nodes[node].step == *step) found = node;
        return found;
    };
    const auto other = execution.failure ? node_of(other_step_of_failure(execution)) : std::nullopt;
    const auto last = execution.failure ? node_of(last_step_of_failure(execution)) : std::nullopt;
    if (other && last) effects.nodes[*last].after.push_back(*other);
    const EffectOrder order = order_of(effects, last);
    std::vector<std::optional<std::size_t>> shown_as(effects.nodes.size());
    for (std::size_t at = 0; at != order.nodes.size(); ++at) shown_as[order.nodes[at]] = at;
    const auto to_shown = [&](std::optional<std::size_t> node) { return node ? shown_as[*node] : std::nullopt; };
    for (const std::size_t at : order.nodes) {
        const Effects::Node& node = effects.nodes[at];
        Counterexample::Step& step = result.steps.emplace_back(described(execution, execution.steps()[node.step]));
        step.part = node.part;
        step.finished = node.finished;
        step.reads_from = to_shown(node.reads_from);
        step.newer = to_shown(order.newer[at]);
    }
    link_taken_back(result.steps);
    result.other_step = to_shown(other);
    result.legend = execution.legend;  // after the steps: their values name something, too
    result.left_out = effects.nodes.size() - order.nodes.size();
    return result;
}

}  // namespace heddle::engine

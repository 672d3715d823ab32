// What a program asks of the exhaustive engine, operation by operation.
#include <algorithm>
#include <utility>

#include "exhaustive/graph/queue_value.hpp"
#include "run.hpp"

namespace heddle::engine::exhaustive {

Object* ExhaustiveRun::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                                 std::optional<std::uint64_t> initial, Site site) {
    const AllocateFor engine(nullptr);
    if (imagined_) give_up_imagined();
    const bool initialised = initial.has_value() || kind == ObjectKind::region;
    Object* const object = execution_.construct(kind, size, name, show, initialised, site);
    if (slots_.size() <= object->id) slots_.resize(object->id + 1);
    Slot& made = slot(*object);
    if (has_value(kind)) {
        made.location = graph()[init_event(*initial)].location;
    } else {
        made.plain.writer = initialised ? current_thread_ : PlainAccesses::nobody;
        made.plain.written_at = events_run_[current_thread_];
        made.plain.readers = 0;
    }
    return object;
}

[[gnu::always_inline]] inline OperationResult ExhaustiveRun::read_modify_write(Slot& slot, const Operation& op) {
    Modification modification = modification_of(op);
    modification.is_weak = op.kind == OperationKind::compare_exchange_weak && current().weak_cas_may_fail;
    OperationResult result;
    result.success = modify(slot.location, modification, result.value);
    if (modification.is_weak && !result.success && result.value == op.expected) current().weak_cas_may_fail = false;
    return result;
}

OperationResult ExhaustiveRun::step(const Operation& op) {
    const AllocateFor engine(nullptr);
    if (op.object != nullptr && !execution_.is_usable(op)) misuse(op);
    Step* const step = execution_.step(thread_index(), op);
    current().site = key_of(op.site);
    if (imagined_ && op.kind != OperationKind::yield) return imagine(op);
    OperationResult result;
    if (op.object == nullptr) {
        if (op.kind == OperationKind::fence) fence_event(op.order);
        else yield(op.site);
    } else {
        Object& object = *op.object;
        if (current_thread_ != 0) execution_.note_use(object, current_thread_);
        Slot& slot = this->slot(object);
        const bool is_new = has_value(object.kind) && events_run_[current_thread_] == graph().size(current_thread_);
        if (is_new) check_published(slot.location, op.site);
        switch (op.kind) {
            case OperationKind::load:
                result = load(slot, op, step);
                break;
            case OperationKind::store:
                write_event(slot.location, op.value, op.order);
                break;
            case OperationKind::read:
            case OperationKind::write:
                access_plain(object, slot, op);
                break;
            case OperationKind::destroy:
                if (op.value == 0) check_unused(object, slot);
                execution_.end(object);
                break;
            case OperationKind::wait:
                result = wait(slot, op);
                break;
            case OperationKind::wake:
                result = wake(slot, op);
                break;
            case OperationKind::lock:
            case OperationKind::try_lock:
                result = take(slot, op);
                break;
            case OperationKind::unlock:
                result = free(slot);
                break;
            case OperationKind::enlist:
                enlist(slot, op.site);
                break;
            case OperationKind::sleep:
                result = sleep(op);
                break;
            case OperationKind::notify:
                result = notify(slot, op);
                break;
            default:
                result = read_modify_write(slot, op);
        }
    }
    if (step != nullptr) {
        step->result = result;
        step->finished = true;
    }
    return result;
}

OperationResult ExhaustiveRun::load(Slot& slot, const Operation& op, Step* step) {
    const EventId read = read_event(slot.location, op.order);
    if (step != nullptr) step->stale = graph()[read].reads_from != graph().at(slot.location).coherence.back();
    return {.value = value_read(read)};
}

Modification ExhaustiveRun::modification_of(const Operation& op) {
    const bool compares =
        op.kind == OperationKind::compare_exchange_weak || op.kind == OperationKind::compare_exchange_strong;
    return {.kind = compares ? Modification::Kind::compare : Modification::Kind::modify,
            .operation = op.kind,
            .size = op.object->size,
            .order = op.order,
            .otherwise = op.failure_order,
            .operand = op.value,
            .expected = op.expected};
}

/// The smallest number that no thread of the graph has.
std::uint64_t ExhaustiveRun::unused_thread_number() {
    const auto taken = [this](std::uint64_t number) {
        return std::any_of(graph().order().begin(), graph().order().end(), [&](EventId other) {
            return graph()[other].kind == EventKind::spawn && graph()[other].value == number;
        });
    };
    auto number = static_cast<std::uint64_t>(program_->threads) + 1;
    while (taken(number)) ++number;
    return number;
}

std::uint64_t ExhaustiveRun::spawn(std::function<void()> body, Site site) {
    const AllocateFor engine(nullptr);
    if (imagined_) give_up_imagined();
    Step* const step = execution_.step(thread_index(), {.kind = OperationKind::spawn, .site = site});
    if (std::cmp_equal(spawned_, program_->spawned_threads)) {
        fail(FailureKind::misuse,
             "the model starts more threads than its dynamic_threads (" + std::to_string(program_->spawned_threads) +
                 ")",
             site);
    }
    ++spawned_;
    const EventId id = spawn_event();
    const auto number = static_cast<unsigned>(graph()[id].value);
    start_thread(number, id, std::move(body));
    if (step != nullptr) {
        step->result.value = number_of(number);
        step->finished = true;
    }
    return number_of(number);
}

}  // namespace heddle::engine::exhaustive

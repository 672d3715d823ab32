#include "memory_witness.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace heddle::engine::exhaustive {

static_assert(most_adopted_threads == most_threads);
static_assert(most_adopted_events == most_events_of_a_thread);

Object* MemoryWitness::adopt(std::uint32_t id, ObjectKind kind, std::uint8_t size, const char* name, Show show,
                             std::uint64_t initial, Site site) {
    const AllocateFor engine(nullptr);
    Object* const object = execution_.construct(kind, size, name, show, true, site);
    execution_.needs_no_end();
    operations_.begin_adopted(*object, id);
    trace_.graph().adopt(id, initial);
    return object;
}

void MemoryWitness::explain(std::string name, std::string text) {
    const AllocateFor engine(nullptr);
    execution_.legend.push_back({std::move(name), std::move(text)});
}

void MemoryWitness::fail_between(const Conflict& conflict) {
    const AllocateFor engine(nullptr);
    loops_.end_imagination();
    const bool is_plain = conflict.here.kind == OperationKind::read || conflict.here.kind == OperationKind::write ||
                          conflict.here.kind == OperationKind::destroy;
    Object* const object = conflict.object != nullptr
                               ? conflict.object
                               : execution_.construct(is_plain ? ObjectKind::plain : ObjectKind::atomic, 0,
                                                      conflict.name, nullptr, true, conflict.created);
    Operation here = conflict.here;
    here.object = object;
    if (const auto& other = conflict.access)
        execution_.note_late({.thread = Trace::shown_number_of(other->thread),
                              .operation = {.kind = other->kind, .object = object, .site = other->site},
                              .finished = true,
                              .fiber = other->thread,
                              .first_event = other->events});
    execution_.note_late({.thread = trace_.shown_running(),
                          .operation = here,
                          .fiber = trace_.running(),
                          .first_event = trace_.events_run()});
    races_.fail_between(conflict.kind, *object, conflict.other, here.site, std::string(conflict.message));
}

EventId MemoryWitness::latest_write(LocationId location) const {
    const auto& coherence = trace_.graph().at(location).coherence;
    // The construction has always run.
    return *std::find_if(coherence.rbegin(), coherence.rend(), [this](EventId id) { return trace_.has_run(id); });
}

std::uint64_t MemoryWitness::latest(const Object& object) const {
    const LocationId location = operations_.location(object);
    return trace_.graph().value_of(latest_write(location), location);
}

std::optional<unsigned> MemoryWitness::holder_of(const Object& mutex) const {
    const LocationId location = operations_.location(mutex);
    const EventId id = latest_write(location);
    if (trace_.graph().value_of(id, location) == 0) return std::nullopt;
    return id.thread;
}

std::optional<unsigned> MemoryWitness::user_of(const Object& object, bool reads_count) const {
    const LocationId location = operations_.location(object);
    if (reads_count) return races_.used_by_other(object, location);
    for (const EventId id : trace_.graph().at(location).coherence)
        if (trace_.has_run(id) && !races_.known().knows(id)) return id.thread;
    return std::nullopt;
}

void* MemoryWitness::allocate(std::size_t size, std::size_t alignment) {
    return execution_.memory.allocate(size, MemoryTracker::Form::adopted, alignment);
}

void MemoryWitness::come_round(unsigned first, bool watches_the_clock) {
    const AllocateFor engine(nullptr);
    loops_.come_round(first, watches_the_clock);
}

void MemoryWitness::time_out_in_vain(unsigned first) {
    const AllocateFor engine(nullptr);
    loops_.time_out_in_vain(first);
}

void MemoryWitness::go_round_for_ever(unsigned first, std::size_t looks, Site loop) {
    const AllocateFor engine(nullptr);
    loops_.go_round_for_ever(first, looks, loop);
}

void MemoryWitness::goes_on_looking(Site loop) {
    const AllocateFor engine(nullptr);
    loops_.goes_on_looking(loop);
}

bool MemoryWitness::lets_others_go_first() {
    const AllocateFor engine(nullptr);
    return loops_.lets_others_go_first();
}

void MemoryWitness::show_step(const Operation& operation) {
    const AllocateFor engine(nullptr);
    Step& step = execution_.note(trace_.shown_running(), operation);
    step.finished = true;
    step.fiber = trace_.running();
    step.first_event = trace_.events_run();
}

}  // namespace heddle::engine::exhaustive

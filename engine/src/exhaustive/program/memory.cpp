// Memory: who may access what, when its life ends, and when it is handed out again.
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "run.hpp"

namespace heddle::engine::exhaustive {

void ExhaustiveRun::check_published(LocationId location, Site site) {
    const EventId init = graph().at(location).coherence.front();
    if (!graph()[last_event()].before.knows(init))
        fail(FailureKind::uninitialised_read, "an atomic is used by a thread that cannot know its first value", site);
}

void ExhaustiveRun::access_plain(Object& object, Slot& slot, const Operation& op) {
    const bool writes = op.kind == OperationKind::write;
    PlainAccesses& accesses = slot.plain;
    if (!writes && !object.initialised)
        fail(FailureKind::uninitialised_read, "plain data is read before it was written", op.site);
    const auto other = accessed_by_other(accesses, graph()[last_event()].before, writes);
    if (other)
        fail_between(
            FailureKind::data_race, object, *other, op.site,
            "two threads access '" + execution_.name_of(object) + "' at the same time, at least one of them writes");
    if (writes) {
        object.initialised = true;
        accesses.writer = current_thread_;
        accesses.written_at = events_run_[current_thread_];
        accesses.readers = 0;
    } else {
        accesses.readers |= 1U << current_thread_;
        accesses.read_at[current_thread_] = events_run_[current_thread_];
    }
}

/// Another thread whose access to plain data is not known: one that wrote, or if `reads_count` one that read.
std::optional<unsigned> ExhaustiveRun::accessed_by_other(const PlainAccesses& accesses, const Clock& known,
                                                         bool reads_count) const {
    const auto is_unknown = [&](unsigned thread, unsigned at) {
        return thread != current_thread_ && known[thread] <= at;
    };
    if (accesses.writer != accesses.nobody && is_unknown(accesses.writer, accesses.written_at)) return accesses.writer;
    for (std::uint32_t left = reads_count ? accesses.readers : 0; left != 0; left &= left - 1) {
        const auto thread = static_cast<unsigned>(std::countr_zero(left));
        if (is_unknown(thread, accesses.read_at[thread])) return thread;
    }
    return std::nullopt;
}

/// Destroying is to a use what a write is to a read: one that does not happen before it comes after it in another
/// interleaving of the same execution. The first thread knows all others whenever it runs.
void ExhaustiveRun::check_unused(const Object& object, const Slot& slot) {
    if (current_thread_ == 0) return;
    const Clock& known = graph()[last_event()].before;
    const auto other =
        has_value(object.kind) ? user_of(slot.location, known) : accessed_by_other(slot.plain, known, true);
    if (other)
        fail_between(FailureKind::use_after_free, object, *other, object.created,
                     "a thread destroys '" + execution_.name_of(object) + "' while another may still use it");
}

/// Two threads are at the object at the same time, the running one and `other`.
void ExhaustiveRun::fail_between(FailureKind kind, const Object& object, unsigned other, Site site,
                                 std::string message) {
    execution_.failure = Failure{.kind = kind,
                                 .message = std::move(message),
                                 .site = site,
                                 .thread = thread_index(),
                                 .object = &object,
                                 .other_thread = number_of(other)};
    stop(RunEnd::failed);
}

/// A thread that has a step at the location which is not known.
std::optional<unsigned> ExhaustiveRun::user_of(LocationId location, const Clock& known) const {
    for (const LocationId part : {location, location + 1})
        for (const auto* steps : {&graph().at(part).coherence, &graph().at(part).readers})
            for (const EventId step : *steps)
                if (!known.knows(step)) return step.thread;
    return std::nullopt;
}

/// Whoever compares an address that it has read before is fooled by memory that is used again (ABA): it is, as in an
/// allocator with a cache for each thread, where the thread has seen the address in an atomic. Elsewhere nobody compares.
bool ExhaustiveRun::matters(const void* memory, std::size_t size) {
    constexpr std::uint64_t address_bits = (std::uint64_t{1} << 48) - 1;  // what is above may be a tag
    const auto points_there = [begin = reinterpret_cast<std::uintptr_t>(memory), size](std::uint64_t value) {
        return (value & address_bits) - begin < size;
    };
    const auto thread = static_cast<std::uint16_t>(current_thread_);
    for (std::uint16_t index = 0; thread != 0 && index != events_run_[thread]; ++index) {
        const Event& event = graph()[{thread, index}];
        if ((event.is_read() && points_there(event.value_read)) || (event.is_write() && points_there(event.value)))
            return true;
    }
    return false;
}

unsigned ExhaustiveRun::choose_memory(unsigned candidates) {
    const AllocateFor engine(nullptr);
    if (imagined_) give_up_imagined();
    return choose(candidates + 1);
}

}  // namespace heddle::engine::exhaustive

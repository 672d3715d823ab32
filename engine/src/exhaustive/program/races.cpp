#include "races.hpp"

#include <bit>
#include <utility>

#include "execution/words.hpp"

namespace heddle::engine::exhaustive {

namespace {
/// A wake of a futex is no use of it (decision 0015). To notify all who wait for a condition is one.
bool is_futex_wake(const Event& event, const Object& object) {
    return object.kind != ObjectKind::condition && event.is_read() &&
           event.modification.kind == Modification::Kind::wake;
}
}  // namespace

void Races::begin_object(const Object& object) {
    if (accesses_.size() <= object.id) accesses_.resize(object.id + 1);
    Accesses& accesses = accesses_[object.id];
    accesses.writer = object.initialised ? trace_.running() : Accesses::nobody;
    accesses.written_at = trace_.events_run();
    accesses.readers = 0;
}

void Races::check_published(LocationId location, Site site) {
    if (!known().knows(trace_.graph().at(location).coherence.front()))
        schedule_.fail({.kind = FailureKind::uninitialised_read,
                        .message = std::string(words::used_before_published),
                        .site = site});
}

void Races::access(Object& object, const Operation& op) {
    const bool writes = op.kind == OperationKind::write;
    Accesses& accesses = accesses_[object.id];
    if (!writes && !object.initialised)
        schedule_.fail({.kind = FailureKind::uninitialised_read,
                        .message = std::string(words::read_before_written),
                        .site = op.site});
    if (const auto other = accessed_by_other(accesses, writes))
        fail_between(FailureKind::data_race, object, *other, op.site, words::race_on(execution_.name_of(object)));
    const unsigned self = trace_.running();
    if (writes) {
        object.initialised = true;
        accesses.writer = self;
        accesses.written_at = trace_.events_run();
        accesses.readers = 0;
    } else {
        accesses.readers |= 1U << self;
        accesses.read_at[self] = trace_.events_run();
    }
}

/// Another thread whose access to plain data is not known: one that wrote, or if `reads_count` one that read.
std::optional<unsigned> Races::accessed_by_other(const Accesses& accesses, bool reads_count) const {
    const Clock& known = this->known();
    const auto is_unknown = [&](unsigned thread, unsigned at) {
        return thread != trace_.running() && known[thread] <= at;
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
void Races::check_unused(const Object& object, LocationId location) {
    if (trace_.running() == 0) return;
    const auto other =
        has_value(object.kind) ? used_by_other(object, location) : accessed_by_other(accesses_[object.id], true);
    if (other)
        fail_between(FailureKind::use_after_free, object, *other, object.created,
                     words::destroyed_in_use(execution_.name_of(object)));
}

void Races::fail_between(FailureKind kind, const Object& object, unsigned other, Site site, std::string message) {
    schedule_.fail({.kind = kind,
                    .message = std::move(message),
                    .site = site,
                    .object = &object,
                    .other_thread = Trace::shown_number_of(other)});
}

std::optional<unsigned> Races::used_by_other(const Object& object, LocationId location) const {
    const Clock& known = this->known();
    for (const LocationId part : {location, location + 1})
        for (const auto* steps : {&trace_.graph().at(part).coherence, &trace_.graph().at(part).readers})
            for (const EventId step : *steps)
                if (!known.knows(step) && !is_futex_wake(trace_.graph()[step], object)) return step.thread;
    return std::nullopt;
}

std::span<const std::uint64_t> Races::seen() {
    seen_.clear();
    const auto thread = static_cast<std::uint16_t>(trace_.running());
    for (std::uint16_t index = 0; thread != 0 && index != trace_.events_run(); ++index) {
        const Event& event = trace_.graph()[{thread, index}];
        if (event.is_read()) seen_.push_back(event.value_read);
        if (event.is_write()) seen_.push_back(event.value);
    }
    return seen_;
}

}  // namespace heddle::engine::exhaustive

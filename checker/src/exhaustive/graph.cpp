#include "graph.hpp"

#include <algorithm>

namespace heddle::checker::exhaustive {

EventId Graph::append(unsigned thread, const Label& label) {
    const EventId id{static_cast<std::uint16_t>(thread), sizes_[thread]++};
    if (events_[thread].size() < sizes_[thread]) events_[thread].emplace_back();
    Event& event = (*this)[id];
    static_cast<Label&>(event) = label;
    event.stamp = event.written = next_stamp_++;
    event.value_read = 0;
    event.chosen = 0;
    event.overtook = false;
    count(event, 1);
    order_.push_back(id);
    if (event.kind != EventKind::read) compute_clocks(id);
    return id;
}

void Graph::count(const Event& event, int by) {
    if (event.order == std::memory_order_seq_cst) seq_cst_events_ += by;
}

Location& Graph::new_location() {
    if (location_count_ == locations_.size()) locations_.emplace_back();
    Location& fresh = locations_[location_count_++];
    fresh.coherence.clear();
    fresh.readers.clear();
    return fresh;
}

LocationId Graph::add_location(EventId init) {
    const auto id = static_cast<LocationId>(location_count_);
    new_location().coherence.push_back(init);
    new_location().coherence.push_back(init);
    (*this)[init].location = id;
    return id;
}

void Graph::compute_clocks(EventId id) {
    Event& event = (*this)[id];
    if (id.index != 0) {
        const Event& previous = before(id);
        event.before = previous.before;
        event.prefix = previous.prefix;
        event.unacquired = previous.unacquired;
        event.fenced = previous.fenced;
        event.kernel = previous.kernel;
    } else {
        event.before = event.prefix = event.unacquired = event.fenced = event.kernel = {};
    }
    event.released = event.kernel_released = {};
    for (Clock* clock : {&event.before, &event.prefix, &event.kernel}) clock->set(id.thread, id.index + 1U);

    if (event.reads_from.exists()) {
        const Event& source = (*this)[event.reads_from];
        event.prefix.join(source.prefix);
        if (event.is_queue) {
            event.kernel.join(source.kernel_released);
        } else {
            event.unacquired.join(source.released);
            if (acquires(event.order)) {
                event.before.join(source.released);
                event.kernel.join(source.kernel_released);
                event.kernel.join(source.released);
            }
        }
    }
    if (event.kind == EventKind::fence) {
        if (acquires(event.order)) {
            event.before.join(event.unacquired);
            event.kernel.join(event.unacquired);
        }
        if (releases(event.order)) event.fenced = event.before;
    }
    if (event.kind == EventKind::spawn) {
        event.released = event.before;
        event.kernel_released = event.kernel;
    }
    if (event.kind == EventKind::write || event.kind == EventKind::modify) release(event);
}

/// What others learn who acquire the event.
void Graph::release(Event& event) {
    event.released = releases(event.order) ? event.before : event.fenced;
    event.kernel_released = event.is_queue || releases(event.order) ? event.kernel : event.fenced;
    if (event.kind != EventKind::modify) return;
    // A read-modify-write continues the release sequence of what it read.
    const Event& source = (*this)[event.reads_from];
    event.released.join(source.released);
    event.kernel_released.join(source.kernel_released);
}

void Graph::modify(EventId read, std::uint64_t value) {
    Event& event = (*this)[read];
    event.kind = EventKind::modify;
    event.value = value;
    event.written = next_stamp_++;
    release(event);
    place(read, position(event.reads_from, event.location) + 1);
}

void Graph::learn(EventId id, EventId from) {
    const Event& source = (*this)[from];
    Event& event = (*this)[id];
    event.before.join(source.before);
    event.prefix.join(source.prefix);
    event.kernel.join(source.kernel);
    event.before.set(from.thread, from.index + 2U);  // with the plain data that was accessed after that event
}

std::optional<std::uint64_t> Graph::set_reads_from(EventId read, EventId write, unsigned chosen) {
    Event& event = (*this)[read];
    Location& here = at(event.location);
    if (event.reads_from.exists()) std::erase(here.readers, read);
    if (event.kind == EventKind::modify) {
        std::erase(here.coherence, read);
        event.kind = EventKind::read;
    }
    event.reads_from = write;
    event.value = 0;
    event.value_read = value_of(write, event.location);
    event.chosen = chosen;
    here.readers.push_back(read);
    const Modification& modification = event.modification;
    const auto written = modification.after(event.value_read, chosen);
    if (modification.kind != Modification::Kind::none) {
        count(event, -1);
        event.order = written ? modification.order : modification.otherwise;
        count(event, 1);
    }
    compute_clocks(read);
    return written;
}

void Graph::place(EventId write, std::size_t position) {
    auto& coherence = at((*this)[write].location).coherence;
    coherence.insert(coherence.begin() + static_cast<std::ptrdiff_t>(position), write);
}

void Graph::unplace(EventId write) { std::erase(at((*this)[write].location).coherence, write); }

// From the latest on: that is where most of what is looked for stands.
std::size_t Graph::position(EventId write, LocationId location) const {
    const auto& coherence = at(location).coherence;
    std::size_t at = coherence.size();
    while (at-- != 0 && coherence[at] != write) {
    }
    return at;
}

std::size_t Graph::oldest_visible(LocationId location, const Clock& known) const {
    const Location& here = at(location);
    const auto knows = [&known](EventId id) { return id.index < known[id.thread]; };
    std::size_t oldest = here.coherence.size() - 1;
    while (oldest != 0 && !knows(here.coherence[oldest])) --oldest;
    // What a known read has seen hides what is older, too. (A read-modify-write is known by what it wrote.)
    for (const EventId reader : here.readers) {
        if (!knows(reader)) continue;
        const Event& event = (*this)[reader];
        if (event.kind == EventKind::read && !knows(event.reads_from))
            oldest = std::max(oldest, position(event.reads_from, location));
    }
    return oldest;
}

EventId Graph::modified_by(EventId write, LocationId location) const {
    const auto& coherence = at(location).coherence;
    const std::size_t next = position(write, location) + 1;  // 0 if the write has no place yet
    if (next == 0 || next == coherence.size()) return {};
    const Event& event = (*this)[coherence[next]];
    return event.kind == EventKind::modify && event.reads_from == write ? coherence[next] : EventId{};
}

void Graph::remove_last(EventId id) {
    const Event& event = (*this)[id];
    count(event, -1);
    if (event.kind == EventKind::init) {
        location_count_ = event.location;  // locations end in the reverse order of their beginning
    } else if (event.is_write()) {
        std::erase(at(event.location).coherence, id);
    }
    if (event.is_read() && event.reads_from.exists()) std::erase(at(event.location).readers, id);
    --sizes_[id.thread];
}

void Graph::cut_after(std::uint32_t last) {
    while (!order_.empty() && (*this)[order_.back()].stamp > last) {
        remove_last(order_.back());
        order_.pop_back();
    }
}

void Graph::restrict_to(std::uint32_t end, EventId last, Graph& result) const {
    result.order_.clear();
    result.location_count_ = 0;
    result.next_stamp_ = next_stamp_;
    result.seq_cst_events_ = seq_cst_events_;
    // The events of a thread are kept up to one of them.
    const Clock& prefix = (*this)[last].prefix;
    for (unsigned thread = 0; thread != events_.size(); ++thread) {
        const auto& from = events_[thread];
        auto& to = result.events_[thread];
        unsigned count = prefix[thread];
        while (count != sizes_[thread] && from[count].stamp < end) ++count;
        if (to.size() < count) to.resize(from.size());
        std::copy_n(from.begin(), count, to.begin());
        result.sizes_[thread] = static_cast<std::uint16_t>(count);
        for (; count != sizes_[thread]; ++count) result.count(from[count], -1);
    }
    const auto copied = [&result](EventId id) { return id.index < result.sizes_[id.thread]; };
    const auto copy = [&copied](const std::vector<EventId>& from, std::vector<EventId>& to) {
        to.resize(from.size());
        to.erase(std::copy_if(from.begin(), from.end(), to.begin(), copied), to.end());
    };
    copy(order_, result.order_);
    // A location lives as long as its construction; the others close up, in the order of construction.
    for (LocationId location = 0; location != location_count_; location += 2) {
        const EventId init = locations_[location].coherence.front();
        if (!copied(init)) continue;
        const auto renamed = static_cast<LocationId>(result.location_count_);
        for (const LocationId old : {location, location + 1}) {
            Location& fresh = result.new_location();
            copy(locations_[old].coherence, fresh.coherence);
            copy(locations_[old].readers, fresh.readers);
            if (renamed == location) continue;
            for (const auto* ids : {&fresh.coherence, &fresh.readers})
                for (const EventId id : *ids)
                    if (id != init) result[id].location = renamed + (old - location);
        }
        result[init].location = renamed;
    }
}

}  // namespace heddle::checker::exhaustive

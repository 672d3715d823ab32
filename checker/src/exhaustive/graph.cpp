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

/// `by`: one, or minus one.
void Graph::count(const Event& event, unsigned by) {
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
    if (event.kind == EventKind::fence && acquires(event.order)) {
        event.before.join(event.unacquired);
        event.kernel.join(event.unacquired);
    }
    // After the joins: a processor waits long for a load of 16 bytes one of which it has just stored.
    for (Clock* clock : {&event.before, &event.prefix, &event.kernel}) clock->set(id.thread, id.index + 1U);
    if (event.kind == EventKind::fence && releases(event.order)) event.fenced = event.before;
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
    std::erase(at(event.location).readers, read);
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
    if (event.kind == EventKind::modify) {
        std::erase(here.coherence, read);
        event.kind = EventKind::read;
    } else if (event.reads_from.exists()) {
        std::erase(here.readers, read);
    }
    event.reads_from = write;
    event.value = 0;
    event.value_read = value_of(write, event.location);
    event.chosen = chosen;
    here.readers.push_back(read);
    const Modification& modification = event.modification;
    const auto written = modification.after(event.value_read, chosen);
    if (modification.kind != Modification::Kind::none) {
        count(event, -1U);
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
    if (knows(here.coherence[oldest])) return oldest;
    while (oldest != 0 && !knows(here.coherence[oldest])) --oldest;
    // What a known read has seen hides what is older, too.
    for (const EventId reader : here.readers) {
        if (!knows(reader)) continue;
        const EventId seen = (*this)[reader].reads_from;
        if (!knows(seen)) oldest = std::max(oldest, position(seen, location));
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
    count(event, -1U);
    if (event.kind == EventKind::init) {
        location_count_ = event.location;  // locations end in the reverse order of their beginning
    } else if (event.is_write()) {
        std::erase(at(event.location).coherence, id);
    } else if (event.kind == EventKind::read && event.reads_from.exists()) {
        std::erase(at(event.location).readers, id);
    }
    --sizes_[id.thread];
}

void Graph::cut_after(std::uint32_t last) {
    while (!order_.empty() && (*this)[order_.back()].stamp > last) {
        remove_last(order_.back());
        order_.pop_back();
    }
}

Graph::Part Graph::part_of(std::uint32_t end, EventId last) const {
    Part part{.seq_cst_events = seq_cst_events_};
    const Clock& prefix = (*this)[last].prefix;
    for (unsigned thread = 0; thread != events_.size(); ++thread) {
        unsigned count = prefix[thread];
        while (count != sizes_[thread] && events_[thread][count].stamp < end) ++count;
        part.sizes[thread] = static_cast<std::uint16_t>(count);
        for (; seq_cst_events_ != 0 && count != sizes_[thread]; ++count)
            if (events_[thread][count].order == std::memory_order_seq_cst) --part.seq_cst_events;
    }
    return part;
}

void Graph::restrict_to(const Part& part) {
    sizes_ = part.sizes;
    seq_cst_events_ = part.seq_cst_events;
    const auto is_gone = [this](EventId id) { return id.index >= sizes_[id.thread]; };
    std::erase_if(order_, is_gone);
    // A location lives as long as its construction; the others close up, in the order of construction.
    LocationId kept = 0;
    for (LocationId location = 0; location != location_count_; location += 2) {
        const EventId init = locations_[location].coherence.front();
        if (is_gone(init)) continue;
        for (const LocationId old : {location, location + 1}) {
            const LocationId renamed = kept++;
            std::erase_if(locations_[old].coherence, is_gone);
            std::erase_if(locations_[old].readers, is_gone);
            if (renamed == old) continue;
            std::swap(locations_[renamed], locations_[old]);
            for (const auto* ids : {&locations_[renamed].coherence, &locations_[renamed].readers})
                for (const EventId id : *ids)
                    if (id != init) (*this)[id].location = renamed;
        }
        (*this)[init].location = kept - 2;
    }
    location_count_ = kept;
}

void Graph::assign(const Graph& other, const Part& part) {
    for (unsigned thread = 0; thread != events_.size(); ++thread) {
        const auto& from = other.events_[thread];
        auto& to = events_[thread];
        if (to.size() < part.sizes[thread]) to.resize(from.size());
        std::copy_n(from.begin(), part.sizes[thread], to.begin());
    }
    order_ = other.order_;
    location_count_ = 0;
    for (std::size_t location = 0; location != other.location_count_; ++location) {
        Location& fresh = new_location();
        fresh.coherence = other.locations_[location].coherence;
        fresh.readers = other.locations_[location].readers;
    }
    next_stamp_ = other.next_stamp_;
    restrict_to(part);
}

}  // namespace heddle::checker::exhaustive

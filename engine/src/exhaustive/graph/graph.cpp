#include "graph.hpp"

#include <algorithm>

namespace heddle::engine::exhaustive {

void Graph::clear() {
    sizes_ = {};
    order_.clear();
    location_count_ = 0;
    next_stamp_ = 0;
}

Location& Graph::new_location() {
    if (location_count_ == locations_.size()) locations_.emplace_back().coherence.reserve(usual_events);
    Location& fresh = locations_[location_count_++];
    fresh.coherence.clear();
    fresh.readers.clear();
    fresh.stores = 0;
    fresh.initial = 0;
    return fresh;
}

LocationId Graph::add_location(EventId init) {
    const auto id = static_cast<LocationId>(location_count_);
    Location& value = new_location();
    value.coherence.push_back(init);
    value.initial = (*this)[init].value;
    new_location().coherence.push_back(init);
    (*this)[init].location = id;
    (*this)[init].position = 0;
    return id;
}

void Graph::adopt(LocationId id, std::uint64_t initial) {
    while (location_count_ <= id + 1) new_location().coherence.push_back(root);
    locations_[id].initial = initial;
    (*this)[root].position = 0;  // everywhere; the event may be memory that another one had
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
        event.follows_seq_cst = previous.follows_seq_cst;
        event.seq_csts = previous.seq_csts;
        event.fences = previous.fences;
    } else {
        event.before = event.prefix = event.unacquired = event.fenced = event.kernel = {};
        event.follows_seq_cst = false;
        event.seq_csts = event.fences = 0;
    }
    event.released = event.kernel_released = {};
    if (event.reads_from.exists()) {
        const Event& source = (*this)[event.reads_from];
        event.prefix.join(source.prefix);
        event.follows_seq_cst |= source.follows_seq_cst;
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
    if (event.order == std::memory_order_seq_cst) {
        event.follows_seq_cst = true;
        event.seq_csts = static_cast<std::uint8_t>(id.index + 1U);
        if (event.kind == EventKind::fence) event.fences = event.seq_csts;
    }
    const Clock itself = Clock::of(id.thread, id.index + 1U);
    event.before.join(itself);
    event.prefix.join(itself);
    event.kernel.join(itself);
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

void Graph::modify(EventId read, std::uint64_t value, std::size_t source) {
    Event& event = (*this)[read];
    become_modify(event, value);
    release(event);
    std::erase(at(event.location).readers, read);
    place(read, source + 1);
}

void Graph::become_modify(Event& read, std::uint64_t value) {
    read.kind = EventKind::modify;
    read.value = value;
    read.written = next_stamp_++;
}

void Graph::learn(EventId id, EventId from) {
    const Event& source = (*this)[from];
    Event& event = (*this)[id];
    event.before.join(source.before);
    event.prefix.join(source.prefix);
    event.kernel.join(source.kernel);
    event.follows_seq_cst |= source.follows_seq_cst;
    event.before.join(
        Clock::of(from.thread, from.index + 2U));  // with the plain data that was accessed after that event
}

/// Notes what a read reads, and which way it goes on. Returns: what it goes on to write, if it does.
Written Graph::link(Event& read, EventId write, unsigned chosen) {
    read.reads_from = write;
    read.value_read = value_of(write, read.location);
    read.chosen = chosen;
    const Modification& modification = read.modification;
    if (modification.kind == Modification::Kind::none) return {};
    const auto written = modification.after(read.value_read, chosen);
    read.order = written ? modification.order : modification.otherwise;
    return written;
}

Written Graph::set_reads_from(EventId read, EventId write, unsigned chosen) {
    Event& event = (*this)[read];
    Location& here = at(event.location);
    if (event.kind == EventKind::modify) {
        unplace(read);
        event.kind = EventKind::read;
    } else if (event.reads_from.exists()) {
        std::erase(here.readers, read);
    }
    event.value = 0;
    const auto written = link(event, write, chosen);
    here.readers.push_back(read);
    compute_clocks(read);
    return written;
}

Written Graph::read_latest(EventId read) {
    Event& event = (*this)[read];
    Location& here = at(event.location);
    const auto written = link(event, here.coherence.back(), 0);
    if (written) {
        become_modify(event, *written);
        event.position = static_cast<std::uint16_t>(here.coherence.size());
    }
    (written ? here.coherence : here.readers).push_back(read);
    compute_clocks(read);
    return written;
}

void Graph::place(EventId write, std::size_t position) {
    const Event& event = (*this)[write];
    Location& here = at(event.location);
    if (event.kind == EventKind::write) ++here.stores;
    here.coherence.insert(here.coherence.begin() + static_cast<std::ptrdiff_t>(position), write);
    renumber(here, position);
}

void Graph::unplace(EventId write) {
    const Event& event = (*this)[write];
    Location& here = at(event.location);
    if (event.kind == EventKind::write) --here.stores;
    here.coherence.erase(here.coherence.begin() + event.position);
    renumber(here, event.position);
}

/// Tells the writes of a location from position `from` on where they are.
void Graph::renumber(const Location& location, std::size_t from) {
    for (; from < location.coherence.size(); ++from)
        (*this)[location.coherence[from]].position = static_cast<std::uint16_t>(from);
}

std::size_t Graph::oldest_visible_before(const Location& here, std::size_t oldest, const Clock& known) const {
    while (oldest != 0 && !known.knows(here.coherence[oldest])) --oldest;
    // What a known read has seen hides what is older, too.
    for (const EventId reader : here.readers) {
        if (!known.knows(reader)) continue;
        const EventId seen = (*this)[reader].reads_from;
        if (!known.knows(seen)) oldest = std::max(oldest, position(seen));
    }
    return oldest;
}

EventId Graph::modified_by(LocationId location, std::size_t position) const {
    const auto& coherence = at(location).coherence;
    if (position + 1 >= coherence.size()) return {};
    const Event& next = (*this)[coherence[position + 1]];
    return next.kind == EventKind::modify && next.reads_from == coherence[position] ? coherence[position + 1]
                                                                                    : EventId{};
}

void Graph::remove_last(EventId id) {
    const Event& event = (*this)[id];
    if (event.kind == EventKind::init) {
        location_count_ = event.location;  // locations end in the reverse order of their beginning
    } else if (event.is_write()) {
        unplace(id);
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
    Part part{};
    const Clock& prefix = (*this)[last].prefix;
    for (unsigned thread = 0; thread != events_.size(); ++thread) {
        unsigned count = prefix[thread];
        while (count != sizes_[thread] && events_[thread][count].stamp < end) ++count;
        part[thread] = static_cast<std::uint16_t>(count);
    }
    return part;
}

void Graph::assign(const Graph& other, const Part& part) {
    if (this != &other) {
        next_stamp_ = other.next_stamp_;
        for (unsigned thread = 0; thread != events_.size(); ++thread) {
            const auto& from = other.events_[thread];
            auto& to = events_[thread];
            if (to.size() < part[thread]) to.resize(from.size());
            std::copy_n(from.begin(), part[thread], to.begin());
        }
    }
    sizes_ = part;
    const auto is_kept = [this](EventId id) { return id.index < sizes_[id.thread]; };
    const auto keep = [&is_kept](const std::vector<EventId>& from, std::vector<EventId>& to) {
        if (to.size() < from.size()) to.resize(from.size());
        to.erase(std::copy_if(from.begin(), from.end(), to.begin(), is_kept), to.end());
    };
    keep(other.order_, order_);
    // A location lives as long as its construction; the others close up, in the order of construction.
    const std::size_t locations = other.location_count_;
    location_count_ = 0;
    for (LocationId location = 0; location != locations; location += 2) {
        const EventId init = other.locations_[location].coherence.front();
        if (!is_kept(init)) continue;
        Event& construction = (*this)[init];
        if (construction.location != no_location) construction.location = static_cast<LocationId>(location_count_);
        for (const LocationId old : {location, location + 1}) {
            const auto renamed = static_cast<LocationId>(location_count_++);
            if (renamed == locations_.size()) locations_.emplace_back();
            const Location& from = other.locations_[old];
            Location& to = locations_[renamed];
            const std::size_t writes = from.coherence.size();
            keep(from.coherence, to.coherence);
            if (to.coherence.size() != writes) renumber(to, 0);
            keep(from.readers, to.readers);
            to.stores = from.stores == 0 ? 0 : stores_in(to);
            to.initial = from.initial;
            if (renamed == old) continue;
            for (const auto* ids : {&to.coherence, &to.readers})
                for (const EventId id : *ids)
                    if (id != init) (*this)[id].location = renamed;
        }
    }
}

unsigned Graph::stores_in(const Location& location) const {
    return static_cast<unsigned>(std::count_if(location.coherence.begin(), location.coherence.end(),
                                               [this](EventId id) { return (*this)[id].kind == EventKind::write; }));
}

}  // namespace heddle::engine::exhaustive

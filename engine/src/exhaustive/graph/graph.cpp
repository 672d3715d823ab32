#include "graph.hpp"

#include <algorithm>

namespace heddle::engine::exhaustive {

void Graph::clear() {
    Events::clear();
    alike_ = nullptr;
    locations_.shrink(0);
}

LocationId Graph::add_location(EventId init) {
    const auto id = static_cast<LocationId>(locations_.size());
    Location& value = locations_.add();
    value.coherence.push_back(init);
    value.initial = (*this)[init].value;
    locations_.add().coherence.push_back(init);
    (*this)[init].location = id;
    (*this)[init].position = 0;
    return id;
}

void Graph::adopt(LocationId id, std::uint64_t initial) {
    while (locations_.size() <= id + 1) locations_.add().coherence.push_back(root);
    locations_[id].initial = initial;
    (*this)[root].position = 0;  // everywhere; the event may be memory that another one had
}

void Graph::modify(EventId read, std::uint64_t value, std::size_t source) {
    Event& event = (*this)[read];
    become_modify(event, value);
    release(*this, event);
    std::erase(at(event.location).readers, read);
    place(read, source + 1);
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
    compute_clocks(*this, read);
    if (alike_ != nullptr) [[unlikely]]
        follow_counterpart(read);
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
    compute_clocks(*this, read);
    if (alike_ != nullptr) [[unlikely]]
        follow_counterpart(read);
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

/// Nothing but its thread knows of the event any longer. Requires: nothing depends on it.
void Graph::unlink(EventId id) {
    const Event& event = (*this)[id];
    if (event.kind == EventKind::init) {
        locations_.shrink(event.location);
    } else if (event.is_write()) {
        unplace(id);
    } else if (event.kind == EventKind::read && event.reads_from.exists()) {
        std::erase(at(event.location).readers, id);
    }
}

void Graph::cut_after(std::uint32_t last) {
    while (!order().empty() && (*this)[order().back()].stamp > last) {
        unlink(order().back());
        remove_last();
    }
}

void Graph::assign(const Graph& other, const Part& part) {
    Events::assign(other, part);
    alike_ = other.alike_;
    // A location lives as long as its construction; the others close up, in the order of construction.
    const std::size_t locations = other.locations();
    locations_.shrink(0);
    for (LocationId location = 0; location != locations; location += 2) {
        const EventId init = other.at(location).coherence.front();
        if (!contains(init)) continue;
        const auto renamed = static_cast<LocationId>(this->locations());
        if ((*this)[init].location != no_location) (*this)[init].location = renamed;
        for (const LocationId which : {0U, 1U}) {
            Location& to = locations_.add_used();
            assign_location(other.at(location + which), to);
            if (renamed == location) continue;
            for (const auto* ids : {&to.coherence, &to.readers})
                for (const EventId id : *ids)
                    if (id != init) (*this)[id].location = renamed + which;
        }
    }
}

void Graph::rename(const Renaming& to) {
    Events::rename(to);
    for (LocationId location = 0; location != locations(); ++location)
        for (auto* ids : {&locations_[location].coherence, &locations_[location].readers})
            for (EventId& id : *ids) id.thread = to[id.thread];
}

/// A location gets those events of another one that are there still.
void Graph::assign_location(const Location& from, Location& to) {
    const std::size_t writes = from.coherence.size();
    keep_of(*this, from.coherence, to.coherence);
    if (to.coherence.size() != writes) renumber(to, 0);
    keep_of(*this, from.readers, to.readers);
    const auto is_store = [this](EventId id) { return (*this)[id].kind == EventKind::write; };
    to.stores =
        from.stores == 0 ? 0 : static_cast<unsigned>(std::count_if(to.coherence.begin(), to.coherence.end(), is_store));
    to.initial = from.initial;
}

}  // namespace heddle::engine::exhaustive

#include "thread_states.hpp"

#include <utility>

#include "exhaustive/graph/queue_value.hpp"
#include "host/forget.hpp"

namespace heddle::engine::exhaustive {

void ThreadStates::abandon() {
    for (unsigned number = 0; number != count_; ++number) {
        Thread& thread = threads_[number];
        thread.state = ThreadState::ended;
        if (thread.body) forget(thread.body);  // never started
    }
    count_ = 0;
}

void ThreadStates::add(unsigned number, EventId spawned_by, std::function<void()> body) {
    count_ = std::max(count_, number + 1);
    Thread& thread = threads_[number];
    thread.state = ThreadState::runnable;
    thread.body = std::move(body);
    thread.spawned_by = spawned_by;
}

unsigned ThreadStates::first_in(ThreadState state) const {
    unsigned number = 0;
    while (number != count_ && threads_[number].state != state) ++number;
    return number;
}

bool ThreadStates::others_ended() const {
    return std::all_of(threads_.begin() + 1, threads_.begin() + count_,
                       [](const Thread& other) { return other.state == ThreadState::ended; });
}

bool ThreadStates::any_waits() const {
    return std::any_of(threads_.begin(), threads_.begin() + count_, [](const Thread& one) {
        return one.state == ThreadState::awaiting || one.state == ThreadState::asleep;
    });
}

void ThreadStates::await_unlock(LocationId mutex) {
    current().awaited = mutex;
    current().state = ThreadState::awaiting;
}

void ThreadStates::expect_change(std::vector<Seen> seen) {
    current().seen = std::move(seen);
    current().state = ThreadState::expecting;
}

void ThreadStates::note_awaiting(std::vector<std::pair<unsigned, LocationId>>& all) const {
    for (unsigned number = 0; number != count_; ++number)
        if (threads_[number].state == ThreadState::awaiting) all.emplace_back(number, threads_[number].awaited);
}

void ThreadStates::fall_asleep(EventId enqueued) {
    current().enqueued = enqueued;
    current().state = ThreadState::asleep;
}

// Not a switch: a jump through a table is mispredicted, and most threads are runnable.
bool ThreadStates::may_extend(unsigned number) const {
    const Thread& thread = threads_[number];
    if (thread.state == ThreadState::runnable) return true;
    if (has_left(thread.state)) return false;
    const Graph& graph = trace_.graph();
    if (thread.state == ThreadState::asleep) return remover_of(graph, thread.enqueued).exists();
    if (thread.state == ThreadState::joining) return others_ended();
    if (thread.state == ThreadState::awaiting) return Modification::to_lock().allows(latest_value(thread.awaited));
    return std::any_of(thread.seen.begin(), thread.seen.end(),
                       [this](const Seen& seen) { return latest_value(seen.location) != seen.value; });
}

std::uint64_t ThreadStates::latest_value(LocationId location) const {
    return trace_.graph().value_of(trace_.graph().at(location).coherence.back(), location);
}

EventId remover_of(const Graph& graph, EventId enqueued) {
    const auto self = static_cast<unsigned>(enqueued.thread);
    const auto& steps = graph.at(graph[enqueued].location).coherence;
    auto at = std::find(steps.begin(), steps.end(), enqueued);
    for (; at != steps.end(); ++at)
        if (!has_waiter(graph[*at].value, self)) return *at;
    return {};
}

}  // namespace heddle::engine::exhaustive

#include "run.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <utility>

#include "../forget.hpp"

namespace heddle::checker::exhaustive {

namespace {
constexpr std::chrono::nanoseconds clock_start = std::chrono::seconds(1);
}

// ---- running ----------------------------------------------------------------------------------------------------

RunEnd ExhaustiveRun::run(Explorer& explorer, unsigned first, bool record) {
    explorer_ = &explorer;
    abandon();
    end_.reset();
    stuck_ = false;
    spawned_ = 0;
    execution_.begin(record);
    set_current(this);
    start_thread(0, {}, [this] { main_body(); });
    repeat_graph();
    if (!end_) extend_graph(first);
    set_current(nullptr);
    return *end_;
}

/// What a run has left behind was cut off: its destructors do not run.
void ExhaustiveRun::abandon() {
    forget(program_);
    globals_.abandon_all();
    for (Thread& thread : threads_) {
        thread.locals.abandon();
        forget(thread.body);  // never started
    }
    threads_.clear();
}

std::optional<unsigned> ExhaustiveRun::next() {
    for (unsigned number = 0; stuck_ && number != threads_.size(); ++number) {
        const Thread& thread = threads_[number];
        if (thread.state != State::awaiting) continue;
        const Label read = read_of(thread.awaited, std::memory_order_relaxed, thread.awaits);
        explorer_->add_awaiting(graph().append(number, read));
    }
    return explorer_->next();
}

void ExhaustiveRun::start_thread(unsigned number, EventId spawned_by, std::function<void()> body) {
    while (threads_.size() <= number) threads_.emplace_back();
    Thread& thread = threads_[number];
    thread.state = State::runnable;
    thread.body = std::move(body);
    thread.now = clock_start;
    thread.spurious_left = model_.spurious_wakeups;
    fibers_.start(number, [this, number, spawned_by] {
        begin_thread(spawned_by);
        guarded([&] {
            const auto run = std::move(threads_[number].body);
            run();
        });
        if (number != 0) event({.kind = EventKind::end});
        current().state = State::ended;
    });
}

void ExhaustiveRun::begin_thread(EventId spawned_by) {
    event({.kind = EventKind::begin, .order = std::memory_order_acquire, .reads_from = spawned_by});
}

// The first thread: what happens before all others and after them.
void ExhaustiveRun::main_body() {
    globals_.construct_all();
    program_ = model_.by_specification ? model_.by_specification() : model_.checked();
    for (int index = 0; index != model_.threads; ++index) {
        const AllocateFor engine(nullptr);
        const EventId spawned = event({.kind = EventKind::spawn, .value = static_cast<std::uint64_t>(index) + 1});
        start_thread(static_cast<unsigned>(index) + 1, spawned, [this, index] {
            program_->thread(index);
            current().locals.run_at_exit();
        });
    }
    {
        const AllocateFor engine(nullptr);
        current().state = State::joining;
        const EventId joined = event({.kind = EventKind::join_all});
        current().state = State::runnable;
        for (unsigned other = 1; other != threads_.size(); ++other)
            if (threads_[other].next != 0)
                graph().learn(
                    joined, {static_cast<std::uint16_t>(other), static_cast<std::uint16_t>(threads_[other].next - 1U)});
    }
    program_->after();
    current().locals.run_at_exit();
    program_.reset();
    globals_.destroy_all();
    const AllocateFor engine(nullptr);
    if (const auto blocks = execution_.memory.live_blocks(); blocks != 0)
        fail(FailureKind::leak, std::to_string(blocks) + " block(s) of memory were never freed", Site{});
    end_ = RunEnd::complete;
}

template <class Body>
void ExhaustiveRun::guarded(Body body) {
    const AllocateFor model(&execution_.memory);
    try {
        body();
    } catch (const std::exception& error) {
        fail(FailureKind::exception, std::string("an exception left the thread: ") + error.what(), Site{});
    } catch (...) {
        fail(FailureKind::exception, "an exception left the thread", Site{});
    }
}

void ExhaustiveRun::resume(unsigned thread) {
    current_thread_ = thread;
    execution_.memory.use_arena(thread);
    fibers_.resume(thread);
}

/// Whether the thread's next event is known, and what it depends on has run.
bool ExhaustiveRun::may_repeat(unsigned number) const {
    const Thread& thread = threads_[number];
    const Graph& graph = explorer_->graph();
    const bool left = thread.state == State::ended || thread.state == State::given_up || thread.state == State::misfit;
    if (left || number >= graph.threads() || thread.next >= graph.size(number)) return false;
    const Event& next = graph[{static_cast<std::uint16_t>(number), static_cast<std::uint16_t>(thread.next)}];
    if (next.kind == EventKind::join_all)
        return std::all_of(threads_.begin() + 1, threads_.end(),
                           [](const Thread& other) { return other.state == State::ended; });
    const EventId source = next.reads_from;
    return !source.exists() || (source.thread < threads_.size() && source.index < threads_[source.thread].next);
}

void ExhaustiveRun::repeat_graph() {
    repeating_ = true;
    for (bool progress = true; progress && !end_;) {
        progress = false;
        for (unsigned thread = 0; thread != threads_.size() && !end_; ++thread) {
            if (!may_repeat(thread)) continue;
            resume(thread);
            progress = true;
        }
    }
    repeating_ = false;
}

bool ExhaustiveRun::may_extend(unsigned number) const {
    const Thread& thread = threads_[number];
    switch (thread.state) {
        case State::runnable:
            return true;
        case State::awaiting: {
            const Graph& graph = explorer_->graph();
            return thread.awaits.allows(graph.value_of(graph.at(thread.awaited).coherence.back(), thread.awaited));
        }
        case State::asleep:
            return remover_of(thread).exists();
        case State::joining:
            return std::all_of(threads_.begin() + 1, threads_.end(),
                               [](const Thread& other) { return other.state == State::ended; });
        case State::given_up:
        case State::misfit:
        case State::ended:
            return false;
    }
    return false;
}

void ExhaustiveRun::extend_graph(unsigned first) {
    if (first < threads_.size() && may_extend(first)) resume(first);
    while (!end_) {
        unsigned thread = 0;
        while (thread != threads_.size() && !may_extend(thread)) ++thread;
        if (thread != threads_.size()) {
            resume(thread);
            continue;
        }
        stuck_ = true;
        const auto any = [this](State state) {
            return std::any_of(threads_.begin(), threads_.end(),
                               [state](const Thread& other) { return other.state == state; });
        };
        end_ = any(State::misfit) ? RunEnd::inconsistent : any(State::given_up) ? RunEnd::blocked : RunEnd::failed;
        if (end_ == RunEnd::failed) {
            execution_.failure = Failure{.kind = FailureKind::deadlock,
                                         .message = "every thread that is left waits, and nobody can wake them"};
        }
    }
}

void ExhaustiveRun::stop(RunEnd end) {
    end_ = end;
    fibers_.suspend();
    std::abort();  // nobody resumes a fiber after the end of its run
}

void ExhaustiveRun::fail(FailureKind kind, std::string_view message, Site site) {
    const AllocateFor engine(nullptr);
    execution_.failure = Failure{.kind = kind, .message = std::string(message), .site = site, .thread = thread_index()};
    stop(RunEnd::failed);
}

std::uint64_t ExhaustiveRun::thread_index() { return number_of(std::max(current_thread_, 1U)); }

void* ExhaustiveRun::global(Globals::Factory factory) {
    if (void* const known = globals_.find(factory)) return known;
    const AllocateFor engine(nullptr);
    globals_.add(factory);
    stop(RunEnd::restart);
}

// ---- events -----------------------------------------------------------------------------------------------------

/// Waits for the turn of the thread. Returns: whether its next event is in the graph already.
bool ExhaustiveRun::next_is_known() {
    const unsigned thread = current_thread_;
    if (threads_[thread].next >= most_events_of_a_thread)
        fail(FailureKind::livelock,
             "a thread did not end within " + std::to_string(most_events_of_a_thread) + " events", Site{});
    for (;;) {
        if (may_repeat(thread)) return true;
        const bool known = thread < graph().threads() && threads_[thread].next < graph().size(thread);
        if (!known && !repeating_ && may_extend(thread)) return false;
        fibers_.suspend();
    }
}

void ExhaustiveRun::expect(const Label& wanted, const Label& known) {
    // A location is known by its construction; a choice and a spawned thread's number are the graph's.
    const bool has_value = wanted.kind == EventKind::write || wanted.kind == EventKind::init;
    const bool same = wanted.kind == known.kind &&
                      (wanted.kind == EventKind::init || wanted.location == known.location) &&
                      (!has_value || wanted.value == known.value) && wanted.modification == known.modification;
    if (!same) fail(FailureKind::nondeterminism, "the program did something else when it ran again", Site{});
}

/// Takes the thread's next step when its turn has come. `make` returns the event; if it is not in the graph yet, `link`
/// completes it there.
template <class Make, class Link>
EventId ExhaustiveRun::step(Make make, Link link) {
    const bool known = next_is_known();
    const EventId id = next_event();
    if (known) {
        expect(make(), graph()[id]);
    } else {
        graph().append(current_thread_, make());
        if (!link(id)) stop(RunEnd::inconsistent);
    }
    ++current().next;
    return id;
}

/// An event that no other decides.
EventId ExhaustiveRun::event(const Label& wanted) {
    return step([&] { return wanted; }, [](EventId) { return true; });
}

EventId ExhaustiveRun::init_event(std::uint64_t initial) {
    return step([&] { return Label{.kind = EventKind::init, .value = initial}; },
                [this](EventId id) {
                    graph().add_location(id);
                    return true;
                });
}

/// The end of a futex wait: the turn comes when a wake has taken the thread out of the queue.
EventId ExhaustiveRun::woken_event() {
    return step(
        [this] { return Label{.kind = EventKind::woken, .is_queue = true, .reads_from = remover_of(current())}; },
        [](EventId) { return true; });
}

EventId ExhaustiveRun::spawn_event() {
    return step([this] { return Label{.kind = EventKind::spawn, .value = unused_thread_number()}; },
                [](EventId) { return true; });
}

Label ExhaustiveRun::read_of(LocationId location, std::memory_order order, const Modification& modification) const {
    return {.kind = EventKind::read,
            .order = order,
            .is_queue = location % 2 == 1,
            .location = location,
            .modification = modification};
}

EventId ExhaustiveRun::read_event(LocationId location, std::memory_order order, const Modification& modification) {
    const Label wanted = read_of(location, order, modification);
    return step([&] { return wanted; }, [this](EventId id) { return explorer_->add_read(id); });
}

void ExhaustiveRun::write_event(LocationId location, std::uint64_t value, std::memory_order order) {
    const Label wanted{.kind = EventKind::write, .order = order, .location = location, .value = value};
    step([&] { return wanted; }, [this](EventId id) { return explorer_->add_write(id); });
}

unsigned ExhaustiveRun::choose(unsigned options) {
    const EventId id = step([&] { return Label{.kind = EventKind::choice, .options = options}; },
                            [this](EventId added) {
                                explorer_->add_choice(added);
                                return true;
                            });
    return static_cast<unsigned>(graph()[id].value);
}

/// A read-modify-write. Returns: whether it wrote; `before` is what it read.
bool ExhaustiveRun::modify(LocationId location, const Modification& modification, std::uint64_t& before) {
    const EventId read = read_event(location, std::memory_order_relaxed, modification);
    before = value_read(read);
    if (!graph()[read].exclusive) return false;
    ++current().next;  // the second half came with the read
    return true;
}

}  // namespace heddle::checker::exhaustive

#include "run.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <utility>

#include "queue_value.hpp"

namespace heddle::checker::exhaustive {

namespace {
constexpr std::chrono::nanoseconds clock_start = std::chrono::seconds(1);
}

// ---- running ----------------------------------------------------------------------------------------------------

RunEnd ExhaustiveRun::run(Explorer& explorer, unsigned first, bool record) {
    explorer_ = &explorer;
    program_.release();  // what the run before left behind was cut off, not destroyed
    globals_.abandon_all();
    for (Thread& thread : threads_)
        if (thread.body) new std::function<void()>(std::move(thread.body));  // never started
    threads_.clear();
    end_.reset();
    spawned_ = 0;
    execution_.begin(record);
    set_current(this);
    start_thread(0, {}, [this] { main_body(); });
    repeat_graph();
    if (!end_) extend_graph(first);
    set_current(nullptr);
    return *end_;
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
    program_ = model_.checked();
    for (int index = 0; index != model_.threads; ++index) {
        const AllocateFor engine(nullptr);
        const EventId spawned = event({.kind = EventKind::spawn, .value = static_cast<std::uint64_t>(index) + 1});
        start_thread(static_cast<unsigned>(index) + 1, spawned, [this, index] { program_->thread(index); });
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
    fibers_.resume(thread);
}

/// Whether the thread's next event is known, and what it depends on has run.
bool ExhaustiveRun::may_repeat(unsigned number) const {
    const Thread& thread = threads_[number];
    const Graph& graph = explorer_->graph();
    if (thread.state == State::ended || thread.state == State::given_up || number >= graph.threads() ||
        thread.next >= graph.size(number))
        return false;
    const Event& next = graph[{static_cast<std::uint16_t>(number), static_cast<std::uint16_t>(thread.next)}];
    if (next.kind == EventKind::join_all)
        return std::all_of(threads_.begin() + 1, threads_.end(),
                           [](const Thread& other) { return other.state == State::ended; });
    return !next.reads_from.exists() || next.reads_from.index < threads_[next.reads_from.thread].next;
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
        case State::asleep:
            return remover_of(thread).exists();
        case State::joining:
            return std::all_of(threads_.begin() + 1, threads_.end(),
                               [](const Thread& other) { return other.state == State::ended; });
        case State::given_up:
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
        const bool given_up = std::any_of(threads_.begin(), threads_.end(),
                                          [](const Thread& other) { return other.state == State::given_up; });
        end_ = given_up ? RunEnd::blocked : RunEnd::failed;
        if (!given_up) {
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

void ExhaustiveRun::expect(const Event& wanted, const Event& known) {
    const bool same = wanted.kind == known.kind && wanted.location == known.location &&
                      (wanted.kind != EventKind::write || wanted.value == known.value) &&
                      wanted.modification == known.modification;
    if (!same) fail(FailureKind::nondeterminism, "the program did something else when it ran again", Site{});
}

/// Takes the thread's next step, for events that no other decides.
EventId ExhaustiveRun::event(Event wanted) {
    const bool known = next_is_known();
    const EventId id = next_event();
    if (known) expect(wanted, graph()[id]);
    else graph().append(current_thread_, wanted);
    ++current().next;
    return id;
}

EventId ExhaustiveRun::read_event(LocationId location, std::memory_order order, const Modification& modification) {
    const Event wanted{.kind = EventKind::read,
                       .order = order,
                       .is_queue = location % 2 == 1,
                       .location = location,
                       .modification = modification};
    const bool known = next_is_known();
    const EventId id = next_event();
    if (known) {
        expect(wanted, graph()[id]);
    } else {
        graph().append(current_thread_, wanted);
        if (!explorer_->add_read(id)) stop(RunEnd::inconsistent);
    }
    ++current().next;
    return id;
}

void ExhaustiveRun::write_event(LocationId location, std::uint64_t value, std::memory_order order) {
    const Event wanted{.kind = EventKind::write, .order = order, .location = location, .value = value};
    const bool known = next_is_known();
    const EventId id = next_event();
    if (known) {
        expect(wanted, graph()[id]);
    } else {
        graph().append(current_thread_, wanted);
        if (!explorer_->add_write(id)) stop(RunEnd::inconsistent);
    }
    ++current().next;
}

/// A read-modify-write. Returns: whether it wrote; `before` is what it read.
bool ExhaustiveRun::modify(LocationId location, const Modification& modification, std::uint64_t& before) {
    const EventId read = read_event(location, std::memory_order_relaxed, modification);
    before = value_read(read);
    if (!graph()[read].exclusive) return false;
    ++current().next;  // the second half came with the read
    return true;
}

unsigned ExhaustiveRun::choose(unsigned options) {
    const Event wanted{.kind = EventKind::choice, .options = options};
    const bool known = next_is_known();
    const EventId id = next_event();
    if (known) {
        expect(wanted, graph()[id]);
    } else {
        graph().append(current_thread_, wanted);
        explorer_->add_choice(id);
    }
    ++current().next;
    return static_cast<unsigned>(graph()[id].value);
}

// ---- operations -------------------------------------------------------------------------------------------------

Object* ExhaustiveRun::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                                 std::optional<std::uint64_t> initial, Site site) {
    const AllocateFor engine(nullptr);
    const bool initialised = initial.has_value() || kind == ObjectKind::region;
    Object* const object = execution_.construct(kind, size, name, show, initialised, site);
    if (slots_.size() <= object->id) slots_.resize(object->id + 1);
    Slot& made = slot(*object);
    made = {};
    if (kind == ObjectKind::atomic) {
        const bool known = next_is_known();
        const EventId id = next_event();
        if (!known) {
            graph().append(current_thread_, {.kind = EventKind::init, .value = *initial});
            graph().add_location(id);
        } else if (graph()[id].kind != EventKind::init || graph()[id].value != *initial) {
            fail(FailureKind::nondeterminism, "the program did something else when it ran again", site);
        }
        ++current().next;
        slot(*object).location = graph()[id].location;
    } else if (initialised) {
        made.plain.writer = current_thread_;
        made.plain.written_at = current().next;
    }
    return object;
}

OperationResult ExhaustiveRun::perform(const Operation& op) {
    const AllocateFor engine(nullptr);
    Step* const step = execution_.step(thread_index(), op);
    OperationResult result;
    if (op.kind == OperationKind::fence) {
        event({.kind = EventKind::fence, .order = op.order});
        if (!seq_cst_consistent(graph())) stop(RunEnd::inconsistent);
    } else if (op.kind == OperationKind::yield) {
        yield();
    } else {
        Object& object = *op.object;
        if (!object.alive) fail(FailureKind::use_after_free, "an object is used after its destruction", op.site);
        Slot& slot = this->slot(object);
        if (object.kind == ObjectKind::atomic) check_published(slot.location, op.site);
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
                object.alive = false;
                break;
            case OperationKind::wait:
                result = wait(slot, op);
                break;
            case OperationKind::wake:
                result = wake(slot, op);
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

void ExhaustiveRun::check_published(LocationId location, Site site) {
    const EventId init = graph().at(location).coherence.front();
    if (init.index >= graph()[last_event()].before[init.thread])
        fail(FailureKind::uninitialised_read, "an atomic is used by a thread that cannot know its first value", site);
}

OperationResult ExhaustiveRun::load(Slot& slot, const Operation& op, Step* step) {
    const EventId read = read_event(slot.location, op.order);
    if (step != nullptr) step->stale = graph()[read].reads_from != graph().at(slot.location).coherence.back();
    return {.value = value_read(read)};
}

OperationResult ExhaustiveRun::read_modify_write(Slot& slot, const Operation& op) {
    const bool weak = op.kind == OperationKind::compare_exchange_weak;
    const bool compares = weak || op.kind == OperationKind::compare_exchange_strong;
    if (weak && current().weak_cas_may_fail && choose(2) == 1) {
        const std::uint64_t before = value_read(read_event(slot.location, op.failure_order));
        if (before != op.expected) stop(RunEnd::blocked);  // it would fail with cause: that is another execution
        current().weak_cas_may_fail = false;
        return {.value = before, .success = false};
    }
    const Modification modification{.kind = compares ? Modification::Kind::compare : Modification::Kind::modify,
                                    .operation = op.kind,
                                    .size = op.object->size,
                                    .order = op.order,
                                    .otherwise = op.failure_order,
                                    .operand = op.value,
                                    .expected = op.expected};
    OperationResult result;
    result.success = modify(slot.location, modification, result.value);
    return result;
}

void ExhaustiveRun::access_plain(Object& object, Slot& slot, const Operation& op) {
    const bool writes = op.kind == OperationKind::write;
    PlainAccesses& accesses = slot.plain;
    if (!writes && !object.initialised)
        fail(FailureKind::uninitialised_read, "plain data is read before it was written", op.site);
    const Clock& known = graph()[last_event()].before;
    std::optional<unsigned> other;
    if (accesses.writer && *accesses.writer != current_thread_ && known[*accesses.writer] <= accesses.written_at)
        other = accesses.writer;
    for (unsigned thread = 0; writes && thread != threads_.size(); ++thread) {
        const bool unseen = accesses.read_at[thread] != 0 && known[thread] <= accesses.read_at[thread] - 1U;
        if (thread != current_thread_ && unseen) other = thread;
    }
    if (other) {
        execution_.failure = Failure{.kind = FailureKind::data_race,
                                     .message = "two threads access '" + name_of(execution_, object) +
                                                "' at the same time, at least one of them writes",
                                     .site = op.site,
                                     .thread = thread_index(),
                                     .object = &object,
                                     .other_thread = number_of(*other)};
        stop(RunEnd::failed);
    }
    if (writes) {
        object.initialised = true;
        accesses = {.writer = current_thread_, .written_at = current().next};
    } else {
        accesses.read_at[current_thread_] = static_cast<std::uint16_t>(current().next + 1);
    }
}

OperationResult ExhaustiveRun::wait(Slot& slot, const Operation& op) {
    const auto answer = [](WaitResult result) { return OperationResult{.value = static_cast<std::uint64_t>(result)}; };
    const unsigned self = current_thread_;
    const LocationId word = slot.location;
    const LocationId queue = word + 1;
    if (value_read(read_event(word, std::memory_order_relaxed)) != op.expected) return answer(WaitResult::changed);
    const bool timed = !op.deadline.is_never();
    if (timed && op.deadline.passed(current().now)) return answer(WaitResult::timed_out);
    const bool spurious = !timed && current().spurious_left != 0 && choose(2) == 1;

    std::uint64_t waiters = 0;
    modify(queue, {.kind = Modification::Kind::enqueue, .operand = self}, waiters);
    if (timed || spurious) {
        const bool still_waited = modify(queue, {.kind = Modification::Kind::dequeue, .operand = self}, waiters);
        if (spurious) {
            if (!still_waited) stop(RunEnd::blocked);  // a wake came first: that is the execution without the choice
            --current().spurious_left;
            return answer(WaitResult::woken);
        }
        if (!still_waited) return answer(WaitResult::woken);
        current().now = std::max(current().now, op.deadline.since_epoch());
        return answer(WaitResult::timed_out);
    }
    Thread& me = current();
    me.enqueued = last_event();
    me.state = State::asleep;
    const bool known = next_is_known();
    const EventId id{static_cast<std::uint16_t>(self), static_cast<std::uint16_t>(me.next)};
    if (known) expect({.kind = EventKind::woken}, graph()[id]);
    else graph().append(self, {.kind = EventKind::woken, .is_queue = true, .reads_from = remover_of(me)});
    ++me.next;
    me.state = State::runnable;
    return answer(WaitResult::woken);
}

/// The step on the queue that took a sleeping thread out of it, if there is one.
EventId ExhaustiveRun::remover_of(const Thread& thread) const {
    const Graph& graph = explorer_->graph();
    const auto self = static_cast<unsigned>(thread.enqueued.thread);
    const auto& steps = graph.at(graph[thread.enqueued].location).coherence;
    auto at = std::find(steps.begin(), steps.end(), thread.enqueued);
    for (; at != steps.end(); ++at)
        if (!has_waiter(graph[*at].value, self)) return *at;
    return {};
}

OperationResult ExhaustiveRun::wake(Slot& slot, const Operation& op) {
    std::uint64_t waiters = 0;
    modify(slot.location + 1, {.kind = Modification::Kind::wake, .operand = op.value}, waiters);
    return {.value = std::min<std::uint64_t>(op.value, waiters_in(waiters))};
}

void ExhaustiveRun::yield() {
    if (current().yields++ < most_yields_of_a_thread) return;
    current().state = State::given_up;
    fibers_.suspend();
    std::abort();  // a thread that was given up is not resumed
}

void ExhaustiveRun::spawn(std::function<void()> body, Site site) {
    const AllocateFor engine(nullptr);
    Step* const step = execution_.step(thread_index(), {.kind = OperationKind::spawn, .site = site});
    if (std::cmp_equal(spawned_, model_.dynamic_threads)) {
        fail(FailureKind::misuse,
             "the model starts more threads than its dynamic_threads (" + std::to_string(model_.dynamic_threads) + ")",
             site);
    }
    ++spawned_;
    const bool known = next_is_known();
    const EventId id = next_event();
    if (!known) {
        // The smallest number that no thread of the graph has.
        auto number = static_cast<std::uint64_t>(model_.threads) + 1;
        const auto taken = [&](std::uint64_t candidate) {
            return std::any_of(graph().order().begin(), graph().order().end(), [&](EventId other) {
                return graph()[other].kind == EventKind::spawn && graph()[other].value == candidate;
            });
        };
        while (taken(number)) ++number;
        graph().append(current_thread_, {.kind = EventKind::spawn, .value = number});
    } else {
        expect({.kind = EventKind::spawn}, graph()[id]);
    }
    ++current().next;
    const auto number = static_cast<unsigned>(graph()[id].value);
    start_thread(number, id, std::move(body));
    if (step != nullptr) {
        step->result.value = number_of(number);
        step->finished = true;
    }
}

}  // namespace heddle::checker::exhaustive

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

RunEnd ExhaustiveRun::run(Decider& decider, unsigned first, bool record) {
    decider_ = &decider;
    graph_ = &decider.graph();
    record_ = record;
    course_.clear();
    abandon();
    end_.reset();
    stuck_ = false;
    imagined_.reset();
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
    for (unsigned number = 0; number != thread_count_; ++number) {
        threads_[number].locals.abandon();
        forget(threads_[number].body);  // never started
    }
    thread_count_ = 0;
    events_run_ = {};
}

std::optional<unsigned> ExhaustiveRun::next(Explorer& explorer) {
    for (unsigned number = 0; stuck_ && number != thread_count_; ++number) {
        const Thread& thread = threads_[number];
        if (thread.state != State::awaiting) continue;
        const Label read = read_of(thread.awaited, std::memory_order_relaxed, thread.awaits);
        explorer.add_awaiting(graph().append(number, read));
    }
    return explorer.next();
}

void ExhaustiveRun::start_thread(unsigned number, EventId spawned_by, std::function<void()> body) {
    for (; thread_count_ <= number; ++thread_count_) threads_[thread_count_] = {};
    Thread& thread = threads_[number];
    thread.state = State::runnable;
    thread.body = std::move(body);
    thread.now = clock_start;
    thread.spurious_left = model_.spurious_wakeups;
    fibers_.start(number, [this, number, spawned_by] {
        begin_event(spawned_by);
        guarded([&] {
            const auto run = std::move(threads_[number].body);
            run();
        });
        const AllocateFor engine(nullptr);
        if (imagined_) give_up_imagined();
        if (events_run_[number] < graph().size(number)) did_something_else();
        threads_[number].state = State::ended;
    });
}

// The first thread: what happens before all others and after them.
void ExhaustiveRun::main_body() {
    globals_.construct_all();
    program_ = model_.by_specification ? model_.by_specification() : model_.checked();
    {
        const AllocateFor engine(nullptr);
        const EventId spawned = start_event();
        for (int index = 0; index != model_.threads; ++index)
            start_thread(static_cast<unsigned>(index) + 1, spawned, [this, index] {
                program_->thread(index);
                current().locals.run_at_exit();
            });
    }
    {
        const AllocateFor engine(nullptr);
        current().state = State::joining;
        const EventId joined = join_event();
        current().state = State::runnable;
        for (unsigned other = 1; other != thread_count_; ++other)
            if (events_run_[other] != 0) graph().learn(joined, last_event(other));
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
    if (has_left(thread) || events_run_[number] >= graph().size(number)) return false;
    return has_run_source(graph()[{static_cast<std::uint16_t>(number), events_run_[number]}]);
}

bool ExhaustiveRun::has_run_source(const Event& event) const {
    const EventId source = event.reads_from;
    if (source.exists()) return source.index < events_run_[source.thread];
    return event.kind != EventKind::join_all || others_ended();
}

bool ExhaustiveRun::has_left(const Thread& thread) {
    return thread.state == State::ended || thread.state == State::spinning || thread.state == State::given_up ||
           thread.state == State::misfit;
}

bool ExhaustiveRun::others_ended() const {
    return std::all_of(threads_.begin() + 1, threads_.begin() + thread_count_,
                       [](const Thread& other) { return other.state == State::ended; });
}

void ExhaustiveRun::repeat_graph() {
    repeating_ = true;
    for (bool progress = true; progress && !end_;) {
        progress = false;
        for (unsigned thread = 0; thread != thread_count_ && !end_; ++thread) {
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
            const Graph& graph = this->graph();
            return thread.awaits.allows(graph.value_of(graph.at(thread.awaited).coherence.back(), thread.awaited));
        }
        case State::asleep:
            return remover_of(thread).exists();
        case State::joining:
            return others_ended();
        case State::spinning:
        case State::given_up:
        case State::misfit:
        case State::ended:
            return false;
    }
    return false;
}

void ExhaustiveRun::extend_graph(unsigned first) {
    const auto find = [this](auto accepts) {
        unsigned thread = 0;
        while (thread != thread_count_ && !(may_extend(thread) && accepts(thread))) ++thread;
        return thread;
    };
    const auto has_its_turn = [this](unsigned thread) { return decider_->is_turn_of(thread); };
    if (first < thread_count_ && may_extend(first) && has_its_turn(first)) resume(first);
    while (!end_) {
        const unsigned thread = find(has_its_turn);
        if (thread != thread_count_) {
            resume(thread);
            continue;
        }
        stuck_ = find([](unsigned) { return true; }) == thread_count_;
        end_ = stuck_ ? end_of_stuck() : RunEnd::inconsistent;
    }
}

/// No thread can take a step. Says what that means.
RunEnd ExhaustiveRun::end_of_stuck() {
    const auto find = [this](State state) {
        unsigned number = 0;
        while (number != thread_count_ && threads_[number].state != state) ++number;
        return number;
    };
    if (find(State::misfit) != thread_count_) return RunEnd::inconsistent;
    if (find(State::given_up) != thread_count_) return RunEnd::blocked;
    for (unsigned number = 0; number != thread_count_; ++number)
        if (threads_[number].state == State::spinning && !spins_for_ever(number)) return RunEnd::blocked;
    const unsigned spins = find(State::spinning);
    if (spins == thread_count_) {
        execution_.failure = Failure{.kind = FailureKind::deadlock,
                                     .message = "every thread that is left waits, and nobody can wake them"};
    } else {
        execution_.failure = Failure{.kind = FailureKind::livelock,
                                     .message = "a thread waits in a loop for what no other thread is left to write",
                                     .thread = number_of(spins)};
    }
    return RunEnd::failed;
}

void ExhaustiveRun::stop(RunEnd end) {
    end_ = end;
    fibers_.suspend();
    std::abort();  // nobody resumes a fiber after the end of its run
}

void ExhaustiveRun::fail(FailureKind kind, std::string_view message, Site site) {
    const AllocateFor engine(nullptr);
    if (imagined_) give_up_imagined();
    execution_.failure = Failure{.kind = kind, .message = std::string(message), .site = site, .thread = thread_index()};
    stop(RunEnd::failed);
}

void* ExhaustiveRun::global(Globals::Factory factory) {
    if (void* const known = globals_.find(factory)) return known;
    const AllocateFor engine(nullptr);
    globals_.add(factory);
    stop(RunEnd::restart);
}

}  // namespace heddle::checker::exhaustive

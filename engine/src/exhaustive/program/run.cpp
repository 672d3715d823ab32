#include "run.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "host/forget.hpp"

namespace heddle::checker::exhaustive {

namespace {
constexpr std::chrono::nanoseconds clock_start = std::chrono::seconds(1);
}

void ExhaustiveRun::begin(const Model& model) {
    model_ = &model;
    globals_ = {};
    known_turns_.clear();
    not_waits_.clear();
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
    start_thread(0, {});
    repeating_ = true;
    first_ = first;
    current_thread_ = 0;
    execution_.memory.use_arena(0);
    fibers_.switch_to(0);
    set_current(nullptr);
    return *end_;
}

/// What a run has left behind was cut off: its destructors do not run.
void ExhaustiveRun::abandon() {
    forget(program_);
    globals_.abandon_all();
    for (unsigned number = 0; number != thread_count_; ++number) {
        Thread& thread = threads_[number];
        thread.state = State::ended;
        thread.locals.abandon();
        if (thread.body) forget(thread.body);  // never started
    }
    thread_count_ = 0;
    events_run_ = {};
}

std::optional<unsigned> ExhaustiveRun::next(Explorer& explorer) {
    for (unsigned number = 0; stuck_ && number != thread_count_; ++number) {
        const Thread& thread = threads_[number];
        if (thread.state != State::awaiting) continue;
        const Label read = Label::read(thread.awaited, std::memory_order_relaxed, Modification::to_lock());
        explorer.add_awaiting(graph().append(number, read));
    }
    return explorer.next();
}

void ExhaustiveRun::start_thread(unsigned number, EventId spawned_by, std::function<void()> body) {
    thread_count_ = std::max(thread_count_, number + 1);
    Thread& thread = threads_[number];
    thread.state = State::runnable;
    thread.body = std::move(body);
    thread.spawned_by = spawned_by;
    thread.now = clock_start;
    thread.spurious_left = model_->spurious_wakeups;
    thread.weak_cas_may_fail = true;
    thread.yields = 0;
    thread.site = 0;
    fibers_.start(number);
}

void ExhaustiveRun::thread_main(unsigned number) {
    begin_event(threads_[number].spawned_by);
    guarded([&] {
        if (number == 0) {
            main_body();
        } else if (std::cmp_less_equal(number, model_->threads)) {
            program_->thread(static_cast<int>(number) - 1);
            threads_[number].locals.run_at_exit();
        } else {
            const auto body = std::move(threads_[number].body);
            body();
        }
    });
    const AllocateFor engine(nullptr);
    if (imagined_) give_up_imagined();
    if (events_run_[number] < graph().size(number)) did_something_else();
    leave(State::ended);
}

// The first thread: what happens before all others and after them.
void ExhaustiveRun::main_body() {
    globals_.construct_all();
    program_ = model_->by_specification ? model_->by_specification() : model_->checked();
    {
        const AllocateFor engine(nullptr);
        const EventId spawned = start_event();
        for (int index = 0; index != model_->threads; ++index) start_thread(static_cast<unsigned>(index) + 1, spawned);
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
void ExhaustiveRun::guarded(const Body& body) {
    const AllocateFor model(&execution_.memory);
    try {
        body();
    } catch (const std::exception& error) {
        fail(FailureKind::exception, std::string("an exception left the thread: ") + error.what(), Site{});
    } catch (...) {
        fail(FailureKind::exception, "an exception left the thread", Site{});
    }
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

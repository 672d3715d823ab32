#include "run.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "host/forget.hpp"

namespace heddle::engine::exhaustive {

namespace {
constexpr std::chrono::nanoseconds clock_start = std::chrono::seconds(1);
}

void ExhaustiveRun::begin(const Program& program, const Weakening* weakening) {
    program_ = &program;
    set_weakening(weakening);
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
    clear_execution_slot();
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
    forget(instance_);
    for (unsigned number = 0; number != thread_count_; ++number) {
        Thread& thread = threads_[number];
        thread.state = State::ended;
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
    thread.slot = nullptr;
    thread.spurious_left = program_->spurious_wakeups;
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
        } else if (std::cmp_less_equal(number, program_->threads)) {
            instance_->thread(static_cast<int>(number) - 1);
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
    instance_ = program_->make();
    {
        const AllocateFor engine(nullptr);
        const EventId spawned = start_event();
        for (int index = 0; index != program_->threads; ++index)
            start_thread(static_cast<unsigned>(index) + 1, spawned);
    }
    {
        const AllocateFor engine(nullptr);
        current().state = State::joining;
        const EventId joined = join_event();
        current().state = State::runnable;
        for (unsigned other = 1; other != thread_count_; ++other)
            if (events_run_[other] != 0) graph().learn(joined, last_event(other));
    }
    instance_->after();
    instance_.reset();
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

}  // namespace heddle::engine::exhaustive

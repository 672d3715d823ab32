// What a program asks for, step by step.
#include <utility>

#include "execution/dispatch.hpp"
#include "execution/words.hpp"
#include "door.hpp"
#include "host/digest.hpp"

namespace heddle::engine::exhaustive {

/// A step of the running thread begins. Returns: null unless it is recorded.
[[gnu::always_inline]] inline Step* Door::begin_step(const Operation& op) {
    return execution_.is_recording() ? begins_here(&execution_.note(trace_.shown_running(), op)) : nullptr;
}

/// Says where in the graph a recorded step begins.
Step* Door::begins_here(Step* step) const {
    step->fiber = trace_.running();
    step->first_event = trace_.events_run();
    return step;
}

Object* Door::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                        std::optional<std::uint64_t> initial, Site site) {
    const AllocateFor engine(nullptr);
    learning_.spoil();
    loops_.end_imagination();
    Object* const object = execution_.construct(kind, size, name, show, initial.has_value(), site);
    if (execution_.is_recording()) begins_here(execution_.construction(trace_.shown_running(), *object, initial));
    operations_.begin_object(*object, initial);
    return object;
}

/// An operation on what is no object, or is one no more.
OperationResult Door::refuse(const Operation& op) {
    if (op.kind == OperationKind::wake) return {};  // the kernel does not look at a word that is gone
    loops_.end_imagination();
    Operation shown = op;
    Failure wrong = execution_.misuse_of(shown);
    begin_step(shown);
    schedule_.fail(std::move(wrong));
}

OperationResult Door::step(const Operation& op) {
    return learning_.is_learning() || retries_.has_asked() ? step_watched(op) : take_step(op);
}

/// Somebody asks for some threads' steps.
OperationResult Door::step_watched(const Operation& op) {
    if (learning_.is_learning()) return step_and_learn(op);
    return retries_.is_asking() ? step_and_ask(op) : take_step(op);
}

/// As step_and_ask().
OperationResult Door::step_and_learn(const Operation& op) {
    if (learning_.arrives(op)) learning_.arrive(digest_of_frames_alone(), operations_.weak_cas_may_fail());
    const OperationResult result = retries_.is_asking() ? step_and_ask(op) : take_step(op);
    learning_.took(op);
    return result;
}

/// Small, so that its frame has nothing in it but what it has saved for its caller.
OperationResult Door::step_and_ask(const Operation& op) {
    if (comes_to(op)) {
        note_coming(op);
        if (program_->adopter != nullptr) arrive_in_adopted();
        if (!retries_.paints()) retries_.arrive(digest_of_frames_alone(), {});
        clear_below();
        arrive_with_frames();
    }
    const OperationResult result = take_step(op);
    if (retries_.is_trial()) {
        retries_.forget(op);
        if (retries_.paints()) clear_below(retries_.paint());
    }
    return result;
}

/// By itself, so that what it hands on lies in no frame that is compared.
void Door::note_coming(const Operation& op) { retries_.come_to(op, location_of(op), operations_.compared(op)); }

void Door::arrive_with_frames() {
    const AllocateFor engine(nullptr);
    Frames frames;
    copy_frames(frames);
    retries_.arrive(ThreadVariables::digest(0), std::move(frames));
}

/// What an adopted program has left behind, its front end knows, if anybody does.
void Door::arrive_in_adopted() {
    const AllocateFor engine(nullptr);
    Frames frames;
    const auto left_behind = program_->adopter->left_behind(frames);
    if (left_behind) retries_.arrive(*left_behind, std::move(frames));
    schedule_.stop(RunEnd::inconsistent);
}

/// Whether a trial asks for how the thread comes to it.
bool Door::comes_to(const Operation& op) {
    if (!retries_.is_trial() && (!Retries::may_begin_turn(op.kind) || loops_.is_answering())) return false;
    const AllocateFor engine(nullptr);
    return (op.object == nullptr || execution_.is_usable(op)) && retries_.arrives(op, location_of(op));
}

OperationResult Door::take_step(const Operation& op) {
    const AllocateFor engine(nullptr);
    if (!execution_.is_usable(op)) return Execution::needs_no_object(op.kind) ? step_without_object(op) : refuse(op);
    Step* const step = begin_step(op);
    trace_.arrive(op.site);
    if (loops_.is_answering())
        if (const auto answer = loops_.answer(op, operations_.location(*op.object))) return finished(step, *answer);
    return finished(step, dispatch(operations_, op));
}

/// A fence or a yield.
OperationResult Door::step_without_object(const Operation& op) {
    Step* const step = begin_step(op);
    trace_.arrive(op.site);
    if (op.kind == OperationKind::yield) {
        if (!loops_.yield(op.site)) return {};  // the step is forgotten
    } else {
        if (loops_.is_answering())
            if (const auto answer = loops_.answer(op, no_location)) return finished(step, *answer);
        recorder_.fence(op.order);
    }
    return finished(step, {});
}

std::uint64_t Door::spawn(std::function<void()> body, Site site) {
    const AllocateFor engine(nullptr);
    learning_.spoil();
    loops_.end_imagination();
    Step* const step = begin_step({.kind = OperationKind::spawn, .site = site});
    if (std::cmp_equal(spawned_, program_->spawned_threads))
        schedule_.fail({.kind = FailureKind::misuse,
                        .message = words::one_thread_too_many(program_->spawned_threads),
                        .site = site});
    ++spawned_;
    const EventId spawned = recorder_.spawn(static_cast<unsigned>(program_->threads) + 1);
    const auto number = static_cast<unsigned>(trace_.graph()[spawned].value);
    begin_thread(number, spawned, std::move(body));
    return finished(step, {.value = Trace::index_of(number)}).value;
}

void Door::leave_out(std::string_view what) {
    const AllocateFor engine(nullptr);
    if (std::find(cuts_.begin(), cuts_.end(), what) == cuts_.end()) cuts_.emplace_back(what);
}

void Door::cut(std::string_view what) {
    const AllocateFor engine(nullptr);
    loops_.end_imagination();
    leave_out(what);
    schedule_.leave(ThreadState::given_up);
}

void Door::begin_thread(unsigned thread, EventId spawned_by, std::function<void()> body) {
    trace_.begin_thread(thread);
    loops_.begin_thread(thread);
    blocking_.begin_thread(thread, program_->spurious_wakeups, program_->time_outs);
    operations_.begin_thread(thread, program_->weak_failures != 0);
    thread_slots_[thread] = nullptr;
    if (program_->adopter != nullptr) program_->adopter->begin_thread(thread);
    schedule_.start_thread(thread, spawned_by, std::move(body));
}

void Door::fail(FailureKind kind, std::string_view message, Site site) {
    const AllocateFor engine(nullptr);
    loops_.end_imagination();
    schedule_.fail({.kind = kind, .message = std::string(message), .site = site, .calls = execution_.calls()});
}

/// Whoever compares an address that it has read before is fooled by memory that is used again (ABA): it is, as in an
/// allocator with a cache for each thread, where the thread has seen the address in an atomic. Elsewhere nobody compares.
std::span<const std::uint64_t> Door::seen() { return races_.seen(); }

unsigned Door::choose_memory(std::size_t candidates) {
    learning_.spoil();
    loops_.end_imagination();
    return recorder_.choose(static_cast<unsigned>(candidates) + 1);
}

/// What runs after the execution is the engine, not the program.
void Door::restart() {
    const AllocateFor engine(nullptr);
    schedule_.stop(RunEnd::restart);
}

}  // namespace heddle::engine::exhaustive

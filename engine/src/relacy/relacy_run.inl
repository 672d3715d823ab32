// Included by relacy_run.hpp alone.
#pragma once

namespace heddle::engine::relacy {

template <int threads>
void RelacyRun<threads>::reset() {
    execution().forget_what_is_shared();
    execution_.forget_cuts();
    abandon();
    wants_restart_ = false;
}

template <int threads>
void RelacyRun<threads>::abandon() {
    forget(instance_);
    for (auto& body : bodies_) forget(body);
    bodies_.clear();
}

template <int threads>
void RelacyRun<threads>::begin_execution() {
    execution().begin(record_);
    thread_slots_.fill(nullptr);
    clear_execution_slot();
    memory_.begin();
    blocking_.begin();
    loops_.begin();
    ThreadVariables::begin();
    guarded(*this, execution(), [this] {
        if (program().hands_memory_on) freed_memory_.begin(*this, execution());
        instance_ = program().make();
    });
    first_variables_.take();
    execution_.be_concurrent(true);
}

template <int threads>
void RelacyRun<threads>::run_thread(int fiber) {
    ExceptionsOfThisFiber::clear();
    ThreadVariables::begin();
    const auto spawned = execution_.number_of(fiber) - static_cast<std::uint64_t>(program().threads);
    guarded(*this, execution(), [&] {
        if (fiber < program().threads) {
            thread_slots_[static_cast<std::size_t>(fiber)] = nullptr;
            instance_->thread(fiber);
        } else if (spawned < bodies_.size()) {
            const auto body = std::move(bodies_[spawned]);
            body();
        }
    });
}

template <int threads>
void RelacyRun<threads>::after() {
    execution_.be_concurrent(false);
    first_variables_.give();
    guarded(*this, execution(), [this] { instance_->after(); });
}

template <int threads>
void RelacyRun<threads>::end_execution() {
    guarded(*this, execution(), [this] {
        instance_.reset();
        if (program().hands_memory_on) freed_memory_.end(execution());
    });
    bodies_.clear();
    longest_execution_ = std::max(longest_execution_, execution().step_count());
    const AllocateFor engine(nullptr);
    if (auto leak = execution().leak()) execution_.fail(*std::move(leak));
}

template <int threads>
Object* RelacyRun<threads>::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                                      std::optional<std::uint64_t> initial, Site site) {
    const AllocateFor engine(nullptr);
    Object* const object = execution().construct(kind, size, name, show, initial.has_value(), site);
    if (Step* const made = execution().construction(execution_.shown_running(), *object, initial))
        made->took_effect = execution().tick();
    choices_->takes_step({.kind = OperationKind::construct, .object = object, .value = initial.value_or(0)});
    operations_.construct(*object, initial);
    return object;
}

/// An operation on what is no object, or is one no more.
template <int threads>
void RelacyRun<threads>::misuse(Operation op) {
    Failure wrong = execution().misuse_of(op);
    execution().step(execution_.shown_running(), op);
    execution_.fail(std::move(wrong));
}

/// Notes that a step takes effect now, if it is recorded.
template <int threads>
OperationResult RelacyRun<threads>::finishes(Step* step, const OperationResult& result) {
    if (step != nullptr) step->took_effect = execution().tick();
    return finished(step, result);
}

template <int threads>
OperationResult RelacyRun<threads>::step(const Operation& op) {
    const AllocateFor engine(nullptr);
    const ExceptionsOfThisFiber exceptions;
    if (!Execution::needs_no_object(op.kind) && !execution().is_usable(op)) {
        if (op.kind == OperationKind::wake) return {};  // the kernel does not look at a word that is gone
        misuse(op);
    }
    Step* const step = execution().step(execution_.shown_running(), op);
    choices_->takes_step(op);
    if (op.order == std::memory_order_seq_cst && !std::exchange(has_barriers_, true)) restart();
    if (op.kind == OperationKind::wait && has_barriers_) memory_.barrier();
    OperationResult result;
    if (op.object != nullptr) {
        if (loops_.is_in_vain())
            if (const auto look = loops_.look(operations_.slot(op), op)) return finishes(step, *look);
        result = dispatch(operations_, op);
        operations_.check_survived(op);
    } else if (op.kind == OperationKind::fence) {
        memory_.fence(op.order);
    } else {
        yield(op.site);
    }
    return finishes(step, result);
}

template <int threads>
void RelacyRun<threads>::yield(Site site) {
    if (execution_.is_concurrent() && loops_.goes_on(site, [this] { restart(); })) return;
    blocking_.yield();
}

template <int threads>
void RelacyRun<threads>::leave_out(std::string_view what) {
    const AllocateFor engine(nullptr);
    execution_.leave_out(std::string(what));
}

template <int threads>
void RelacyRun<threads>::cut(std::string_view what) {
    const AllocateFor engine(nullptr);
    execution_.cut(std::string(what));
}

template <int threads>
std::uint64_t RelacyRun<threads>::spawn(std::function<void()> body, Site site) {
    const AllocateFor engine(nullptr);
    const ExceptionsOfThisFiber exceptions;
    Step* const step = execution().step(execution_.shown_running(), {.kind = OperationKind::spawn, .site = site});
    rl::context& context = rl::ctx();
    context.sched();
    if (std::cmp_equal(bodies_.size(), program().spawned_threads))
        execution_.fail({.kind = FailureKind::misuse,
                         .message = words::one_thread_too_many(program().spawned_threads),
                         .site = site});
    const auto number = static_cast<std::uint64_t>(program().threads) + bodies_.size();
    bodies_.push_back(std::move(body));
    context.create_thread(
        +[](void*) -> void* { return nullptr; }, nullptr);
    return finishes(step, {.value = number}).value;
}

template <int threads>
void RelacyRun<threads>::fail(FailureKind kind, std::string_view message, Site site) {
    const AllocateFor engine(nullptr);
    execution_.fail({.kind = kind, .message = std::string(message), .site = site, .calls = execution().calls()});
}

template <int threads>
void RelacyRun<threads>::restart() {
    const AllocateFor engine(nullptr);  // what runs after the execution is the engine, not the program
    wants_restart_ = true;
    execution_.stop();
}

}  // namespace heddle::engine::relacy

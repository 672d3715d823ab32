#include "exhaustive_run.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "execution/guarded.hpp"
#include "execution/words.hpp"
#include "exhaustive/graph/invariants.hpp"
#include "effects_of_run.hpp"
#include "host/digest.hpp"
#include "host/forget.hpp"
#include "host/lent_storage.hpp"
#include "host/watch.hpp"

namespace heddle::engine::exhaustive {

void ExhaustiveRun::begin(const Program& program, const Weakening* weakening, OperationLog* log, Equivalents all,
                          std::uint64_t learns_after) {
    program_ = &program;
    watch(weakening, log);
    recorder_.begin_program(program.adopter != nullptr);
    loops_.begin_program(program.adopter != nullptr);
    blocking_.begin_program(program.adopter != nullptr);
    retries_.begin_program(!all.turns);
    turns_left_out_.begin_program();
    alike_.begin_program(program, all.permutations);
    learning_.begin_program(program.self_contained && program.adopter == nullptr && log == nullptr, learns_after);
    cuts_.clear();
    execution_.forget_what_is_shared();
    if (program.adopter != nullptr) host(*program.adopter);
}

RunEnd ExhaustiveRun::run_renamed(const Graph& graph, bool again) {
    if (again) return alike_.judge(repeat(alike_.renamed(), 0, true), has_taken_back(), execution_);
    RunEnd end = RunEnd::complete;
    for (std::uint64_t due = alike_.renamings_due(); due != 0 && end == RunEnd::complete; --due)
        end = alike_.judge(repeat(alike_.rename(graph), 0, false), has_taken_back(), execution_);
    return end;
}

/// What a thread needs is made here: on its fiber it would belong to the thread whose storage that borrows.
void ExhaustiveRun::host(Adopter& adopter) {
    execution_.memory.prepare();
    for (unsigned thread = 0; thread <= most_threads; ++thread)
        schedule_.fibers().lend(thread, adopter.thread_pointer(thread));
    adopter.begin_exploration();
    // Last: from here on a signal may be needed at any time, and whoever makes a thread blocks all of them.
    Watch::begin();
    Watch::tell(&adopter);
    LentStorage::begin();
}

RunEnd ExhaustiveRun::run(Decider& decider, unsigned first, bool record) {
    awaiting_.clear();
    left_out_ = 0;
    if (decider.graph().alike() != nullptr && alike() == nullptr) return RunEnd::restart;
    if (!record) {
        first = first_with_same_past(decider.graph(), first);
        const auto threads = static_cast<unsigned>(program_->threads);
        if (const auto end = learning_.extend(decider, first, threads, retries_.leaves_out())) return *end;
    }
    RunEnd end = repeat(decider, first, record);
    if (!record) end = learning_.end_run(end);
    if (schedule_.is_stuck()) schedule_.threads().note_awaiting(awaiting_);
    left_out_ = retries_.left();
    return record || end == RunEnd::failed || end == RunEnd::restart ? end : try_what_was_left_out(decider, end);
}

/// In this order: each begins with what the run itself has left, but the last.
RunEnd ExhaustiveRun::try_what_was_left_out(Decider& decider, RunEnd end) {
    const auto tried = [this](Decider& trial, unsigned thread) { return repeat(trial, thread, false); };
    if (end != RunEnd::inconsistent && left_out_ != 0 && !retries_.are_in_vain(decider.graph(), tried))
        return RunEnd::restart;
    if (end == RunEnd::complete && program_->adopter != nullptr) end = run_altered(decider);
    return end != RunEnd::restart && loops_.knows_any() ? put_turns_in(decider.graph(), end) : end;
}

/// Of loops that wait.
RunEnd ExhaustiveRun::put_turns_in(const Graph& graph, RunEnd end) {
    if (end == RunEnd::complete) turns_left_out_.note_execution(graph);
    while (Decider* const execution = turns_left_out_.next())
        if (!turns_left_out_.passes(repeat(*execution, 0, false))) return RunEnd::restart;
    return end;
}

/// A complete execution must go as it has gone whatever its front end puts in again.
RunEnd ExhaustiveRun::run_altered(Decider& decider) {
    const std::size_t events = decider.graph().size();
    while (program_->adopter->alters_next_run()) {
        const RunEnd end = repeat(decider, 0, false);
        const auto went = decider.graph().size() != events ? Adopter::Went::further
                          : end == RunEnd::complete        ? Adopter::Went::as_before
                                                           : Adopter::Went::otherwise;
        if (!program_->adopter->passes_altered_run(went)) return RunEnd::restart;
    }
    return RunEnd::complete;
}

RunEnd ExhaustiveRun::repeat(Decider& decider, unsigned first, bool record) {
    abandon();
    trace_.begin(decider);
    recorder_.begin_run(record);
    schedule_.begin(first);
    turns_left_out_.begin_run();
    loops_.begin_run();
    retries_.begin_run();
    learning_.begin_run();
    blocking_.begin_run();
    spawned_ = 0;
    execution_.begin(record, program_->adopter == nullptr);
    if (program_->adopter != nullptr) program_->adopter->begin_run(*this, witness_);
    set_current(this);
    clear_execution_slot();
    begin_thread(0, {});
    schedule_.go();
    set_current(nullptr);
    const RunEnd end = schedule_.is_stuck() ? end_of_stuck() : schedule_.end();
    if (program_->adopter != nullptr && !Watch::calls_of_crash().empty())
        execution_.failure->site = program_->adopter->crashed_at(Watch::calls_of_crash());
    if (blocking_.lacks_barrier()) {
        blocking_.use_barriers();
        return RunEnd::restart;
    }
    if (end != RunEnd::inconsistent) assert_invariants(trace_.graph());
    return end;
}

void ExhaustiveRun::end() {
    abandon();
    if (program_->adopter == nullptr) return;
    LentStorage::end();
    Watch::tell(nullptr);
}

/// What a run has left behind was cut off: its destructors do not run.
void ExhaustiveRun::abandon() {
    forget(instance_);
    schedule_.threads().abandon();
}

std::optional<unsigned> ExhaustiveRun::next(Explorer& explorer) {
    for (const auto& [thread, mutex] : awaiting_) {
        const Label read = Label::read(mutex, std::memory_order_relaxed, Modification::to_lock());
        explorer.add_awaiting(explorer.graph().append(thread, read));
    }
    const auto first = explorer.next();
    if (!explorer.lacks_order()) return first;
    alike_.explore_each(words::alike_depend);
    return 0;
}

std::vector<std::string> ExhaustiveRun::cuts() const {
    std::vector<std::string> cuts = cuts_;
    const std::vector<std::string> of_loops = loops_.cut();
    cuts.insert(cuts.end(), of_loops.begin(), of_loops.end());
    if (const auto of_turns = turns_left_out_.cut()) cuts.push_back(*of_turns);
    if (const auto of_alike = alike_.cut()) cuts.push_back(*of_alike);
    if (blocking_.is_cut()) cuts.push_back(words::times_out_too_often(program_->time_outs));
    if (program_->adopter == nullptr && !ThreadVariables::are_known())
        cuts.emplace_back(words::thread_variables_of_all);
    return cuts;
}

void ExhaustiveRun::thread_main(unsigned number) {
    set_current(this);  // a fiber that borrows a thread's storage has a pointer of its own
    ThreadVariables::begin();
    if (program_->adopter != nullptr || retries_.is_trial() || learning_.is_learning())
        clear_below(retries_.paint());  // what other runs have left there is none of this one's: frames are compared
    recorder_.begin(schedule_.threads().spawned_by(number));
    const auto body_of_thread = [&] {
        if (number == 0) {
            first_thread_main();
        } else if (std::cmp_less_equal(number, program_->threads)) {
            instance_->thread(static_cast<int>(number) - 1);
        } else {
            const auto body = schedule_.threads().take_body(number);
            body();
        }
    };
    guarded(*this, execution_, body_of_thread, program_->adopter);
    const AllocateFor engine(nullptr);
    loops_.end_imagination();
    retries_.arrive_at_end(program_->adopter);
    learning_.arrive_at_end();
    if (!trace_.is_at_end()) recorder_.did_something_else();
    schedule_.leave(ThreadState::ended);
}

// What happens before all others and after them.
void ExhaustiveRun::first_thread_main() {
    if (program_->adopter != nullptr) {
        const AllocateFor engine(nullptr);
        recorder_.root();
    }
    if (program_->hands_memory_on) freed_memory_.begin(*this, execution_);
    instance_ = program_->make();
    {
        const AllocateFor engine(nullptr);
        const EventId start = recorder_.start();
        if (!execution_.is_recording() && !retries_.is_trial() && !turns_left_out_.is_trial()) learning_.start();
        for (int index = 0; index != program_->threads; ++index) begin_thread(static_cast<unsigned>(index) + 1, start);
        schedule_.threads().join_others();
        const EventId joined = recorder_.join();
        schedule_.threads().go_on();
        for (unsigned other = 1; other != schedule_.threads().count(); ++other)
            if (trace_.events_run(other) != 0) learn(trace_.graph(), joined, trace_.last_event(other));
        learning_.join();
    }
    instance_->after();
    instance_.reset();
    if (program_->hands_memory_on) freed_memory_.end(execution_);
    const AllocateFor engine(nullptr);
    if (auto leak = this->leak()) schedule_.fail(*std::move(leak));
    schedule_.complete();
}

/// What the program has not given back. Of one that brings its own memory along, its front end knows what can still be found.
std::optional<Failure> ExhaustiveRun::leak() {
    auto leak = execution_.leak();
    if (!leak || program_->adopter == nullptr) return leak;
    leak->message = program_->adopter->lost(execution_.memory.live());
    return leak->message.empty() ? std::nullopt : leak;
}

/// No thread can take a step. Says what that means.
RunEnd ExhaustiveRun::end_of_stuck() {
    const ThreadStates& threads = schedule_.threads();
    const unsigned nobody = threads.count();
    if (threads.first_in(ThreadState::misfit) != nobody) return RunEnd::inconsistent;
    if (threads.first_in(ThreadState::given_up) != nobody) return RunEnd::blocked;
    if (threads.first_in(ThreadState::retrying) != nobody) return RunEnd::blocked;
    for (unsigned thread = 0; thread != nobody; ++thread)
        if (threads[thread] == ThreadState::spinning && !loops_.spins_for_ever(thread)) return RunEnd::blocked;
    const unsigned spins = threads.first_in(ThreadState::spinning);
    if (spins == nobody) {
        execution_.failure =
            Failure{.kind = FailureKind::deadlock, .message = std::string(words::nobody_can_wake_them)};
    } else {
        execution_.failure = Failure{.kind = FailureKind::livelock,
                                     .message = words::spins_for_ever(loops_.looks_followed(spins)),
                                     .thread = Trace::shown_number_of(spins)};
    }
    return RunEnd::failed;
}

Effects ExhaustiveRun::effects() const { return effects_of(trace_.graph(), execution_, trace_.all_events_run()); }

}  // namespace heddle::engine::exhaustive

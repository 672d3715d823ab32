#include "threads.hpp"

#include <locale.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

void Threads::begin_run() {
    joinable_ = {};
    at_program_end_.clear();
    if (ends_program_) at_program_end_ = at_each_end_;
    keys.begin_run();
    is_alone_ = true;
    stacks_ = {};
}

unsigned Threads::spawn(Start start, void* argument, std::uintptr_t caller) {
    const OutsideProgram outside;
    front_end_.check_is_followed(caller);
    front_end_.loops.before_step();
    end_alone();
    const engine::Site site = front_end_.site(caller);
    const auto body = [this, start, argument, started_at = Sites::number(caller, self.calls)] {
        run(start, argument, started_at);
    };
    const auto thread = static_cast<unsigned>(front_end_.run().spawn(body, site)) + 1;
    front_end_.note_events();
    joinable_[thread] = Joinable::yes;
    return thread;
}

void Threads::begin_thread() {
    self.stack_end = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    const bool is_first_stack = stacks_.end == 0;
    stacks_.begin = std::min(is_first_stack ? self.stack_end : stacks_.begin, self.stack_end - most_stack_bytes);
    stacks_.end = std::max(stacks_.end, self.stack_end);
    if (std::exchange(self.has_locale, false)) uselocale(LC_GLOBAL_LOCALE);
    front_end_.note_events();
}

void Threads::note_shared_stack(std::uintptr_t address, std::uintptr_t caller) {
    for (unsigned thread = first; thread != joinable_.size(); ++thread) {
        ThreadState& state = front_end_.storage.state(thread);
        if (state.stack_end - address > most_stack_bytes) continue;
        state.shares_stack = true;
        const Calls& calls = state.calls;
        const std::uintptr_t in_use = calls.size() == 0 ? state.stack_end : calls[calls.size() - 1].frame;
        if (address < in_use)
            front_end_.fail(engine::FailureKind::use_after_free, caller,
                            fmt::format("thread {} uses memory of a function of thread {} that has returned",
                                        number_of(front_end_.witness().thread()), number_of(thread)));
        return;  // a byte is on one stack
    }
}

/// `started_at`: the number of the site where the thread was started, at which a report shows its end, too.
void Threads::run(Start start, void* argument, std::uint64_t started_at) {
    begin_thread();
    {
        const InsideProgram inside;
        self.result = start(argument);
    }
    end_of_thread();
    front_end_.loops.before_step();
    const unsigned thread = front_end_.witness().thread();
    const std::uintptr_t caller = Sites::return_address_for(started_at, self.calls);
    for (const ThreadLocal& memory : front_end_.modules.thread_local_memory()) {
        const Range mine = front_end_.storage.of(thread, memory);
        front_end_.accesses.freed(mine.begin, mine.size(), caller);
    }
    self.tells_all = true;
    front_end_.stepping_loops.come_to_step(caller);
    front_end_.run().perform(
        {.kind = engine::OperationKind::unlock, .object = end_of(thread), .site = front_end_.site(caller)});
}

void Threads::run_first(const std::function<void()>& body) {
    begin_thread();
    keys.begin_first_thread();
    if (threads_outside != 0)
        front_end_.fail(engine::FailureKind::misuse, 0,
                        "a thread that began before the test is not followed: it has no part in the executions");
    {
        const InsideProgram inside;
        body();
    }
    front_end_.wake_ups.before_step();
    end_of_thread();
    while (!at_program_end_.empty()) {
        const AtEnd what = at_program_end_.back();
        at_program_end_.pop_back();
        const InsideProgram inside;
        what.function(what.argument);
    }
}

/// The thread's own objects end, then the values of its keys.
void Threads::end_of_thread() {
    while (self.at_end_count != 0) {
        const AtEnd what = self.at_end[--self.at_end_count];
        const InsideProgram inside;
        what.function(what.argument);
    }
    keys.end_values();
}

/// A thread's end is a mutex that is born locked: to join the thread is to lock it.
engine::Object* Threads::end_of(unsigned thread) {
    const auto address = reinterpret_cast<std::uintptr_t>(&front_end_.storage.state(thread));
    return front_end_.objects.at(address, engine::ObjectKind::mutex, 4, 1, 0);
}

void Threads::check_is_there(unsigned thread, std::uintptr_t caller) const {
    if (!exists(thread))
        front_end_.fail(engine::FailureKind::misuse, caller, "a thread is asked for that was never started");
    if (joinable_[thread] == Joinable::joined)
        front_end_.fail(engine::FailureKind::misuse, caller,
                        fmt::format("thread {} is asked for after it was joined", number_of(thread)));
}

void Threads::check_is_joinable(unsigned thread, std::uintptr_t caller) const {
    if (!exists(thread))
        front_end_.fail(engine::FailureKind::misuse, caller, "a thread is joined that was never started");
    if (joinable_[thread] != Joinable::yes)
        front_end_.fail(engine::FailureKind::misuse, caller,
                        fmt::format("thread {} is joined or detached twice", number_of(thread)));
}

void Threads::claim(unsigned thread, Joinable how, std::uintptr_t caller) {
    check_is_joinable(thread, caller);
    joinable_[thread] = how;
    front_end_.loops.leaves_trace();
}

bool Threads::join(unsigned thread, std::chrono::nanoseconds deadline, std::uintptr_t caller) {
    claim(thread, Joinable::is_waited_for, caller);
    const bool has_ended = front_end_.lock_until(deadline, end_of(thread), caller);
    if (has_ended) note_end(thread);
    else joinable_[thread] = Joinable::yes;
    return has_ended;
}

bool Threads::try_join(unsigned thread, const Frames& frames, std::uintptr_t caller) {
    check_is_joinable(thread, caller);
    const auto address = reinterpret_cast<std::uintptr_t>(&front_end_.storage.state(thread));
    if (!front_end_.try_lock(end_of(thread), address, frames, caller)) return false;
    note_end(thread);
    front_end_.loops.leaves_trace();
    return true;
}

void Threads::note_end(unsigned thread) {
    joinable_[thread] = Joinable::joined;
    is_alone_ = front_end_.witness().thread() == first &&
                std::all_of(joinable_.begin(), joinable_.end(),
                            [](Joinable one) { return one == Joinable::no_thread || one == Joinable::joined; });
}

void* Threads::result_of(unsigned thread) const { return front_end_.storage.state(thread).result; }

void Threads::detach(unsigned thread, std::uintptr_t caller) { claim(thread, Joinable::detached, caller); }

void Threads::at_thread_end(AtEnd what, std::uintptr_t caller) {
    if (self.at_end_count == self.at_end.size())
        front_end_.fail(engine::FailureKind::too_big, caller,
                        fmt::format("a thread has more than {} thread_local objects with destructors", most_at_end));
    self.at_end[self.at_end_count++] = what;
}

void Threads::at_program_end(AtEnd what) {
    const OutsideProgram outside;
    front_end_.loops.leaves_trace();
    at_program_end_.push_back(what);
}

std::string Threads::name_of_thread_local(unsigned thread, std::uintptr_t address) const {
    for (const ThreadLocal& memory : front_end_.modules.thread_local_memory()) {
        const Range own = front_end_.storage.of(thread, memory);
        if (!own.holds(address)) continue;
        const auto in_module = reinterpret_cast<std::uintptr_t>(memory.image);
        const std::string name = front_end_.sites.places().thread_local_of(in_module, address - own.begin);
        return fmt::format("{} (thread_local of thread {})", name.empty() ? "a variable" : name, number_of(thread));
    }
    return {};
}

std::string Threads::name_of_local(std::uintptr_t address) const {
    for (unsigned thread = first; thread != joinable_.size(); ++thread) {
        const ThreadState& state = front_end_.storage.state(thread);
        if (reinterpret_cast<std::uintptr_t>(&state) == address)
            return fmt::format("the end of thread {}", number_of(thread));
        if (std::string local = name_of_thread_local(thread, address); !local.empty()) return local;
        // The frame of a function begins where its caller's ends.
        for (std::size_t at = 0; at != state.calls.size(); ++at) {
            const Calls::Call& call = state.calls[at];
            const std::uintptr_t end = at == 0 ? state.stack_end : state.calls[at - 1].frame;
            if (address < call.frame || address >= end) continue;
            Places& places = front_end_.sites.places();
            if (std::string local = places.local_of(call, address); !local.empty()) return local;
            const auto& place = places.of(call.code);
            return fmt::format("[a local of thread {}{}]", number_of(thread),
                               place.empty() ? "" : " in " + place.back().function);
        }
    }
    return {};
}

}  // namespace heddle::unmodified

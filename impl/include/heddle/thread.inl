// The bodies of thread.hpp.
#pragma once

#include <heddle/thread.hpp>

namespace heddle {

template <Platform P>
inline void BasicThread<P>::start() {
    if (!state().claim_start()) throw RuntimeError("threads can only be started once");
    try {
        launch();
    } catch (...) {
        runtime().remove(&state());
        state().abandon_start();
        throw RuntimeError("can't start new thread");
    }
    state().wait_while(State::starting, Deadline::never());
}

template <Platform P>
inline auto BasicThread<P>::make_state(ThreadOptions options) -> std::shared_ptr<State> {
    const State* const creator = Runtime::current();
    const bool inherited = creator != nullptr && creator->daemon();
    if (options.name.empty()) options.name = runtime().next_name();
    return P::template make_shared<State>(std::move(options.name), options.daemon.value_or(inherited));
}

template <Platform P>
inline void BasicThread<P>::launch() {
    // Only a derived class can need the object itself: its run(). Its owner is kept alive, if it is shared.
    const bool needs_object = runs_on_object();
    auto owner = needs_object ? this->weak_from_this().lock() : nullptr;
    touched_.write();
    runs_on_this_object_ = needs_object && owner == nullptr;
    BasicThread* const object = needs_object ? this : nullptr;
    runtime().add(shared_state());
    P::spawn([state = shared_state(), object, owner = std::move(owner)]() mutable { body(*state, object, owner); },
             [state = shared_state()] { runtime().retire(state); }, runtime().stack_bytes());
}

template <Platform P>
inline void BasicThread<P>::body(State& state, BasicThread* object, std::shared_ptr<BasicThread>& owner) {
    Runtime::set_current(&state);
    state.publish_started();
    try {
        object != nullptr ? object->run() : state.target.run_once();
    } catch (...) {
        runtime().report_current_exception(state);
    }
    owner.reset();
}

}  // namespace heddle

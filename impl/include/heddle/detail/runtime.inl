// The bodies of runtime.hpp.
#pragma once

#include <heddle/detail/runtime.hpp>

namespace heddle::detail {

template <Platform P>
inline auto Runtime<P>::current_or_adopted() -> std::shared_ptr<State> {
    if (State* const known = current()) return known->shared_from_this();
    if (P::is_main_thread()) {
        auto state = main_state();
        set_current(state.get());
        return state;
    }
    auto state = P::template make_shared<State>(next_name("Dummy-"), true, State::Origin::foreign);
    state->publish_started();
    // First what can fail without a trace: a thread that is listed must be unlisted at its end.
    P::at_thread_exit([this, state] {
        set_current(nullptr);
        retire(state);
    });
    add(state);
    set_current(state.get());
    return state;
}

template <Platform P>
inline auto Runtime<P>::live() -> std::vector<std::shared_ptr<State>> {
    const std::scoped_lock guard(lock_);
    std::vector<std::shared_ptr<State>> all{listed_main_state()};
    std::copy_if(live_.begin(), live_.end(), std::back_inserter(all),
                 [](const auto& state) { return state->origin() != State::Origin::main; });
    return all;
}

template <Platform P>
inline void Runtime<P>::end_main_thread() {
    const auto state = main_state();
    state->publish_stopped();
    state->wake_waiters();
}

template <Platform P>
inline void Runtime<P>::retire(const std::shared_ptr<State>& state) {
    {
        const std::scoped_lock guard(lock_);
        unlist(state.get());
        state->publish_stopped();
    }
    state->wake_waiters();
}

template <Platform P>
inline auto Runtime<P>::any_non_daemon() -> std::shared_ptr<State> {
    const std::scoped_lock guard(lock_);
    live_touched_.read();
    const auto found = std::find_if(live_.begin(), live_.end(), [](const auto& state) {
        return !state->daemon() && state->origin() == State::Origin::started_here && state.get() != current();
    });
    return found == live_.end() ? nullptr : *found;
}

template <Platform P>
inline void Runtime<P>::report_current_exception(const State& state) noexcept {
    try {
        const ExceptHookArgs args{std::current_exception(), state.name()};
        const ExceptHook hook = this->hook();
        hook ? hook(args) : default_excepthook(args);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "Exception in threading.excepthook: %s\n", error.what());
    } catch (...) {
        std::fprintf(stderr, "Exception in threading.excepthook\n");
    }
}

template <Platform P>
inline auto Runtime<P>::listed_main_state() -> std::shared_ptr<State> {
    live_touched_.write();
    const auto found = std::find_if(live_.begin(), live_.end(),
                                    [](const auto& state) { return state->origin() == State::Origin::main; });
    if (found != live_.end()) return *found;
    auto state = P::template make_shared<State>("MainThread", false, State::Origin::main);
    state->publish_main();
    live_.push_front(state);
    return state;
}

}  // namespace heddle::detail

// What a model declares, and how it must be spelled: a name that nobody asks for would change nothing, silently.
#pragma once

#include <heddle/platform/requirements.hpp>

#include <type_traits>

namespace heddle::checker::detail {

/// Of `&M::member`: whether that is a constant of the class. Variables of a model may have any name.
template <class Pointer>
concept ToConstant = std::is_pointer_v<Pointer> && std::is_const_v<std::remove_pointer_t<Pointer>>;

// Whether a model has a member of that name, public or not: which one is meant would be open in a class that has another one.
#define HEDDLE_DECLARATION(name)                              \
    struct Other_##name {                                     \
        void name();                                          \
    };                                                        \
    template <class M>                                        \
    struct Either_##name : M, Other_##name {};                \
    template <class M>                                        \
    concept Names_##name = !std::is_final_v<M> && !requires { \
        &Either_##name<M>::name;                              \
    };
HEDDLE_DECLARATION(after)
HEDDLE_DECLARATION(alike)
HEDDLE_DECLARATION(dynamic_threads)
HEDDLE_DECLARATION(spurious_wakeups)
HEDDLE_DECLARATION(time_outs)
HEDDLE_DECLARATION(hands_memory_on)
HEDDLE_DECLARATION(search)
HEDDLE_DECLARATION(locks_by_specification)
HEDDLE_DECLARATION(not_exhausted)
#undef HEDDLE_DECLARATION

/// Does not compile for a model that declares what nobody can ask for, which would change nothing, silently.
template <class M>
constexpr void refuse_hidden() {
    static_assert(
        !Names_after<M> || requires(M & model) { model.after(); }, "after() must be public, and have no parameters");
    static_assert(
        !Names_alike<M> || requires { M::alike; }, "alike must be public");
    static_assert(
        !Names_dynamic_threads<M> || requires { M::dynamic_threads; }, "dynamic_threads must be public");
    static_assert(
        !Names_spurious_wakeups<M> || requires { M::spurious_wakeups; }, "spurious_wakeups must be public");
    static_assert(
        !Names_time_outs<M> || requires { M::time_outs; }, "time_outs must be public");
    static_assert(
        !Names_hands_memory_on<M> || requires { M::hands_memory_on; }, "hands_memory_on must be public");
    static_assert(
        !Names_search<M> || requires { M::search; }, "search must be public");
    static_assert(
        !Names_locks_by_specification<M> || requires { M::locks_by_specification; },
        "locks_by_specification must be public");
    static_assert(
        !Names_not_exhausted<M> || requires { M::not_exhausted; }, "not_exhausted must be public");
}

#define HEDDLE_HAS(name) (requires { requires ToConstant<decltype(&M::name)>; })

/// Does not compile for a model that has a member whose name is nearly that of a declaration. C++20 has no list of a class's
/// members, so this is one of slips.
template <class M>
constexpr void refuse_misspelt() {
    static_assert(!(HEDDLE_HAS(dynamic_thread) || HEDDLE_HAS(dynamic_treads) || HEDDLE_HAS(spawned_threads) ||
                    HEDDLE_HAS(dyn_threads) || HEDDLE_HAS(dynamicThreads) || HEDDLE_HAS(dynamic_thread_count)),
                  "the declaration is called dynamic_threads");
    static_assert(
        !(HEDDLE_HAS(symmetric) || HEDDLE_HAS(alike_threads) || HEDDLE_HAS(threads_alike) || HEDDLE_HAS(same)),
        "the declaration is called alike");
    static_assert(!(HEDDLE_HAS(spurious_wakeup) || HEDDLE_HAS(spurious_wake_ups) || HEDDLE_HAS(spurious) ||
                    HEDDLE_HAS(spurios_wakeups) || HEDDLE_HAS(spuriousWakeups) || HEDDLE_HAS(spurious_wakes)),
                  "the declaration is called spurious_wakeups");
    static_assert(!(HEDDLE_HAS(timeouts) || HEDDLE_HAS(time_out) || HEDDLE_HAS(timeout) || HEDDLE_HAS(timed_out)),
                  "the declaration is called time_outs");
    static_assert(!(HEDDLE_HAS(serch) || HEDDLE_HAS(seach) || HEDDLE_HAS(search_) || HEDDLE_HAS(searches) ||
                    HEDDLE_HAS(relacy_search)),
                  "the declaration is called search");
    static_assert(!(HEDDLE_HAS(fail_at) || HEDDLE_HAS(fails_in) || HEDDLE_HAS(fails_there) || HEDDLE_HAS(must_fail_at)),
                  "the declaration is called fails_at");
    static_assert(!(HEDDLE_HAS(invariant) || HEDDLE_HAS(invariant_ids) || HEDDLE_HAS(shows)),
                  "the declaration is called invariants");
    static_assert(
        !(HEDDLE_HAS(lock_by_specification) || HEDDLE_HAS(locks_by_spec) || HEDDLE_HAS(locks_by_specifications)),
        "the declaration is called locks_by_specification");
    static_assert(!(HEDDLE_HAS(not_exhaustive) || HEDDLE_HAS(not_exhausting) || HEDDLE_HAS(notexhausted)),
                  "the declaration is called not_exhausted");
    static_assert(!(HEDDLE_HAS(hand_memory_on) || HEDDLE_HAS(handing_memory_on) || HEDDLE_HAS(reuses_memory)),
                  "the declaration is called hands_memory_on");
    static_assert(!(HEDDLE_HAS(thread_count) || HEDDLE_HAS(num_threads) || HEDDLE_HAS(n_threads)),
                  "the declaration is called threads");
}

#undef HEDDLE_HAS

}  // namespace heddle::checker::detail

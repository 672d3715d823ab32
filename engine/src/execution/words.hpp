// What engines say of failures, and numbers that they agree on: said once, so that a failure reads the same whoever finds
// it. Front ends and their users know a program as a model, so that is what messages call it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <typeinfo>

#include <heddle/engine/counterexample.hpp>
#include <heddle/engine/site.hpp>

namespace heddle::engine {

/// As reports spell it.
Place place_of(const Site& site);
Place place_of(std::string_view path, std::uint32_t line);

}  // namespace heddle::engine

namespace heddle::engine::words {

/// Where an execution's clock starts. Any instant but zero does, so that a forgotten initialisation shows.
inline constexpr std::chrono::nanoseconds clock_start = std::chrono::seconds(1);

/// How much time passes for a thread that does not wait but looks at the clock.
inline constexpr std::chrono::hours longer_than_any_deadline{24 * 365};

inline constexpr std::string_view nobody_can_wake_them = "every thread that is left waits, and nobody can wake them";
inline constexpr std::string_view used_after_destruction = "an object is used after its destruction";
inline constexpr std::string_view used_without_object =
    "an object is used that is none: its memory was given back, overwritten, or never had one";
inline constexpr std::string_view read_before_written = "plain data is read before it was written";
inline constexpr std::string_view used_before_published =
    "an atomic is used by a thread that cannot know its first value";
inline constexpr std::string_view took_another_course =
    "the execution took another course when it was run again: the program is not the one "
    "that failed, or it depends on more than its choices";
inline constexpr std::string_view fails_no_more = "the execution does not fail any more";
inline constexpr std::string_view of_another_program =
    "the token is not of this program: the execution that it describes is none of this program's";

/// `type`: the exception's, null if it is of no type of C++; `what`: its own words, null if it has none.
std::string left_by_exception(const std::type_info* type, const char* what);
std::string race_on(std::string_view object);
std::string destroyed_in_use(std::string_view object);
std::string destroyed_twice(std::string_view object);
std::string used_after_end(std::string_view object);
std::string used_after_overwriting(std::string_view object);
std::string never_freed(std::uint64_t blocks);
std::string never_destroyed(std::string_view object);

/// A thread looks at the same again and again; `where`: its last step.
/// `is_adopted`: the program is one that was not written for heddle, and loops may wait as they like.
std::string waits_without_yield(Site where, bool is_adopted);

/// Nobody is left to end the loop of a thread. `looks`: so many were followed, of a thread that counts them; 0: it does not.
std::string spins_for_ever(std::size_t looks);

/// A thread does nothing but yield.
std::string yields_for_ever(Site where);

// What is cut, and is no failure.
std::string yields_too_often(unsigned yields, Site where);
/// What a thread does depends on how often it looks, in a loop that is seen to end.
std::string looks_count(Site where);
/// The same, in one that is not.
std::string looks_too_often(std::size_t looks, Site where);
/// Turns of loops that wait were left out, and not each was seen to be missed by nobody.
std::string more_turns_than_tried(std::size_t tried);
std::string times_out_too_often(unsigned time_outs);
std::string preempted_too_often(unsigned preemptions);

/// Why alike threads are explored in each of their orders, as alike_in_each_order() goes on.
inline constexpr std::string_view alike_construct = "they construct atomics or start threads before their first write";
inline constexpr std::string_view alike_have_addresses = "they store addresses of their own";
inline constexpr std::string_view alike_depend = "one may depend on another one that has read something newer";
inline constexpr std::string_view memory_of_alike = "their memory is handed on (hands_memory_on)";
std::string alike_in_each_order(std::string_view why);
/// A thread does something else than a thread like it has done in its place.
std::string not_alike(std::uint64_t thread, std::uint64_t other);
inline constexpr std::string_view not_alike_later =
    "threads that are declared alike behaved differently: with their numbers exchanged, this execution goes otherwise";

inline constexpr std::string_view thread_variables_of_all =
    "thread_local variables are one for all threads: the executable has no symbols that say where they are";

/// Each execution was given up. `cut`: what is not explored.
std::string none_came_to_its_end(std::string_view cut);

// How many threads there may be.
/// `engine` takes from one to `most` threads, the started ones included.
std::string not_so_many_threads(int threads, std::string_view engine, unsigned most);
std::string one_thread_too_many(int spawned_threads);
/// The first thread waits, and its queue has room for no more than the other `threads`.
std::string no_room_to_wait(unsigned threads);

}  // namespace heddle::engine::words

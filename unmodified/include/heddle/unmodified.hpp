// Tests of ordinary C++: what a test includes. Nothing of an engine is seen here, since the code that includes it is
// compiled with -fsanitize=thread.
//
//     #include <heddle/unmodified.hpp>
//     HEDDLE_TEST(CounterCounts) {
//         std::atomic<int> counter{0};
//         std::thread other([&] { ++counter; });
//         ++counter; other.join(); assert(counter == 2);
//     }
#pragma once

#include <memory>
#include <stdexcept>

namespace heddle {

/// How far explore() goes, and what it is called.
struct ExploreLimits {
    double seconds = 60;           ///< of processor time, after which the exploration has failed
    const char* name = "explore";  ///< that of the test, for the report
    /// Whether std::atomic::wait, latch, barrier and semaphore keep the memory orders that they name: by the letter of C++20
    /// they may sleep for ever with those.
    bool strict_library = false;
    bool time_outs = true;  ///< whether waits with a deadline may end with it, and hide that nobody wakes the thread
    bool weak_failures =
        true;           ///< whether a weak compare-exchange may fail where a strong one would not, once a thread
    unsigned spin = 8;  ///< iterations that are explored of a loop that spins without a yield and leaves a trace
};

namespace unmodified {

#pragma GCC visibility push(default)

/// Registers a test for the program's main function, which explores every execution of `body`. `expected`: the kind of
/// failure that a broken twin must show, by its name; null for a test that must hold.
/// Requires: called before main. Returns: true. Errors: prints and aborts if two tests have one name, or if `expected` is
/// no kind of failure. Visibility: none.
bool add(const char* name, void (*body)(), const char* expected = nullptr);

/// Explores the tests as the arguments say (`--help` lists them). Returns: the exit status: 0 if at least one test was
/// explored and each met its expectation; 1 if one did not; 2 if the arguments make no sense. Errors: none; they are
/// printed. Visibility: none.
int run(int argc, char** argv);

/// Explores a function with its argument, in another process. Returns: null if every execution ends as it should; otherwise
/// the report of one that does not, valid until the next call. Errors: none. Visibility: none.
const char* explore(void (*body)(void*), void* argument, const ExploreLimits& limits);

#pragma GCC visibility pop

// GoogleTest's flag throw_on_failure, where the program has GoogleTest: what fails in an execution must leave it.
[[gnu::weak]] extern bool googletest_throws __asm__("_ZN7testing28FLAGS_gtest_throw_on_failureE");

template <class Body>
void run_in_exploration(void* body) {
    if (&googletest_throws != nullptr) googletest_throws = true;
    (*static_cast<Body*>(body))();
}

}  // namespace unmodified

/// Explores every execution of `body`, a function without arguments, in a test of any framework. What it changes outside of
/// itself is not changed when this returns: the executions take place in another process. An assertion of GoogleTest that
/// fails, an assert and an exception that nobody catches make an execution fail. Requires: called by the only thread. Returns: nothing. Errors: throws std::runtime_error with a report if an execution fails, or if they are more than
/// the limits allow. Visibility: none.
template <class Body>
void explore(Body body, const ExploreLimits& limits = {}) {
    const char* const report = unmodified::explore(&unmodified::run_in_exploration<Body>, std::addressof(body), limits);
    if (report != nullptr) throw std::runtime_error(report);
}

}  // namespace heddle

/// As LLVM's ThreadSanitizer has it: runs `callback` under a scheduler of its own, here in every execution. Returns: 0. Errors:
/// if an execution fails, prints a report and ends the program with status 66, as the sanitizer does. Visibility: none.
extern "C" int __tsan_simulate(void (*callback)(void*), void* argument);  // NOLINT: LLVM's name

/// A test: ordinary code with threads, of which every execution is explored. It fails if one of them does: where an assert
/// is false, two accesses race, memory is misused or lost, an exception leaves a thread, or nobody can go on.
#define HEDDLE_TEST(name)                                                                                          \
    static void heddle_test_##name();                                                                              \
    [[maybe_unused]] static const bool heddle_added_##name = ::heddle::unmodified::add(#name, heddle_test_##name); \
    static void heddle_test_##name()

/// A broken twin: it must fail, and with this kind of failure (data_race, deadlock, assertion, ...).
#define HEDDLE_BROKEN_TEST(name, kind)                               \
    static void heddle_test_##name();                                \
    [[maybe_unused]] static const bool heddle_added_##name =         \
        ::heddle::unmodified::add(#name, heddle_test_##name, #kind); \
    static void heddle_test_##name()

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

namespace heddle::unmodified {

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

#pragma GCC visibility pop

}  // namespace heddle::unmodified

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

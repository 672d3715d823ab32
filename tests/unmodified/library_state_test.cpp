// What the C library and libstdc++ keep for a program: each execution begins with what it was, and threads that share it meet
// there.
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <clocale>
#include <cstdint>
#include <exception>
#include <locale>
#include <memory_resource>
#include <new>
#include <random>
#include <thread>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

constexpr int first_number = 1804289383;  // of rand() without a seed, as glibc has it

/// At least two executions, each of which begins with `first`.
void in_two_executions(const auto& first) {
    first();
    std::atomic<int> word{0};
    std::thread other([&] { word = 1; });
    word.load();
    other.join();
}

// ---- each execution finds what the program began with

HEDDLE_TEST(NumbersBeginAnew) {
    in_two_executions([] { assert(std::rand() == first_number); });
}
HEDDLE_TEST(NumbersOf48BitsBeginAnew) {
    in_two_executions([] { assert(drand48() < 1e-6); });
}
HEDDLE_TEST(ParametersOf48BitsBeginAnew) {
    in_two_executions([] {
        assert(mrand48() == 0);
        unsigned short parameters[7] = {0, 0, 1, 1, 0, 0, 1};  // the position, the factor and what is added
        lcong48(parameters);
    });
}
HEDDLE_TEST(EnvironmentBeginsAnew) {
    in_two_executions([] {
        assert(getenv("HEDDLE_CASE") == nullptr && getenv("PATH") != nullptr);
        setenv("HEDDLE_CASE", "1", 1);
        setenv("PATH", "nowhere", 1);
        unsetenv("PATH");
    });
}
HEDDLE_TEST(EnvironmentIsClearedInEachExecution) {
    in_two_executions([] {
        assert(getenv("PATH") != nullptr);
        clearenv();
    });
}
HEDDLE_TEST(TextOfTheEnvironmentIsNotLost) {
    in_two_executions([] {
        assert(getenv("HEDDLE_CASE") == nullptr);
        putenv(strdup("HEDDLE_CASE=1"));
    });
}
HEDDLE_TEST(LocaleBeginsAnew) {
    in_two_executions([] {
        assert(strcmp(std::setlocale(LC_ALL, nullptr), "C") == 0 && MB_CUR_MAX == 1);
        assert(std::setlocale(LC_ALL, "C.UTF-8") != nullptr && MB_CUR_MAX > 1);
    });
}
HEDDLE_TEST(LocaleOfAThreadBeginsAnew) {
    std::atomic<int> word{0};
    std::thread other([&] {
        assert(MB_CUR_MAX == 1);
        uselocale(newlocale(LC_ALL_MASK, "C.UTF-8", nullptr));
        assert(MB_CUR_MAX > 1);
        word = 1;
    });
    word.load();
    other.join();
}
HEDDLE_TEST(GlobalLocaleBeginsAnew) {
    in_two_executions([] {
        assert(std::locale() == std::locale::classic());
        std::locale::global(std::locale("C.UTF-8"));
        assert(std::locale() == std::locale("C.UTF-8"));
    });
}
HEDDLE_TEST(HandlersBeginAnew) {
    in_two_executions([] {
        assert(std::get_new_handler() == nullptr);
        std::set_new_handler([] {});
        static const std::terminate_handler own = [] { abort(); };
        assert(std::get_terminate() != own);
        std::set_terminate(own);
    });
}

HEDDLE_TEST(MemoryResourceBeginsAnew) {
    in_two_executions([] {
        assert(std::pmr::get_default_resource() == std::pmr::new_delete_resource());
        std::pmr::set_default_resource(std::pmr::null_memory_resource());
    });
}

// ---- what the system draws is the same in each execution, and different for each thread and each time

HEDDLE_TEST(DeviceGivesTheSameNumbersAgain) {
    std::atomic<int> word{0};
    std::thread other([&] {
        std::random_device device;
        if (device() % 2 == 0) word = 1;
        word = 2;
    });
    std::random_device device;
    const unsigned first = device(), second = device();
    if (first % 2 == 0) word.load();
    word.load();
    other.join();
    assert(first != second);
}
HEDDLE_TEST(EntropyIsTheSameAgain) {
    std::atomic<int> word{0};
    std::thread other([&] { word = 1; });
    std::uint32_t number = 0, another = 0;
    assert(getrandom(&number, sizeof number, 0) == sizeof number);
    assert(getentropy(&another, sizeof another) == 0);
    if (number % 2 == 0) word.load();
    if (another % 2 == 0) word.load();
    word.load();
    other.join();
    assert(number != another);
}
HEDDLE_BROKEN_TEST(EntropyIsWrittenByTwo, data_race) {
    std::uint32_t number = 0;
    const auto draw = [&] { assert(getentropy(&number, sizeof number) == 0); };
    together(draw, draw);
}

// ---- threads take random numbers in each order, and are ordered by nothing else

HEDDLE_TEST(NumberDecidesWhatAThreadDoes) {
    std::atomic<int> word{0};
    std::thread other([&] { word = std::rand() % 2; });
    word.load();
    other.join();
}
HEDDLE_TEST(NumbersOfTwoThreadsDiffer) {
    int one = 0, other = 0;
    together([&] { one = std::rand(); }, [&] { other = static_cast<int>(random()); });
    assert(one != other && (one == first_number || other == first_number));
}
HEDDLE_TEST(SeedOfTheSameNumbers) {
    srand(7);
    const int number = std::rand();
    assert(number != first_number);
    for (int count = 0; count != 100'000; ++count) std::rand();
    srandom(7);
    assert(random() == number);
}
HEDDLE_BROKEN_TEST(FirstNumberIsAnothers, assertion) {
    int one = 0;
    together([&] { one = std::rand(); }, [] { std::rand(); });
    assert(one == first_number);
}
HEDDLE_BROKEN_TEST(SeedComesAtAnyTime, assertion) {
    int one = 0;
    together([&] { one = std::rand(); }, [] { srand(7); });
    assert(one == first_number);
}
HEDDLE_BROKEN_TEST(NumbersOrderNothing, data_race) {
    int plain = 0;
    const auto draw = [&] {
        std::rand();
        ++plain;
        std::rand();
    };
    together(draw, draw);
}

// ---- what the C library says that no two threads may use at once

HEDDLE_BROKEN_TEST(NumbersOf48BitsAreDrawnByTwo, data_race) {
    together([] { lrand48(); }, [] { drand48(); });
}
HEDDLE_BROKEN_TEST(EnvironmentChangesWhileItIsRead, data_race) {
    together([] { setenv("HEDDLE_CASE", "1", 1); }, [] { getenv("HOME"); });
}
HEDDLE_TEST(EnvironmentIsReadByTwo) {
    together([] { getenv("HOME"); }, [] { getenv("HOME"); });
}

}  // namespace

// Memory that functions of the C library and of libstdc++ share among all who call them, where they have no hooks.
#include <stdlib.h>
#include <time.h>

#include <cassert>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <string_view>

#include <memory_resource>
#include <vector>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

using std::string_view;

// ---- results in memory of the C library

int year_of(time_t time) { return localtime(&time)->tm_year; }

HEDDLE_TEST(ResultsAreThoseOfTheCLibrary) {
    const time_t time = 86'400;
    assert(year_of(time) == 70 && gmtime(&time)->tm_mday == 2);
    setenv("TZ", "EST5", 1);
    assert(localtime(&time)->tm_mday == 1 && localtime(&time)->tm_hour == 19);
    assert(ctime(&time) == string_view("Thu Jan  1 19:00:00 1970\n"));
    assert(asctime(gmtime(&time)) == string_view("Fri Jan  2 00:00:00 1970\n"));
    char text[] = " a,b ";
    assert(strtok(text, " ,") == string_view("a") && strtok(nullptr, " ,") == string_view("b"));
    assert(strtok(nullptr, " ,") == nullptr);
}
HEDDLE_BROKEN_TEST(TimesAreTakenApartByTwo, data_race) {
    together([] { year_of(1); }, [] { year_of(2); });
}
HEDDLE_BROKEN_TEST(TimeIsReadWhileItChanges, data_race) {
    const time_t time = 1;
    const tm* const found = gmtime(&time);
    together([&] { assert(found->tm_year == 70); }, [&] { gmtime(&time); });
}
HEDDLE_TEST(TimesAreTakenApartInMemoryOfTheirOwn) {
    const auto take = [] {
        const time_t time = 1;
        tm result;
        assert(gmtime_r(&time, &result)->tm_year == 70);
    };
    together(take, take);
}
HEDDLE_TEST(TimesAreTakenApartInTurn) {
    std::mutex mutex;
    const auto take = [&] {
        const std::lock_guard guard(mutex);
        assert(year_of(1) == 70);
    };
    together(take, take);
}
HEDDLE_BROKEN_TEST(TimeZoneChangesWhileItIsNeeded, data_race) {
    together([] { setenv("TZ", "EST5", 1); }, [] { year_of(1); });
}
HEDDLE_BROKEN_TEST(TimesAreWrittenByTwo, data_race) {
    const time_t time = 1;
    const auto write = [&] { ctime(&time); };
    together(write, write);
}
HEDDLE_BROKEN_TEST(TextsAreTakenApartByTwo, data_race) {
    char one[] = "a b", other[] = "c d";
    together([&] { strtok(one, " "); }, [&] { strtok(other, " "); });
}
HEDDLE_BROKEN_TEST(TextIsTakenApartWhileItIsRead, data_race) {
    char text[] = "a b";
    together([&] { strtok(text, " "); }, [&] { assert(text[1] != 'x'); });
}

// ---- memory resources

template <class Resource>
void use_together(Resource& resource, bool in_turn) {
    std::mutex mutex;
    const auto use = [&] {
        std::unique_lock guard(mutex, std::defer_lock);
        if (in_turn) guard.lock();
        resource.deallocate(resource.allocate(8), 8);
    };
    together(use, use);
}

struct Buffered {
    std::byte buffer[256];
    std::pmr::monotonic_buffer_resource resource{buffer, sizeof buffer};
};
HEDDLE_BROKEN_TEST(BufferIsUsedByTwo, data_race) {
    Buffered buffered;
    use_together(buffered.resource, false);
}
HEDDLE_TEST(BufferIsUsedInTurn) {
    Buffered buffered;
    use_together(buffered.resource, true);
    std::pmr::vector<int> numbers(&buffered.resource);
    for (int number = 0; number != 100; ++number) numbers.push_back(number);
    assert(numbers[99] == 99 && buffered.resource == buffered.resource);
}
HEDDLE_BROKEN_TEST(BufferIsReleasedWhileItIsUsed, data_race) {
    Buffered buffered;
    together([&] { buffered.resource.release(); }, [&] { (void)buffered.resource.allocate(8); });
}
HEDDLE_BROKEN_TEST(PoolsAreUsedByTwo, data_race) {
    std::pmr::unsynchronized_pool_resource pools;
    (void)pools.allocate(8);  // there is room for more
    use_together(pools, false);
}
HEDDLE_TEST(PoolsAreUsedInTurn) {
    std::pmr::unsynchronized_pool_resource pools;
    use_together(pools, true);
}
HEDDLE_TEST(PoolsWithALockAreUsedByTwo) {
    std::pmr::synchronized_pool_resource pools;
    const auto use = [&] { (void)pools.allocate(8); };
    together(use, use);
}

}  // namespace

// oneTBB as Debian ships it: its headers are seen, its library is not; what that one allocates for itself is kept apart.
#include <tbb/concurrent_hash_map.h>
#include <tbb/concurrent_queue.h>
#include <tbb/concurrent_vector.h>
#include <tbb/queuing_mutex.h>
#include <tbb/spin_rw_mutex.h>

#include <cassert>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

HEDDLE_TEST(ConcurrentQueuePassesAnItem) {
    tbb::concurrent_queue<int> queue;
    std::thread producer([&] { queue.push(1); });
    int item = 0;
    if (queue.try_pop(item)) assert(item == 1);
    producer.join();
}

HEDDLE_TEST(ConcurrentVectorGrows) {
    tbb::concurrent_vector<int> vector;
    std::thread other([&] { vector.push_back(1); });
    vector.push_back(2);
    other.join();
    assert(vector.size() == 2 && vector[0] + vector[1] == 3);
}

HEDDLE_TEST(ConcurrentHashMapKeepsBoth) {
    tbb::concurrent_hash_map<int, int> map;
    std::thread other([&] { map.insert({1, 1}); });
    map.insert({2, 2});
    other.join();
    assert(map.size() == 2);
}

HEDDLE_TEST(QueuingMutexExcludes) {
    tbb::queuing_mutex mutex;
    int count = 0;
    const auto add = [&] {
        const tbb::queuing_mutex::scoped_lock lock(mutex);
        ++count;
    };
    std::thread other(add);
    add();
    other.join();
    assert(count == 2);
}

HEDDLE_BROKEN_TEST(ReaderOfSpinRwMutexWrites, data_race) {
    tbb::spin_rw_mutex mutex;
    int count = 0;
    const auto add = [&] {
        const tbb::spin_rw_mutex::scoped_lock lock(mutex, false);
        ++count;
    };
    std::thread other(add);
    add();
    other.join();
}

}  // namespace

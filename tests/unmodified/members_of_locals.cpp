// A function accesses a member and an element of its own locals, which another thread accesses, too.
#include <array>
#include <atomic>
#include <cassert>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

struct Item {
    int other = 0;
    int value = 0;
    std::atomic<bool> ready{false};
};

}  // namespace

HEDDLE_BROKEN_TEST(MemberIsRead, data_race) {
    Item item;
    std::thread other([&] {
        item.value = 1;
        item.ready.store(true, std::memory_order_relaxed);
    });
    if (item.ready.load(std::memory_order_acquire)) assert(item.value == 1);
    other.join();
}
HEDDLE_BROKEN_TEST(ElementIsWritten, data_race) {
    std::array<int, 4> items{};
    int* const pointer = items.data();
    std::thread other([=] { pointer[2] = 1; });
    items[2] = 2;
    other.join();
}

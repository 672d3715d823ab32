// Accesses to objects of a class that Clang has hooks for, and GCC has none.
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

struct Item {
    int key = 0, value = 0;
};
int sum(Item item) { return item.key + item.value; }
Item make() { return {1, 2}; }

HEDDLE_BROKEN_TEST(ObjectIsPassedWhileItChanges, data_race) {
    Item item;
    std::thread other([&] { item.key = 1; });
    sum(item);
    other.join();
}
HEDDLE_BROKEN_TEST(ObjectIsReturnedWhileItIsRead, data_race) {
    Item item;
    int found = 0;
    std::thread other([&] { found = item.value; });
    item = make();
    other.join();
}

}  // namespace

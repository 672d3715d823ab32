// What a call takes by value, or gives back, of classes without constructors of their own: no assignment in the source reads
// or writes it.
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

namespace {

struct Item {
    int key = 0;
    int value = 0;
};
struct Page {
    std::array<char, 1000> text{};
};

int key_of(Item item) { return item.key; }
char first_of(Page page) { return page.text[0]; }
Item made() { return {1, 2}; }
Page printed() { return {}; }

template <class First, class Second>
void at_once(First first, Second second) {
    std::thread other(first);
    second();
    other.join();
}

HEDDLE_BROKEN_TEST(ItemThatIsPassed, data_race) {
    Item shared;
    at_once([&] { key_of(shared); }, [&] { shared.value = 1; });
}
HEDDLE_BROKEN_TEST(PageThatIsPassed, data_race) {
    Page shared;
    at_once([&] { first_of(shared); }, [&] { shared.text[999] = 'x'; });
}
HEDDLE_BROKEN_TEST(ItemThatIsMade, data_race) {
    Item shared;
    at_once([&] { shared = made(); }, [&] { key_of(shared); });
}
HEDDLE_BROKEN_TEST(PageThatIsPrinted, data_race) {
    Page shared;
    at_once([&] { shared = printed(); }, [&] { shared.text[0] = 'x'; });
}
HEDDLE_BROKEN_TEST(TimeThatIsTaken, data_race) {
    std::chrono::steady_clock::time_point shared;
    at_once([&] { shared = std::chrono::steady_clock::now(); }, [&] { shared = {}; });
}
HEDDLE_BROKEN_TEST(OptionalThatIsMade, data_race) {
    std::optional<int> shared;
    at_once([&] { shared = std::make_optional(1); }, [&] { shared.reset(); });
}
HEDDLE_BROKEN_TEST(ViewThatIsPassed, data_race) {
    std::string_view shared = "first";
    const auto size = [](std::string_view text) { return text.size(); };
    at_once([&] { size(shared); }, [&] { shared = "second"; });
}
HEDDLE_BROKEN_TEST(ItemThatIsPassedAfterItsEnd, use_after_free) {
    auto owner = std::make_unique<Item>();
    Item* const item = owner.get();
    at_once([&] { owner.reset(); }, [&] { key_of(*item); });
}

/// Each has its own.
HEDDLE_TEST(ItemsOfTheirOwn) {
    std::array<Item, 2> items;
    at_once([&] { items[0] = made(); }, [&] { key_of(items[1]); });
}
/// A call that throws gives nothing back.
HEDDLE_TEST(ItemThatWasNotMade) {
    Item shared;
    const auto fails = []() -> Item { throw 1; };
    at_once(
        [&] {
            try {
                shared = fails();
            } catch (int) {
            }
        },
        [&] { shared.key = 1; });
}

}  // namespace

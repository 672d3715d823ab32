// Fifo: what a Queue keeps its items in.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <stdexcept>

#include <heddle/queue.hpp>

namespace heddle {
namespace {

// An item of so many bytes that counts its kind, and fails when it is told to.
template <std::size_t bytes, std::size_t alignment = alignof(int)>
struct alignas(alignment) Item {
    static inline int alive = 0;
    static inline bool fails = false;

    explicit Item(int number) : value(number) { ++alive; }
    Item(const Item& other) : value(other.value) {
        if (fails) throw std::runtime_error("copy failed");
        ++alive;
    }
    Item& operator=(const Item&) = delete;
    ~Item() { --alive; }

    int value;
    std::byte rest[bytes - sizeof(int)];
};

template <class T>
class FifoOf : public testing::Test {
  protected:
    FifoOf() { T::fails = false; }
    void TearDown() override {
        fifo.clear();
        EXPECT_EQ(T::alive, 0);
    }

    void push(int value) {
        const T item(value);
        fifo.push(item);
        expected.push_back(value);
    }
    void pop() {
        EXPECT_EQ(fifo.pop().value, expected.front());
        expected.pop_front();
    }

    Fifo<T> fifo;
    std::deque<int> expected;
};

// 64, 16, several, one and one of more bytes than a chunk has; the first two have a slot.
using Items = testing::Types<Item<8>, Item<32, 32>, Item<128, 128>, Item<300>, Item<600>>;
TYPED_TEST_SUITE(FifoOf, Items);

TYPED_TEST(FifoOf, keeps_the_order_of_a_deque) {
    std::minstd_rand random(27);
    for (const int most : {1, 2, 63, 64, 65, 1000}) {
        for (int step = 0, value = 0; step != 5000; ++step) {
            ASSERT_EQ(this->fifo.size(), this->expected.size());
            const bool adds = random() % 2 == 0;
            if (adds && this->expected.size() < static_cast<std::size_t>(most)) this->push(++value);
            else if (!this->expected.empty()) this->pop();
        }
    }
    this->fifo.clear();
    EXPECT_EQ(this->fifo.size(), 0U);
}

TYPED_TEST(FifoOf, fills_and_drains_many_chunks) {
    constexpr int items = 1000;
    for (int round = 0; round != 3; ++round) {
        for (int value = 0; value != items; ++value) this->push(value);
        EXPECT_EQ(TypeParam::alive, items);
        while (!this->expected.empty()) this->pop();
        EXPECT_EQ(TypeParam::alive, 0);
    }
}

TYPED_TEST(FifoOf, cleared_takes_new_items) {
    for (const int items : {0, 1, 64, 1000}) {
        for (int value = 0; value != items; ++value) this->push(value);
        this->fifo.clear();
        this->expected.clear();
        EXPECT_EQ(TypeParam::alive, 0);
        this->push(items);
        this->pop();
    }
}

TYPED_TEST(FifoOf, push_that_fails_at_any_place_of_a_chunk_changes_nothing) {
    for (int value = 0; value != 200; ++value) {
        const TypeParam item(value);
        TypeParam::fails = true;
        EXPECT_THROW(this->fifo.push(item), std::runtime_error);
        TypeParam::fails = false;
        ASSERT_EQ(this->fifo.size(), this->expected.size());
        this->push(value);
    }
    while (!this->expected.empty()) this->pop();
}

TYPED_TEST(FifoOf, pop_that_fails_at_any_place_of_a_chunk_changes_nothing) {
    for (int value = 0; value != 200; ++value) this->push(value);
    while (!this->expected.empty()) {
        TypeParam::fails = true;
        EXPECT_THROW(this->fifo.pop(), std::runtime_error);
        TypeParam::fails = false;
        ASSERT_EQ(this->fifo.size(), this->expected.size());
        this->pop();
    }
}

TEST(Fifo, aligns_its_items) {
    struct alignas(128) Aligned {
        const void* self = this;
        Aligned() = default;
        Aligned(const Aligned& other) : was_at(other.self) {}
        const void* was_at = nullptr;
    };
    Fifo<Aligned> fifo;
    for (int n = 0; n != 20; ++n) fifo.push(Aligned());
    while (fifo.size() != 0) EXPECT_EQ(reinterpret_cast<std::uintptr_t>(fifo.pop().was_at) % alignof(Aligned), 0U);
}

TEST(Fifo, holds_what_can_only_be_moved) {
    Fifo<std::unique_ptr<int>> fifo;
    for (int n = 0; n != 200; ++n) fifo.push(std::make_unique<int>(n));
    for (int n = 0; n != 200; ++n) EXPECT_EQ(*fifo.pop(), n);
    fifo.push(std::make_unique<int>(0));  // the destructor frees it
}

}  // namespace
}  // namespace heddle

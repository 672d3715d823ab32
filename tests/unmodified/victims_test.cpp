// Loops that look at the same things in an order that is never the same, as workers that steal from victims at random: they wait, or give up
// after however many looks, and what they see on their way is seen.
#include <array>
#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

class Victims {
  public:
    std::atomic<int>& operator[](std::size_t at) { return items_[at]; }
    /// Those of a generator that is never what it was.
    std::atomic<int>& at_random() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return items_[state_ % items_.size()];
    }

  private:
    std::array<std::atomic<int>, 3> items_{};
    std::uint32_t state_ = 2'463'534'242;
};

/// A worker steals until it is stopped.
template <class Steal>
void works(Steal steal) {
    std::atomic<bool> is_stopped{false};
    Victims victims;
    std::thread worker([&] {
        while (!is_stopped)
            if (!steal(victims.at_random())) std::this_thread::yield();
    });
    victims[1] = 1;
    is_stopped = true;
    worker.join();
}
HEDDLE_TEST(StealsFromVictimsAtRandom) {
    int got = 0;
    works([&](std::atomic<int>& victim) {
        const int item = victim == 0 ? 0 : victim.exchange(0);
        got += item;
        return item != 0;
    });
    assert(got <= 1);
}
HEDDLE_TEST(ExchangesWithVictimsAtRandom) {
    works([](std::atomic<int>& victim) { return victim.exchange(0) != 0; });
}
HEDDLE_BROKEN_TEST(StealsAndSaysSo, assertion) {
    int got = 0;
    works([&](std::atomic<int>& victim) {
        const int item = victim == 0 ? 0 : victim.exchange(0);
        got += item;
        return item != 0;
    });
    assert(got == 0);
}
HEDDLE_BROKEN_TEST(StealsTooEarly, data_race) {
    Victims victims;
    int data = 0;
    std::thread worker([&] {
        while (victims.at_random().load(std::memory_order_relaxed) == 0) std::this_thread::yield();
        data = 1;
    });
    victims[1].store(1, std::memory_order_relaxed);
    data = 2;
    worker.join();
}
HEDDLE_BROKEN_TEST(StealsForEver, livelock) {
    const std::atomic<bool> is_stopped{false};
    Victims victims;
    std::thread worker([&] {
        while (!is_stopped && victims.at_random().exchange(0) == 0) std::this_thread::yield();
    });
    victims[1] = 0;
    worker.join();
}

/// Returns: whether it gives up after so many.
bool tries(Victims& victims, int most) {
    for (; most != 0; --most) {
        if (victims.at_random() != 0) return false;
        std::this_thread::yield();
    }
    return true;
}
HEDDLE_TEST(GivesUpInTheEnd) {
    Victims victims;
    std::thread worker([&] { assert(tries(victims, 300)); });
    worker.join();
}
HEDDLE_BROKEN_TEST(GivesUpAlthoughItComes, assertion) {
    Victims victims;
    std::thread worker([&] { assert(!tries(victims, 300)); });
    victims[0] = 1;
    worker.join();
}

/// What comes after a loop finds no room for its events where the loop has ended late.
HEDDLE_TEST(LooksElsewhereInTheEnd) {
    std::array<std::atomic<int>, 2> looked_at{};
    std::array<std::atomic<int>, 15> others{};
    std::atomic<bool> is_stopped{false};
    std::thread worker([&] {
        for (std::size_t turn = 0; !is_stopped; ++turn) static_cast<void>(looked_at[turn % 2].load());
        for (const std::atomic<int>& other : others) static_cast<void>(other.load());
    });
    is_stopped = true;
    worker.join();
}

}  // namespace

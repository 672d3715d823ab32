// Fifo and LeastFirst, the orders of queues: against deques and sorted lists, with items that may fail to be moved or compared.
#include <heddle/fifo.hpp>
#include <heddle/queues.hpp>
#include <heddle/simple_queue.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <heddle/properties/property.hpp>
#include <heddle/properties/state_machine.hpp>

namespace heddle::properties {
namespace {

// What happens to the next one that is made of another, moved to, or compared.
struct Faults {
    static inline int left = -1;  // of such steps until one fails; negative: none does
    static void step() {
        if (left-- == 0) throw std::runtime_error("no");
    }
};

// Counted, so that none is lost or destroyed twice; as large as it takes to fill several chunks soon.
template <std::size_t bytes>
struct Fragile {
    Fragile(int number) : value(number) { ++alive; }  // NOLINT(google-explicit-constructor)
    Fragile(const Fragile& other) : value(other.value) {
        Faults::step();
        ++alive;
    }
    Fragile(Fragile&& other) noexcept(false) : value(other.value) {
        Faults::step();
        ++alive;
    }
    Fragile& operator=(const Fragile&) = default;
    ~Fragile() { --alive; }
    friend bool operator<(const Fragile& a, const Fragile& b) {
        Faults::step();
        return a.value < b.value;
    }

    static inline int alive = 0;
    int value;
    std::byte rest[bytes - sizeof(int)]{};
};

// Items in the order in which they are to leave.
template <bool sorted>
struct ContainerSpecification {
    enum class Kind { push, pop, clear };
    struct Operation {
        Kind kind;
        int argument;
        int fails_after;  // so many steps; negative: never
    };
    using State = std::deque<int>;
    using Result = std::string;

    // Whether a fault comes to pass is the container's affair; that it has changed nothing then is asked for.
    static std::pair<Result, State> step(const State& before, const Operation& operation) {
        State state = before;
        if (operation.fails_after >= 0) return {"as before", state};
        if (operation.kind == Kind::clear) return {"none", {}};
        if (operation.kind == Kind::push) {
            const auto place = sorted ? std::upper_bound(state.begin(), state.end(), operation.argument) : state.end();
            state.insert(place, operation.argument);
            return {std::to_string(state.size()), state};
        }
        if (state.empty()) return {"empty", state};
        const int first = state.front();
        state.pop_front();
        return {std::to_string(first), state};
    }

    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"push", "pop", "clear"};
        out << names[static_cast<int>(operation.kind)] << '(' << operation.argument << ')';
        return operation.fails_after < 0 ? out : out << " that fails after " << operation.fails_after << " steps";
    }
};

template <class Container, class Item, bool sorted>
class ContainerUnderTest {
  public:
    using Specification = ContainerSpecification<sorted>;
    using Kind = typename Specification::Kind;

    std::string perform(const typename Specification::Operation& operation) {
        if (operation.fails_after >= 0) return failing(operation);
        if (operation.kind == Kind::clear)
            return items_.clear(), items_.size() == 0 && Item::alive == 0 ? "none" : "some";
        if (operation.kind == Kind::push) {
            items_.push(Item(operation.argument));
            return std::cmp_equal(items_.size(), Item::alive) ? std::to_string(items_.size())
                                                              : "one too many, or too few";
        }
        return items_.size() == 0 ? "empty" : std::to_string(items_.pop().value);
    }

  private:
    // Both take at least one step that may fail; those of a heap of three, two.
    std::string failing(const typename Specification::Operation& operation) {
        const std::size_t size = items_.size();
        if (operation.kind == Kind::clear || (operation.kind == Kind::pop && size == 0)) return "as before";
        Faults::left = sorted && size >= 3 ? operation.fails_after : 0;
        try {
            if (operation.kind == Kind::push) items_.push(Item(operation.argument));
            else (void)items_.pop();
        } catch (const std::runtime_error&) {
            Faults::left = -1;
            return items_.size() == size && std::cmp_equal(size, Item::alive) ? "as before" : "changed";
        }
        Faults::left = -1;
        return "it did not fail";
    }

    Container items_;
};

template <class Container, class Item, bool sorted>
void agrees_on_order() {
    using Specification = ContainerSpecification<sorted>;
    using Operation = typename Specification::Operation;
    using Kind = typename Specification::Kind;
    Item::alive = 0;
    const auto pushes = *rc::gen::element<std::size_t>(3, 5, 12);  // many or few at once
    const auto operations = rc::gen::build<Operation>(
        rc::gen::set(&Operation::kind,
                     rc::gen::weightedElement<Kind>({{pushes, Kind::push}, {5, Kind::pop}, {1, Kind::clear}})),
        rc::gen::set(&Operation::argument, rc::gen::inRange(0, 20)),
        rc::gen::set(&Operation::fails_after, rc::gen::weightedElement<int>({{12, -1}, {1, 0}, {1, 1}})));
    {
        ContainerUnderTest<Container, Item, sorted> sut;
        assert_agrees<Specification>({}, sut, operations);
    }
    RC_ASSERT(Item::alive == 0);
}

// A SimpleQueue is one, too: a put or get that fails leaves it as it was.
template <class T>
class PutAndGot {
  public:
    void push(T&& item) { queue_.put(std::move(item)); }
    T pop() { return queue_.get(false); }
    std::size_t size() const { return queue_.qsize(); }
    void clear() {
        while (!queue_.empty()) (void)queue_.get(false);
    }

  private:
    SimpleQueue<T> queue_;
};

// Three in a chunk, and with one in a slot.
using Large = Fragile<160>;
using Small = Fragile<16>;

TEST(FifoProperty, of_large_items_is_a_deque) {
    expect_holds("a Fifo is a deque whose failures change nothing", &agrees_on_order<Fifo<Large>, Large, false>);
}

TEST(FifoProperty, of_small_items_is_a_deque) {
    expect_holds("a Fifo is a deque whose failures change nothing", &agrees_on_order<Fifo<Small>, Small, false>);
}

TEST(SimpleQueueProperty, is_a_deque) {
    expect_holds("a SimpleQueue is a deque whose failures change nothing",
                 &agrees_on_order<PutAndGot<Small>, Small, false>);
}

TEST(FifoProperty_broken, last_in_first_out_is_caught) {
    expect_caught("a Fifo is a deque whose failures change nothing", &agrees_on_order<Lifo<Small>, Small, false>,
                  {.counterexample_contains = "pop"});
}

TEST(LeastFirstProperty, is_a_sorted_list) {
    expect_holds("LeastFirst is a sorted list whose failures change nothing",
                 &agrees_on_order<LeastFirst<Small>, Small, true>);
}

struct Greater {
    bool operator()(const Small& a, const Small& b) const { return b < a; }
};

// Takes as many steps that may fail as the right order does, so that only a pop can show the difference.
TEST(LeastFirstProperty_broken, greatest_first_is_caught) {
    expect_caught("LeastFirst is a sorted list whose failures change nothing",
                  &agrees_on_order<LeastFirst<Small, Greater>, Small, true>, {.counterexample_contains = "pop"});
}

// As many as it takes to have some levels, in an order that is told when the container is made.
struct Direction {
    bool is_reversed = false;
    bool operator()(int a, int b) const { return is_reversed ? b < a : a < b; }
};
template <class Container>
void sorts() {
    const Direction direction{*rc::gen::arbitrary<bool>()};
    Container items(direction);
    std::multiset<int, Direction> expected(direction);
    const auto gives_the_first = [&] {
        RC_ASSERT(items.size() == expected.size());
        RC_ASSERT(items.pop() == *expected.begin());
        expected.erase(expected.begin());
    };
    for (const int item : *rc::gen::container<std::vector<int>>(100, rc::gen::inRange(-20, 60))) {
        if (item >= 0) items.push(item), expected.insert(item);
        else if (!expected.empty()) gives_the_first();
    }
    while (!expected.empty()) gives_the_first();
}

TEST(LeastFirstProperty, of_many_is_sorted_as_it_is_told) {
    expect_holds("LeastFirst of many items gives the first, by the order that it is told",
                 &sorts<LeastFirst<int, Direction>>);
}

struct KnowsOneOrder : LeastFirst<int> {
    explicit KnowsOneOrder(Direction) {}
};

TEST(LeastFirstProperty_broken, one_that_is_not_told_is_caught) {
    expect_caught("LeastFirst of many items gives the first, by the order that it is told", &sorts<KnowsOneOrder>);
}

}  // namespace
}  // namespace heddle::properties

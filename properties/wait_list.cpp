// The list in which threads wait: against a row from which any may leave.
#include <heddle/detail/wait_list.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include <heddle/platform/std_platform.hpp>
#include <heddle/properties/property.hpp>
#include <heddle/properties/state_machine.hpp>

#include "operations.hpp"

namespace heddle::properties {
namespace {

constexpr int waiter_count = 4;

struct RowSpecification {
    enum class Kind { add, leave, choose, is_empty };
    struct Operation {
        Kind kind;
        int argument;  // which waiter
    };
    using State = std::deque<int>;
    using Result = std::string;

    static std::pair<Result, State> step(const State& before, const Operation& operation) {
        State row = before;
        const auto found = std::find(row.begin(), row.end(), operation.argument);
        switch (operation.kind) {
            case Kind::add:
                if (found != row.end()) return {"waits", row};
                row.push_back(operation.argument);
                return {"done", row};
            case Kind::leave:
                if (found == row.end()) return {"does not wait", row};
                row.erase(found);
                return {"done", row};
            case Kind::choose:
                if (row.empty()) return {"nobody", row};
                row.pop_front();
                return {std::to_string(before.front()), row};
            case Kind::is_empty:
                return {row.empty() ? "true" : "false", row};
        }
        return {"?", row};
    }
    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"add", "leave", "choose", "empty"};
        return out << names[static_cast<int>(operation.kind)] << '(' << operation.argument << ')';
    }
};

class RowUnderTest {
  public:
    using List = heddle::detail::WaitList<StdPlatform>;

    virtual ~RowUnderTest() = default;
    std::string perform(const RowSpecification::Operation& operation) {
        using Kind = RowSpecification::Kind;
        auto& waiter = waiters_[static_cast<std::size_t>(operation.argument)];
        switch (operation.kind) {
            case Kind::add:
                if (waiter) return "waits";
                list_.add(waiter.emplace());
                return "done";
            case Kind::leave:
                if (!waiter) return "does not wait";
                leave(*waiter);
                waiter.reset();
                return "done";
            case Kind::choose:
                return choose();
            case Kind::is_empty:
                return list_.empty() ? "true" : "false";
        }
        return "?";
    }

  protected:
    virtual void leave(List::Waiter& waiter) { list_.remove(waiter); }
    std::string choose() {
        if (list_.empty()) return "nobody";
        list_.choose_first(1);
        std::string chosen;
        for (std::size_t n = 0; n != waiters_.size(); ++n) {
            if (!waiters_[n] || waiters_[n]->chosen_for() == List::not_chosen) continue;
            chosen += std::to_string(n);
            waiters_[n].reset();
        }
        return chosen;
    }

  private:
    List list_{"waiters"};
    std::array<std::optional<List::Waiter>, waiter_count> waiters_;
};

template <class Row>
void agrees_on_the_row() {
    Row sut;
    assert_agrees<RowSpecification>({}, sut, operations_of<RowSpecification, 4>(waiter_count));
}

TEST(WaitListProperty, is_a_row_from_which_any_may_leave) {
    expect_holds("who has waited longest is chosen, whoever has left", &agrees_on_the_row<RowUnderTest>);
}

// Lets the first go instead.
struct FirstLeaves : RowUnderTest {
    void leave(List::Waiter&) override { (void)choose(); }
};

TEST(WaitListProperty_broken, one_that_the_first_leaves_is_caught) {
    expect_caught("who has waited longest is chosen, whoever has left", &agrees_on_the_row<FirstLeaves>,
                  {.counterexample_contains = "leave"});
}

}  // namespace
}  // namespace heddle::properties

// Local, as three threads call it: against a value for each.
#include <heddle/local.hpp>

#include <array>
#include <cstddef>
#include <ostream>
#include <string>
#include <utility>

#include <heddle/properties/property.hpp>
#include <heddle/properties/state_machine.hpp>

#include "crew.hpp"
#include "operations.hpp"

namespace heddle::properties {
namespace {

// A value for each of three threads.
struct LocalSpecification {
    enum class Kind { get, find, set, reset };
    struct Operation {
        Kind kind;
        int argument;  // which thread
    };
    static constexpr int none = -1;
    struct State {
        std::array<int, thread_count> values{none, none, none};
        int made = 0;
    };
    using Result = std::string;

    static std::pair<Result, State> step(const State& before, const Operation& operation) {
        State state = before;
        int& value = state.values[static_cast<std::size_t>(operation.argument)];
        if (operation.kind == Kind::find) return {value == none ? "none" : std::to_string(value), state};
        if (operation.kind == Kind::reset) return value = none, std::pair<Result, State>("done", state);
        if (value == none) value = ++state.made;
        if (operation.kind == Kind::set) value += 100;
        return {std::to_string(value), state};
    }
    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"get", "find", "set", "reset"};
        return out << "thread " << operation.argument << ": " << names[static_cast<int>(operation.kind)];
    }
};

class LocalUnderTest {
  public:
    std::string perform(const LocalSpecification::Operation& operation) {
        using Kind = LocalSpecification::Kind;
        return crew_.run(static_cast<std::size_t>(operation.argument), [this, kind = operation.kind]() -> std::string {
            if (kind == Kind::reset) return local_.reset(), "done";
            if (kind == Kind::find) return local_.find() == nullptr ? "none" : std::to_string(*local_.find());
            if (kind == Kind::set) local_.get() += 100;
            return std::to_string(*local_);
        });
    }

  private:
    int made_ = 0;
    Local<int> local_{[this] { return ++made_; }};
    Crew crew_;
};

TEST(LocalProperty, is_a_value_for_each_thread) {
    expect_holds("a Local is as many values as there are threads that asked", [] {
        LocalUnderTest sut;
        assert_agrees<LocalSpecification>({}, sut, operations_of<LocalSpecification, 4>(thread_count));
    });
}

struct SharedByAll : LocalUnderTest {
    std::string perform(LocalSpecification::Operation operation) {
        operation.argument = 0;
        return LocalUnderTest::perform(operation);
    }
};

TEST(LocalProperty_broken, a_value_for_all_is_caught) {
    expect_caught("a Local is as many values as there are threads that asked",
                  [] {
                      SharedByAll sut;
                      assert_agrees<LocalSpecification>({}, sut, operations_of<LocalSpecification, 4>(thread_count));
                  },
                  {.counterexample_contains = "thread"});
}

}  // namespace
}  // namespace heddle::properties

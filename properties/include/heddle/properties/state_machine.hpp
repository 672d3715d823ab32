// State-machine properties: an object does what a pure specification says, operation by operation.
//
// ```cpp
// using S = heddle::properties::LockSpecification;
// struct AlwaysFree { std::string perform(const S::Operation&) { return "false"; } } lock;
// heddle::properties::expect_holds("a lock that nobody takes is not locked", [&] {
//     heddle::properties::assert_agrees<S>(false, lock, rc::gen::just(S::Operation{S::Kind::locked, 0}));
// });
// ```
#pragma once

#include <heddle/platform/requirements.hpp>

#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <concepts>
#include <ostream>
#include <utility>

namespace heddle::properties {

/// A pure sequential specification: a step takes a state and an operation to a result and the next state, and
/// touches nothing else.
template <class S>
concept Specification = requires(const typename S::State& state, const typename S::Operation& operation) {
    { S::step(state, operation) } -> std::same_as<std::pair<typename S::Result, typename S::State>>;
    requires std::equality_comparable<typename S::Result>;
};

/// One operation on an object of type `Sut`, which performs it with `Result perform(const Operation&)`.
template <Specification S, class Sut>
class SpecifiedCommand : public rc::state::Command<typename S::State, Sut> {
  public:
    /// Requires: nothing. Returns: a command that performs `operation`. Errors: what moving it throws. Visibility: none.
    /// Source: RapidCheck, rc::state::Command.
    explicit SpecifiedCommand(typename S::Operation operation) : operation_(std::move(operation)) {}

    /// Takes the specification a step on. Requires: nothing. Returns: nothing. Errors: what the specification throws.
    /// Visibility: none. Source: RapidCheck, rc::state::Command.
    void apply(typename S::State& state) const override { state = S::step(state, operation_).second; }

    /// Performs the operation. Requires: `state` is that of `sut`. Returns: nothing. Errors: the property fails if they give
    /// different results. Visibility: none. Source: RapidCheck, rc::state::Command.
    void run(const typename S::State& state, Sut& sut) const override {
        const typename S::Result expected = S::step(state, operation_).first;
        const typename S::Result actual = sut.perform(operation_);
        RC_LOG() << operation_ << ": the specification says " << expected << ", the object " << actual << '\n';
        RC_ASSERT(actual == expected);
    }

    /// Requires: nothing. Returns: nothing; the operation is printed. Errors: none. Visibility: none.
    /// Source: RapidCheck, rc::state::Command.
    void show(std::ostream& out) const override { out << operation_; }

  private:
    typename S::Operation operation_;
};

/// Asserts, in a property, that `sut` agrees with the specification on sequences of what `operations` generates.
/// Requires: called in a property, with `sut` in the state `initial`. Returns: nothing. Errors: the property fails if they do
/// not agree. Visibility: none. Source: RapidCheck, rc::state::check.
template <Specification S, class Sut>
void assert_agrees(const typename S::State& initial, Sut& sut, const rc::Gen<typename S::Operation>& operations) {
    using Command = rc::state::Command<typename S::State, Sut>;
    rc::state::check(initial, sut, [&operations](const typename S::State&) {
        return rc::gen::map(operations, [](typename S::Operation operation) {
            return std::shared_ptr<const Command>(std::make_shared<SpecifiedCommand<S, Sut>>(std::move(operation)));
        });
    });
}

}  // namespace heddle::properties

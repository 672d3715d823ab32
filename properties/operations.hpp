// Operations of a kind and a small argument, for specifications that have no favourites.
#pragma once

#include <cstddef>

#include <rapidcheck.h>

namespace heddle::properties {

/// Any of the `kinds` of an operation of `Specification`, with an argument below `most`.
template <class Specification, std::size_t kinds>
auto operations_of(int most) {
    using Operation = typename Specification::Operation;
    const auto to_kind = [](int n) { return static_cast<typename Specification::Kind>(n); };
    return rc::gen::build<Operation>(
        rc::gen::set(&Operation::kind, rc::gen::map(rc::gen::inRange(0, static_cast<int>(kinds)), to_kind)),
        rc::gen::set(&Operation::argument, rc::gen::inRange(0, most)));
}

}  // namespace heddle::properties

#include "random_numbers.hpp"

#include <cstring>

#include "front_end.hpp"
#include "hooks/atomics.hpp"

namespace heddle::unmodified {

RandomNumbers random_numbers;
drand48_data numbers_of_48_bits{};

namespace {

constexpr std::size_t fewest_state_bytes = 8;

}  // namespace

void RandomNumbers::take() {
    // Source: glibc, stdlib/random_r.c: the first word of a state has the kind of generator in it, which tells its size.
    constexpr std::array<std::size_t, 5> words{1, 8, 16, 32, 64};
    std::array<char, fewest_state_bytes> other{};
    char* const own = initstate(1, other.data(), other.size());
    std::int32_t first = 0;
    std::memcpy(&first, own, sizeof first);
    Sequence& rest = sequences_[0];
    std::memcpy(rest.state.data(), own, words[static_cast<std::size_t>(first) % words.size()] * sizeof first);
    setstate(own);
    initstate_r(1, other.data(), other.size(), &rest.generator);
    setstate_r(rest.state.data(), &rest.generator);
}

RandomNumbers::Sequence& RandomNumbers::sequence_of(std::uint64_t origin) {
    constexpr std::size_t usual_state_bytes = 128;
    const auto [at, is_new] = sequences_.try_emplace(origin);
    Sequence& found = at->second;
    if (is_new)
        initstate_r(static_cast<unsigned>(origin >> count_bits), found.state.data(), usual_state_bytes,
                    &found.generator);
    return found;
}

std::int32_t RandomNumbers::Sequence::at(std::size_t position) {
    while (drawn_.size() <= position) random_r(&generator, &drawn_.emplace_back());
    return drawn_[position];
}

std::int32_t RandomNumbers::next(std::uintptr_t caller) {
    const std::uint64_t found = add_relaxed(&position_, 1, caller);
    const OutsideProgram outside;
    return sequence_of(found & ~count_mask).at(found & count_mask);
}

void RandomNumbers::seed(unsigned seed, std::uintptr_t caller) {
    store_relaxed(&position_, is_seeded | std::uint64_t{seed} << count_bits, caller);
}

std::string RandomNumbers::name_of(std::uintptr_t address) const {
    return address == reinterpret_cast<std::uintptr_t>(&position_) ? "the numbers of rand()" : "";
}

}  // namespace heddle::unmodified

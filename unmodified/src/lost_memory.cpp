#include "lost_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace heddle::unmodified {

namespace {

Range range_of(std::span<const std::byte> block) {
    const auto begin = reinterpret_cast<std::uintptr_t>(block.data());
    return {begin, begin + std::max<std::size_t>(block.size(), 1)};
}

/// Blocks that are told apart by whether a pointer to them was seen.
class Marks {
  public:
    explicit Marks(const Blocks& blocks) : blocks_(blocks), found_(blocks.size()) {}

    bool is_found(std::size_t block) const { return found_[block]; }

    /// Looks at all words there. Returns: the blocks that were not found before.
    std::vector<std::size_t> look_at(const Range& memory) {
        std::vector<std::size_t> fresh;
        if (blocks_.empty()) return fresh;
        const Range all{range_of(blocks_.front()).begin, range_of(blocks_.back()).end};
        constexpr std::uintptr_t word = sizeof(std::uintptr_t);
        for (std::uintptr_t at = (memory.begin + word - 1) & ~(word - 1); at + word <= memory.end; at += word) {
            std::uintptr_t value = 0;
            std::memcpy(&value, reinterpret_cast<const void*>(at), word);
            if (!all.holds(value)) continue;
            const auto after = std::upper_bound(
                blocks_.begin(), blocks_.end(), value,
                [](std::uintptr_t address, const auto& block) { return address < range_of(block).begin; });
            const auto block = static_cast<std::size_t>(after - blocks_.begin()) - 1;
            if (found_[block] || !range_of(blocks_[block]).holds(value)) continue;
            found_[block] = true;
            fresh.push_back(block);
        }
        return fresh;
    }

    Blocks others() const {
        Blocks others;
        for (std::size_t block = 0; block != blocks_.size(); ++block)
            if (!found_[block]) others.push_back(blocks_[block]);
        return others;
    }

  private:
    const Blocks& blocks_;
    std::vector<bool> found_;
};

}  // namespace

Blocks lost_of(const Blocks& blocks, const std::vector<Range>& roots) {
    Marks marks(blocks);
    std::vector<std::size_t> to_look_at;
    const auto look_at = [&](const Range& memory) {
        const auto fresh = marks.look_at(memory);
        to_look_at.insert(to_look_at.end(), fresh.begin(), fresh.end());
    };
    for (const Range& root : roots) look_at(root);
    while (!to_look_at.empty()) {
        const std::size_t block = to_look_at.back();
        to_look_at.pop_back();
        look_at(range_of(blocks[block]));
    }
    return marks.others();
}

Blocks first_of_lost(const Blocks& lost) {
    Marks marks(lost);
    for (const auto& block : lost) marks.look_at(range_of(block));
    Blocks first = marks.others();
    return first.empty() ? lost : first;
}

}  // namespace heddle::unmodified

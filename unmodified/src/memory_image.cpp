#include "memory_image.hpp"

#include <algorithm>
#include <cstring>

namespace heddle::unmodified {

void MemoryImage::take(const std::vector<Range>& ranges) {
    for (const Range& range : ranges) add(range);
    is_taken_ = true;
}

void MemoryImage::add(const Range& range) {
    ranges_.push_back(range);
    const auto* const begin = reinterpret_cast<const std::byte*>(range.begin);
    bytes_.insert(bytes_.end(), begin, begin + range.size());
}

void MemoryImage::note(Range range) {
    const bool is_noted =
        std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& one) { return one.holds(range.begin); });
    if (!is_noted) add(range);
}

void MemoryImage::restore() const {
    const std::byte* from = bytes_.data();
    for (const Range& range : ranges_) {
        std::memcpy(reinterpret_cast<void*>(range.begin), from, range.size());
        from += range.size();
    }
}

}  // namespace heddle::unmodified

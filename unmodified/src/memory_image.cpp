#include "memory_image.hpp"

#include <cstring>
#include <utility>

namespace heddle::unmodified {

void MemoryImage::take(std::vector<Range> ranges) {
    ranges_ = std::move(ranges);
    for (const Range& range : ranges_) {
        const auto* const begin = reinterpret_cast<const std::byte*>(range.begin);
        bytes_.insert(bytes_.end(), begin, begin + range.size());
    }
    is_taken_ = true;
}

void MemoryImage::restore() const {
    const std::byte* from = bytes_.data();
    for (const Range& range : ranges_) {
        std::memcpy(reinterpret_cast<void*>(range.begin), from, range.size());
        from += range.size();
    }
}

}  // namespace heddle::unmodified

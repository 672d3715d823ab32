#include "early_heap.hpp"

#include <sys/mman.h>

#include <algorithm>

namespace heddle::unmodified {

void* EarlyHeap::allocate(std::size_t size, std::size_t alignment) {
    if (begin_ == nullptr) {
        void* const fresh =
            mmap(nullptr, most_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (fresh == MAP_FAILED) return nullptr;
        begin_ = static_cast<std::byte*>(fresh);
    }
    constexpr std::size_t header = alignof(std::max_align_t);
    static_assert(header >= sizeof(std::size_t), "the size stands in front of the block");
    alignment = std::max(alignment, header);
    const std::size_t block = (used_ + header + alignment - 1) & ~(alignment - 1);
    if (block > most_bytes || size > most_bytes - block) return nullptr;
    reinterpret_cast<std::size_t*>(begin_ + block)[-1] = size;
    used_ = std::min((block + size + header - 1) & ~(header - 1), most_bytes);
    return begin_ + block;
}

Range EarlyHeap::used() const {
    const auto begin = reinterpret_cast<std::uintptr_t>(begin_);
    return {begin, begin + used_};
}

}  // namespace heddle::unmodified

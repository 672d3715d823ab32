#include "heap.hpp"

#include <iterator>

#include <fmt/format.h>

#include "front_end.hpp"

extern "C" void* __libc_malloc(std::size_t);                 // NOLINT: the C library's own name
extern "C" void* __libc_memalign(std::size_t, std::size_t);  // NOLINT
extern "C" void __libc_free(void*);                          // NOLINT

namespace heddle::unmodified {

void* Heap::allocate(std::size_t size, std::size_t alignment, bool initialised, std::uintptr_t caller) {
    // What other libraries allocate for themselves, as the buffers of files, outlives an execution.
    const Modules& modules = front_end_.modules;
    const bool is_programs =
        modules.is_seen(caller) || modules.is_library_of_cxx(caller) || modules.is_library_of_program(caller);
    if (!is_programs || !self.in_program) {
        if (is_programs && !front_end_.is_exploring()) return front_end_.early_heap.allocate(size, alignment);
        return alignment <= alignof(std::max_align_t) ? __libc_malloc(size) : __libc_memalign(alignment, size);
    }
    const OutsideProgram outside;
    front_end_.wake_ups.before_step();
    void* const memory = front_end_.witness().allocate(size, alignment);
    front_end_.note_events();
    if (memory == nullptr) return nullptr;
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    front_end_.accesses.allocated(address, size, initialised, caller);
    if (front_end_.witness().is_recording()) {
        const auto [block, is_first] = blocks_.try_emplace(address);
        const unsigned generation = is_first ? 0 : block->second.generation + 1;
        block->second = {size, front_end_.witness().thread(), front_end_.site(caller), generation};
    }
    return memory;
}

void Heap::release(void* memory, std::uintptr_t caller) {
    if (memory == nullptr) return;
    if (!owns(memory)) {
        __libc_free(memory);
        return;
    }
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    const OutsideProgram outside;
    if (front_end_.is_exploring()) front_end_.wake_ups.before_step();
    if (front_end_.early_heap.owns(memory)) {
        if (self.in_program) front_end_.accesses.freed(address, EarlyHeap::size_of(memory), caller);
        return;
    }
    front_end_.accesses.freed(address, front_end_.witness().size_of(memory), caller);
    front_end_.witness().release(memory);
}

std::size_t Heap::size_of(const void* memory) const {
    return front_end_.early_heap.owns(memory) ? EarlyHeap::size_of(memory) : front_end_.witness().size_of(memory);
}

bool Heap::owns(const void* memory) const {
    return front_end_.early_heap.owns(memory) || (front_end_.is_exploring() && front_end_.witness().owns(memory));
}

void Heap::begin_run() { blocks_.clear(); }

Heap::Block* Heap::block_at(std::uintptr_t address, std::uintptr_t& begin) {
    const auto after = blocks_.upper_bound(address);
    if (after == blocks_.begin()) return nullptr;
    auto& [first, block] = *std::prev(after);
    begin = first;
    return address - first < block.size ? &block : nullptr;
}

std::string Heap::text_of(const Block& block) {
    return fmt::format("{} bytes of thread {}, allocated at {}", block.size, number_of(block.thread),
                       unmodified::text_of(block.site));
}

std::string Heap::name_of(std::uintptr_t address) {
    std::uintptr_t begin = 0;
    Block* const block = block_at(address, begin);
    if (block == nullptr) return {};
    const auto [number, is_new] = numbers_.try_emplace({begin, block->generation}, numbers_.size() + 1);
    const std::string name = fmt::format("heap#{}", number->second);
    if (!std::exchange(block->is_explained, true)) front_end_.witness().explain(name, text_of(*block));
    return address == begin ? name : fmt::format("{}+{}", name, address - begin);
}

engine::Site Heap::site_of(std::uintptr_t address) {
    std::uintptr_t begin = 0;
    const Block* const block = block_at(address, begin);
    return block == nullptr ? engine::Site() : block->site;
}

std::string Heap::name_in_full(std::uintptr_t address) {
    std::uintptr_t begin = 0;
    const Block* const block = block_at(address, begin);
    return block == nullptr ? "" : fmt::format("{} ({})", name_of(address), text_of(*block));
}

}  // namespace heddle::unmodified

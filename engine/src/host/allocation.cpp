// The memory of a program under check.
#include "allocation.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>
#include <string>

#include <heddle/engine/run.hpp>

#include "digest.hpp"
#include "stacks.hpp"

// Of the linker: the executable, its variables included. A shared library has no such beginning.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): its names
extern "C" [[gnu::weak]] const char __executable_start;
extern "C" const char _end;
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace heddle::engine {

namespace {
/// One for each size, as long as there are few of them.
std::uint64_t bit_of(std::size_t size) { return std::uint64_t{1} << size / alignof(std::max_align_t) % 64; }

using Form = MemoryTracker::Form;

const char* gives(Form form) {
    if (form == Form::malloc) return "malloc";
    return form == Form::array ? "new[]" : "new";
}
const char* takes_back(Form form) {
    if (form == Form::malloc) return "free";
    return form == Form::array ? "delete[]" : "delete";
}

constexpr unsigned char unused_byte = 0xa5;

std::size_t round_up(std::size_t number, std::size_t to) { return (number + to - 1) / to * to; }
}  // namespace

/// Returns: null if there is no room.
MemoryTracker::Block* MemoryTracker::Arena::add(std::size_t size, std::size_t alignment,
                                                MemoryTracker* owner) noexcept {
    std::size_t at = used;
    if (alignment > alignof(Block)) {
        const auto first = reinterpret_cast<std::uintptr_t>(begin) + sizeof(Block);
        at = round_up(first + used, alignment) - first;
    }
    const std::size_t whole = sizeof(Block) + size;
    if (at > arena_bytes || whole + sizeof owner + (blocks + 1) * sizeof(Offset) > arena_bytes - at) return nullptr;
    starts()[-static_cast<std::ptrdiff_t>(++blocks)] = static_cast<Offset>(at);
    auto* const block = ::new (begin + at) Block{owner, {size}, 0, 0, Form::adopted, 0, is_intact};
    used = at + whole;
    ::new (begin + used) MemoryTracker*(owner);
    return block;
}

/// Which block has that address, counted from 1; 0 if none has.
std::size_t MemoryTracker::Arena::number_at(std::uintptr_t address) const noexcept {
    const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(begin);
    if (offset >= used) return 0;
    const auto starts = std::reverse_iterator(this->starts());
    const auto after = std::upper_bound(starts, starts + static_cast<std::ptrdiff_t>(blocks), offset);
    const auto number = static_cast<std::size_t>(after - starts);
    if (number == 0) return 0;  // in front of the first one, where that is aligned
    return address - reinterpret_cast<std::uintptr_t>(block(number) + 1) < block(number)->size ? number : 0;
}

MemoryTracker::Block* MemoryTracker::Arena::block(std::size_t number) const noexcept {
    return reinterpret_cast<Block*>(begin + starts()[-static_cast<std::ptrdiff_t>(number)]);
}

bool MemoryTracker::prepare() noexcept {
    std::byte* const begin = region_.begin();
    if (begin == nullptr) return false;
    for (std::size_t number = 0; number != arenas_.size(); ++number)
        arenas_[number].begin = begin + number * arena_bytes;
    return true;
}

void* MemoryTracker::allocate(std::size_t size, Form form, std::size_t alignment) noexcept {
    Arena& arena = arenas_[current_];
    if (size > arena_bytes || (arena.begin == nullptr && !prepare())) return nullptr;
    arenas_used_ = std::max(arenas_used_, current_ + 1);
    const std::size_t asked = size;
    size = round_up(size, alignof(Block));
    const bool is_usual = alignment <= alignof(Block);
    Block* block = nullptr;
    if (recycler_ != nullptr) block = is_usual ? take_recycled(size) : nullptr;
    else if (is_usual && (arena.freed_sizes & bit_of(size)) != 0) block = take_freed(size);
    if (block == nullptr) block = arenas_[current_].add(size, alignment, this);
    if (block == nullptr)
        Run::require("operator new")
            .fail(FailureKind::too_big, "a thread of the model allocates more than 64 MiB in one execution", Site{});
    hand_out(*block, form, asked);
    ++live_blocks_;
    return block + 1;
}

void MemoryTracker::hand_out(Block& block, Form form, std::size_t asked) const noexcept {
    block.freed_at = block.freed_by = 0;
    block.form = form;
    block.unused = static_cast<std::uint8_t>(block.size - asked);
    std::memset(reinterpret_cast<std::byte*>(&block + 1) + asked, unused_byte, block.unused);
}

void MemoryTracker::refuse_if_overwritten(const Block& block) const noexcept {
    const auto* const end = reinterpret_cast<const std::byte*>(&block + 1) + block.size;
    const auto is_unused = [](std::byte byte) { return byte == std::byte{unused_byte}; };
    bool is_overwritten = block.intact != is_intact || block.freed_by != 0 || block.unused >= alignof(Block);
    is_overwritten = is_overwritten || !std::all_of(end - block.unused, end, is_unused) ||
                     *reinterpret_cast<MemoryTracker* const*>(end) != this;
    if (is_overwritten) refuse_what_is_overwritten();
}

void MemoryTracker::refuse_what_is_overwritten() noexcept {
    Run::require("operator delete")
        .fail(FailureKind::crash, "the program wrote beyond the end of memory that it has allocated, or in front of it",
              Site{});
}

/// Takes a block that the current thread has freed, if the Reuse says so.
MemoryTracker::Block* MemoryTracker::take_freed(std::size_t size) noexcept {
    const AllocateFor engine(nullptr);
    find_candidates(size);
    const unsigned chosen = candidates_.empty() ? 0 : reuse_->choose_memory(candidates_.size());
    if (chosen == 0) return nullptr;
    find_candidates(size);  // again: other threads have allocated while this one waited for its turn
    return candidates_[chosen - 1];
}

/// Takes a block that any thread has freed.
MemoryTracker::Block* MemoryTracker::take_recycled(std::size_t size) noexcept {
    const AllocateFor engine(nullptr);
    const std::uint64_t found = recycler_->look(size);
    if (found == 0) return nullptr;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an atomic of the execution has kept it
    auto* const block = reinterpret_cast<Block*>(static_cast<std::uintptr_t>(found)) - 1;
    return block->size == size && recycler_->take(size, found) ? block : nullptr;
}

/// The blocks of that size which the current thread has freed and seen the address of, the latest freed first.
void MemoryTracker::find_candidates(std::size_t size) {
    constexpr std::uint64_t address_bits = (std::uint64_t{1} << 48) - 1;  // what is above may be a tag
    candidates_.clear();
    for (const std::uint64_t value : reuse_->seen()) {
        for (unsigned number = 0; number != arenas_used_; ++number) {
            const std::size_t nth = arenas_[number].number_at(value & address_bits);
            if (nth == 0) continue;
            Block* const block = arenas_[number].block(nth);
            if (block->size == size && block->freed_at != 0 && block->freed_by == current_)
                candidates_.push_back(block);
            break;
        }
    }
    std::sort(candidates_.begin(), candidates_.end(),
              [](const Block* a, const Block* b) { return a->freed_at > b->freed_at; });
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
}

void MemoryTracker::release(Block* block, Form form) noexcept {
    if (block->freed_at != 0)
        Run::require("operator delete").fail(FailureKind::double_free, "memory was freed twice", Site{});
    if (block->form != form)
        Run::require("operator delete")
            .fail(FailureKind::misuse,
                  std::string("memory from ") + gives(block->form) + " is given back by " + takes_back(form), Site{});
    if (form != Form::adopted) refuse_if_overwritten(*block);
    block->freed_at = ++frees_;
    block->freed_by = current_;
    --live_blocks_;
    if (recycler_ != nullptr) {
        const AllocateFor engine(nullptr);
        return recycler_->put(block->size, reinterpret_cast<std::uintptr_t>(block + 1));
    }
    if (reuse_ == nullptr) return;
    arenas_used_ = std::max(arenas_used_, current_ + 1);
    arenas_[current_].freed_sizes |= bit_of(block->size);
}

std::optional<MemoryTracker::Allocation> MemoryTracker::allocation_of(const void* address) const noexcept {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    for (unsigned number = 0; number != arenas_used_; ++number) {
        const std::size_t nth = arenas_[number].number_at(wanted);
        if (nth == 0) continue;
        const auto begin = reinterpret_cast<std::uintptr_t>(arenas_[number].block(nth) + 1);
        return Allocation{reuse_ == nullptr ? std::nullopt : std::optional(number), nth, wanted - begin};
    }
    return std::nullopt;
}

void MemoryTracker::release(void* memory, Form form) noexcept {
    auto* const block = static_cast<Block*>(memory) - 1;
    if (block->owner == this) return release(block, form);
    const auto found = allocation_of(memory);
    if (found && found->offset == 0) refuse_what_is_overwritten();
    refuse_to_release();
}

bool MemoryTracker::is_no_allocation(const void* memory) noexcept {
    const auto* const at = static_cast<const char*>(memory);
    const auto* const frame = static_cast<const char*>(__builtin_frame_address(0));
    const char* const executable = &__executable_start;
    return (at >= frame && at < frame + Stacks::stack_bytes) ||
           (executable != nullptr && at >= executable && at < &_end);
}

void MemoryTracker::refuse_to_release() noexcept {
    Run::require("operator delete")
        .fail(FailureKind::misuse, "memory is given back that is not where an allocation begins", Site{});
    std::abort();  // not reached; compilers do not trust [[noreturn]] of a virtual function
}

std::size_t MemoryTracker::size_of(const void* memory) noexcept {
    const Block& block = static_cast<const Block*>(memory)[-1];
    return block.size - block.unused;
}

std::vector<std::span<const std::byte>> MemoryTracker::live() const {
    std::vector<std::span<const std::byte>> blocks;
    for (unsigned number = 0; number != arenas_used_; ++number)
        for (std::size_t nth = 1; nth <= arenas_[number].blocks; ++nth) {
            const Block* const block = arenas_[number].block(nth);
            if (block->freed_at == 0) blocks.emplace_back(reinterpret_cast<const std::byte*>(block + 1), block->size);
        }
    return blocks;
}

std::uint64_t MemoryTracker::digest() const noexcept {
    std::uint64_t value = 0;
    for (unsigned number = 0; number != arenas_used_; ++number)
        value = engine::digest(arenas_[number].begin, arenas_[number].begin + arenas_[number].used, value);
    return value;
}

void MemoryTracker::reset() noexcept {
    for (unsigned number = 0; number != arenas_used_; ++number) {
        Arena& arena = arenas_[number];
        arena.used = arena.blocks = 0;
        arena.freed_sizes = 0;
    }
    arenas_used_ = 0;
    recycler_ = nullptr;
    live_blocks_ = frees_ = 0;
}

}  // namespace heddle::engine

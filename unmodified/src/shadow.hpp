// Who accessed each byte last: two cells of 16 bits beside it, so that any size and alignment is one look.
#pragma once

#include <emmintrin.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

namespace heddle::unmodified {

/// An access, or a state of memory: the thread, how many events it had had, and flags. 0: the environment, which all know.
using Cell = std::uint16_t;

// Legend. Set by Accesses (all of them) and Objects (atomic_here); cleared when memory is written, allocated or given up.
namespace cell {
inline constexpr Cell events = 0x00ff;
inline constexpr Cell thread = 0x0f00;
inline constexpr Cell atomic_here = 0x1000;  ///< written: the byte is part of an object of the engine
inline constexpr Cell freed = 0x2000;        ///< written: the memory was given back
inline constexpr Cell unwritten = 0x4000;    ///< written: allocated, and not written since
inline constexpr Cell many = 0x8000;         ///< read: the rest is the number of a set of readers
inline constexpr Cell access = events | thread;

constexpr Cell of(unsigned of_thread, unsigned count) { return static_cast<Cell>(of_thread << 8U | count); }
constexpr unsigned thread_of(Cell one) { return (one & thread) >> 8U; }
constexpr unsigned events_of(Cell one) { return one & events; }
}  // namespace cell

class Shadow {
  public:
    /// Requires: called once, before all else. Errors: throws std::bad_alloc if there is no address space.
    void open() {
        const auto map = [](std::size_t bytes) {
            void* const memory =
                mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            if (memory == MAP_FAILED) throw std::bad_alloc();
            return memory;
        };
        written_ = static_cast<Cell*>(map(sizeof(Cell) * (window + margin)));
        read_ = static_cast<Cell*>(map(sizeof(Cell) * (window + margin)));
        chunks_ = static_cast<std::uint32_t*>(map(sizeof(std::uint32_t) * (window / chunk_bytes + margin)));
    }
    bool is_open() const { return written_ != nullptr; }

    /// All is as the environment left it.
    void begin_run() { ++run_; }

    /// The cells of the byte at `address` and of those after it. Requires: those were renewed in this execution.
    Cell* written(std::uintptr_t address) { return written_ + (address & (window - 1)); }
    Cell* read(std::uintptr_t address) { return read_ + (address & (window - 1)); }

    /// Forgets what other executions left in the cells of [address, address + size). Requires: size is not 0.
    [[gnu::always_inline]] void renew(std::uintptr_t address, std::size_t size) {
        const std::uintptr_t first = (address & (window - 1)) / chunk_bytes;
        const std::uintptr_t last = ((address + size - 1) & (window - 1)) / chunk_bytes;
        if (__builtin_expect(chunks_[first] == run_ && chunks_[last] == run_ && last - first <= 1, 1)) return;
        for (std::uintptr_t chunk = first; chunk <= last; ++chunk) renew_chunk(chunk);
    }

    // Eight cells at once, one for each bit pair of a mask.
    using Eight = __m128i;
    static Eight eight(const Cell* cells) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(cells)); }
    static Eight only(Eight cells, Cell bits) { return _mm_and_si128(cells, _mm_set1_epi16(static_cast<short>(bits))); }
    static unsigned equal(Eight cells, Cell value) {
        return static_cast<unsigned>(
            _mm_movemask_epi8(_mm_cmpeq_epi16(cells, _mm_set1_epi16(static_cast<short>(value)))));
    }
    /// Of the first `count` cells. Requires: at most 8.
    static unsigned mask(std::size_t count) { return (1U << (2 * count)) - 1; }

    // Of frames, which begin and end at multiples of so many bytes.
    static constexpr std::size_t at_once = 8;
    /// Whether the bytes from an address on are plain memory that only the thread of `mine` has accessed, or nobody.
    bool is_plain_of(std::uintptr_t address, Cell mine) {
        const Eight written = eight(this->written(address));
        const Eight read = eight(this->read(address));
        const Cell thread = mine & cell::thread;
        const unsigned plain = equal(only(written, cell::thread | cell::atomic_here), thread) | equal(written, 0);
        const unsigned own = equal(only(read, cell::thread | cell::many), thread) | equal(read, 0);
        return (plain & own) == mask(at_once);
    }
    /// Those that were given back belong to whoever makes the access `mine`.
    void take_again(std::uintptr_t address, Cell mine) {
        const Eight cells = eight(written(address));
        const Eight flag = _mm_set1_epi16(static_cast<short>(cell::freed));
        const Eight freed = _mm_cmpeq_epi16(_mm_and_si128(cells, flag), flag);
        const Eight taken = _mm_and_si128(freed, _mm_set1_epi16(static_cast<short>(mine)));
        put(written(address), _mm_or_si128(_mm_andnot_si128(freed, cells), taken));
        put(read(address), _mm_andnot_si128(freed, eight(read(address))));
    }
    void fill(std::uintptr_t address, Cell last_write) {
        put(written(address), _mm_set1_epi16(static_cast<short>(last_write)));
        put(read(address), _mm_setzero_si128());
    }

  private:
    static void put(Cell* cells, Eight values) { _mm_storeu_si128(reinterpret_cast<__m128i*>(cells), values); }

    static constexpr std::uintptr_t window = std::uintptr_t{1} << 36;  // addresses repeat after it: see front_end.cpp
    static constexpr std::size_t margin = 4096;                        // for cells that are looked at past the end
    static constexpr std::size_t chunk_bytes = 64;

    [[gnu::noinline]] void renew_chunk(std::uintptr_t chunk) {
        if (chunks_[chunk] == run_) return;
        chunks_[chunk] = run_;
        std::memset(written_ + chunk * chunk_bytes, 0, sizeof(Cell) * chunk_bytes);
        std::memset(read_ + chunk * chunk_bytes, 0, sizeof(Cell) * chunk_bytes);
    }

    Cell* written_ = nullptr;
    Cell* read_ = nullptr;
    std::uint32_t* chunks_ = nullptr;  ///< the execution in which the cells of a chunk were renewed
    std::uint32_t run_ = 1;
};

}  // namespace heddle::unmodified

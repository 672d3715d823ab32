// Where libstdc++ lets threads sleep that wait on atomics which are no futexes: reports name it by those atomics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/operation.hpp>

namespace heddle::unmodified {

class FrontEnd;

/// What follows of libstdc++ 12 (bits/atomic_wait.h): a pool of words, of which an atomic has one by its address, with
/// others. Only in executions that are recorded.
class AtomicWaits {
  public:
    explicit AtomicWaits(FrontEnd& front_end) : front_end_(front_end) {}

    void begin_run() { words_ = {}; }

    /// How a report calls memory of the pool, "waiters(ready)"; empty if it is not there.
    std::string name_of(std::uintptr_t address);
    /// An atomic of that size is accessed by that code. Where that waits, it becomes known what it sleeps at, and is named so.
    void note_access(std::uintptr_t address, std::size_t size, std::uintptr_t caller);

  private:
    static constexpr std::size_t words_of_pool = 16;

    struct Word {
        std::vector<std::uintptr_t> atomics;  ///< on which threads wait here
        std::uintptr_t address = 0;           ///< 0: not used yet
        bool is_guessed = false;              ///< from what the thread has accessed before: it may only notify
        std::string explained;                ///< its name in the legend
    };

    /// The number of the word of the pool that is there; nothing if it is none.
    std::optional<std::size_t> word_at(std::uintptr_t address) const;
    static std::size_t word_of(std::uintptr_t atomic) { return (atomic >> 2U) % words_of_pool; }
    std::string name_of(Word& word);

    FrontEnd& front_end_;
    std::array<Word, words_of_pool> words_;
};

}  // namespace heddle::unmodified

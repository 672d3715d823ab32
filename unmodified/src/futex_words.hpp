// The four bytes that a futex compares: an atomic of their own, or one half of an atomic of eight bytes, which the program never
// accesses by itself. Those who wait for one half are not woken with those who wait for the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <heddle/engine/adopted.hpp>

namespace heddle::unmodified {

class FrontEnd;

class FutexWords {
  public:
    explicit FutexWords(FrontEnd& front_end) : front_end_(front_end) {}
    void begin_run() {
        ones_.clear();
        is_looking_ = false;  // the last run may have ended there
    }

    /// A wait at a word gets the atomic that it is about. Errors: as FrontEnd::atomic_at().
    void aim(engine::Operation& wait, std::uintptr_t word, std::uintptr_t caller);
    /// What the kernel finds there, as a step of the running thread. Errors: the same.
    std::uint32_t value_of(std::uintptr_t word, std::uintptr_t caller);
    /// A step of the running thread that lets go who waits at a word. The atomic there may have come to its end by then: the
    /// kernel does not look at it. Returns: how many went.
    std::uint64_t wake(std::uintptr_t word, std::uint64_t waiters, std::uintptr_t caller);

    struct Bytes {
        std::uintptr_t begin = 0;
        std::size_t size = 0;
    };
    /// An access to an atomic of other bytes than those of one that is there already. If that was only taken for one since
    /// a futex was there before the program, the exploration begins anew, with that known.
    void learn(Bytes access, Bytes there, const engine::Object& object);
    /// What is wrong with that, in words.
    std::string overlap(Bytes access, Bytes there, const engine::Object& object) const;

  private:
    /// An atomic that a futex has come to before the program has.
    struct One {
        const engine::Object* object;
        std::uint64_t known_by;
    };

    static std::uint64_t known_by(std::uintptr_t word, std::uintptr_t caller);
    std::uintptr_t whole_of(std::uintptr_t word, std::uintptr_t caller);
    const One* find(const engine::Object& object) const;
    engine::Object* half_of(const engine::Object& whole, std::uintptr_t begin, std::uintptr_t word,
                            std::uintptr_t caller);
    engine::Object* own_at(const engine::Operation& operation, std::uintptr_t word, std::uintptr_t caller);
    engine::Object* woken_at(std::uintptr_t word, std::uintptr_t caller);

    FrontEnd& front_end_;
    std::vector<One> ones_;                                     ///< in this run
    std::unordered_map<std::uint64_t, std::uintptr_t> learnt_;  ///< where the atomic begins that a word is a half of
    bool is_looking_ = false;                                   ///< for a word of its own
};

}  // namespace heddle::unmodified

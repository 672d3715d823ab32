// Plain accesses of the program: each is checked, byte by byte, against those that do not happen before it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <heddle/engine/adopted.hpp>
#include <heddle/engine/failure.hpp>

#include "shadow.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

extern constinit Shadow shadow;

class Accesses {
  public:
    explicit Accesses(FrontEnd& front_end) : front_end_(front_end) {}

    void begin_run();

    /// The running thread reads or writes plain memory. `typed`: as one value, not as bytes that may be no value.
    /// Errors: fails the execution if that is a race, or the memory is gone or was never written.
    template <bool writes>
    [[gnu::always_inline]] void check(std::uintptr_t address, std::size_t size, bool typed, std::uintptr_t caller) {
        shadow.renew(address, size);
        if (size <= 8 && !self.is_watched) {
            const unsigned all = Shadow::mask(size);
            const Shadow::Eight written = Shadow::eight(shadow.written(address));
            const Shadow::Eight read = Shadow::eight(shadow.read(address));
            // Done before, since the thread's last event, or by nobody else since its last write.
            constexpr Cell flags = static_cast<Cell>(~cell::access);
            if constexpr (writes) {
                const Shadow::Eight reader = Shadow::only(read, flags | cell::thread);
                const unsigned unread = Shadow::equal(reader, self.mine & cell::thread) | Shadow::equal(read, 0);
                if ((Shadow::equal(written, self.mine) & unread & all) == all) return;
            } else {
                const unsigned usual = Shadow::equal(Shadow::only(written, flags), 0);
                if ((Shadow::equal(read, self.mine) & usual & all) == all) {
                    if (++self.reads_in_vain == most_reads_in_vain) wait_for_plain_memory(caller);
                    return;
                }
            }
        }
        check_slowly(address, size, writes, typed, caller);
    }

    /// An atomic access to memory, by the operation, as far as that is plain memory to others.
    void check_atomic(const engine::Operation& operation, std::uintptr_t address, std::size_t size,
                      std::uintptr_t caller);

    /// Memory becomes the running thread's. `initialised`: it has a value.
    void allocated(std::uintptr_t address, std::size_t size, bool initialised, std::uintptr_t caller);
    /// It is given back. Errors: fails the execution if another thread may still use it.
    void freed(std::uintptr_t address, std::size_t size, std::uintptr_t caller);
    /// What is there comes to its end, but the memory stays. Errors: as of freed().
    void check_end(std::uintptr_t address, std::size_t size, std::uintptr_t caller);
    /// A function begins on a stack whose frames other threads use: its frame is nobody's yet.
    void enter_frame(const Calls::Call& call);
    /// A function returns: what other threads have used of its frame is given back. Errors: as of freed().
    void leave_frame(const Calls::Call& call, std::uintptr_t caller);

    /// Whether another thread has written the byte, or the atomic there, and nothing orders that before the running thread.
    bool has_changed(std::uintptr_t address) const;
    /// Whether the byte is part of an atomic, or the running thread was the last to write it, or has read it since.
    /// Requires: has_changed() was asked.
    bool is_own(std::uintptr_t address) const;

    // A tenth of a second without a step: a loop that waits for another thread to write what it reads.
    static constexpr unsigned most_reads_in_vain = 1U << 23U;

  private:
    static constexpr std::size_t most_frame_bytes = std::size_t{1} << 20;  // more: the code has no frame pointers

    /// The readers of memory that several threads have read since it was written.
    struct Readers {
        std::array<Cell, engine::most_adopted_threads + 1> of{};
    };
    struct Noted {
        Cell cell;
        engine::OperationKind kind;
        std::uintptr_t address;
        std::size_t size;
        engine::Site site;
    };

    [[gnu::noinline]] void wait_for_plain_memory(std::uintptr_t caller);
    void check_slowly(std::uintptr_t address, std::size_t size, bool writes, bool typed, std::uintptr_t caller);
    void check_byte(std::uintptr_t address, bool writes, std::uintptr_t caller);
    bool is_uniform_and_known(std::uintptr_t address, std::size_t size, bool writes) const;
    bool is_known(Cell access) const;
    void check_written(Cell written, std::uintptr_t address, bool writes, engine::FailureKind kind,
                       std::uintptr_t caller);
    void check_read(Cell read, std::uintptr_t address, engine::FailureKind kind, std::uintptr_t caller);
    void meet_object(std::uintptr_t address, bool writes, std::uintptr_t caller);
    void end_byte(std::uintptr_t address, std::uintptr_t caller);
    void end_bytes(std::uintptr_t address, std::size_t size, std::uintptr_t caller);
    void check_initialised(std::uintptr_t address, std::size_t size, std::uintptr_t caller);
    Cell with_reader(Cell read);
    [[gnu::cold, gnu::noinline]] void note(engine::OperationKind kind, std::uintptr_t address, std::size_t size,
                                           std::uintptr_t caller);
    /// In an execution that is recorded: what an access was, the latest one of those that it could be.
    std::optional<engine::MemoryAccess> known_access(Cell access, bool wrote, std::uintptr_t address) const;
    /// Two threads are at the memory, the running one as `does` says.
    [[noreturn, gnu::cold, gnu::noinline]] void fail_between(engine::FailureKind kind, engine::OperationKind does,
                                                             Cell other, bool other_wrote, std::uintptr_t address,
                                                             std::uintptr_t caller);
    [[gnu::cold, gnu::noinline]] void race(engine::FailureKind kind, Cell other, bool other_wrote,
                                           std::uintptr_t address, bool writes, std::uintptr_t caller);

    FrontEnd& front_end_;
    std::vector<Readers> readers_;
    std::size_t readers_count_ = 0;
    std::vector<Noted> noted_;
    const engine::Operation* atomic_ =
        nullptr;  ///< that the running thread is about to perform; null: the access is plain
};

}  // namespace heddle::unmodified

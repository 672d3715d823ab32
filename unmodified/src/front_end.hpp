// Ordinary code in front of an engine: what the hooks find of the execution that is going on.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <heddle/engine/adopted.hpp>
#include <heddle/engine/run.hpp>

#include "accesses.hpp"
#include "clock.hpp"
#include "counted_loops.hpp"
#include "early_heap.hpp"
#include "futex_words.hpp"
#include "heap.hpp"
#include "known_loops.hpp"
#include "library_state.hpp"
#include "memory_image.hpp"
#include "memory_names.hpp"
#include "modules.hpp"
#include "objects.hpp"
#include "polling_loops.hpp"
#include "sites.hpp"
#include "stepping_loops.hpp"
#include "thread_storage.hpp"
#include "threads.hpp"
#include "timed_waits.hpp"
#include "waiting_loops.hpp"
#include "wake_ups.hpp"

namespace heddle::unmodified {

/// The number of a thread as reports have it, by the engine's.
constexpr unsigned number_of(unsigned thread) { return thread - 1; }

/// A place as reports have it.
std::string text_of(engine::Site site);

class FrontEnd final : public engine::Adopter {
  public:
    FrontEnd() = default;
    FrontEnd(const FrontEnd&) = delete;
    FrontEnd& operator=(const FrontEnd&) = delete;

    void begin_exploration() override;
    void begin_run(engine::Run& run, engine::Witness& witness) override;
    void begin_thread(unsigned thread) override;
    std::uintptr_t thread_pointer(unsigned thread) override;
    engine::Site thrown_at() override;
    void leave_program() noexcept override { self.in_program = false; }
    engine::Site crashed_at(std::span<const std::uintptr_t> calls) override;
    std::string lost(const std::vector<std::span<const std::byte>>& blocks) override;
    std::optional<std::uint64_t> left_behind(std::vector<std::uint64_t>& frames) override;
    /// All memory of the program but the running thread's own frames and what Witness::allocate() has given, as a digest, and
    /// what the thread has that is in no memory of the program.
    std::uint64_t digest_of_memory();
    bool alters_next_run() override { return counted_loops.alters_next_run(); }
    bool passes_altered_run(Went went) override { return counted_loops.passes_altered_run(went); }

    /// The program's memory is what it was before the first execution. Requires: none goes on.
    void put_memory_back() const {
        if (image_.is_taken()) image_.restore();
    }

    /// Whether an execution goes on, or has: until then the program prepares.
    bool is_exploring() const { return witness_ != nullptr; }
    engine::Run& run() { return *run_; }

    /// A compare-exchange of which the compiler does not say whether it is weak counts as strong, and the verdict says so.
    void take_as_strong();
    engine::Witness& witness() { return *witness_; }

    /// A step of the running thread. Requires: its code runs. `caller`: where it is. `tells_all`: what the hook does after the
    /// step is decided by the operation, by what that gives and by the program's memory.
    engine::OperationResult perform(engine::Operation operation, std::uintptr_t caller, bool tells_all = false);
    /// The engine may have added events of the running thread: what it accesses now comes after them.
    void note_events() {
        self.mine = cell::of(witness_->thread(), witness_->events());
        self.known = witness_->known();
        self.reads_in_vain = 0;
    }
    /// What the running thread leaves behind may be asked for from now on, or not any more.
    void watch() const { self.is_watched = self.is_compared() || witness_->is_recording(); }
    /// The same, of a step that only looks at an atomic.
    engine::OperationResult look(engine::Operation operation, std::uintptr_t caller, bool tells_all = false);
    /// The same, of a thread that tries a lock and does not wait, which only looks as long as that fails. `address`: what a
    /// look at it is told by. Returns: whether the thread has it.
    bool try_lock(engine::Object* lock, std::uintptr_t address, const Frames& frames, std::uintptr_t caller);
    /// The same, of a thread that waits for a lock until then. Returns: whether the thread has it.
    bool lock_until(std::chrono::nanoseconds deadline, engine::Object* lock, std::uintptr_t caller);
    /// Errors: fails the execution if code without hooks is there, which synchronises unseen besides.
    void check_is_followed(std::uintptr_t caller);
    /// The atomic at an address, which is about to be accessed by the operation. Errors: fails the execution if plain accesses race with
    /// it, or atomics overlap.
    engine::Object* atomic_at(const engine::Operation& operation, std::uintptr_t address, std::uint8_t size,
                              std::uintptr_t caller);
    /// What a call of POSIX has the first bytes there for; its value is `first` until the first step on it.
    engine::Object* lockable_at(const void* memory, engine::ObjectKind kind, std::uintptr_t caller,
                                std::uint32_t first = 0);
    /// Memory holds the latest value in modification order of those that were written: what code without hooks finds.
    void write_through(std::uintptr_t address, const engine::Object& object);

    [[noreturn]] void fail(engine::FailureKind kind, std::uintptr_t caller, std::string_view message);
    /// The running thread has long taken no step: others go on until none can. Does not return where the program does not wait for
    /// it then: what the thread does after that is not explored. Returns: whether they did; otherwise the thread is known to
    /// go on.
    bool goes_on_last(std::string_view after, engine::Site place) {
        const OutsideProgram outside;
        if (witness_->is_repeating()) return false;
        if (!witness_->lets_others_go_first()) cut_off(after, place);
        return true;
    }
    /// What the running thread does after that is not explored; the verdict says so. Does not return.
    void cut_off(std::string_view after, engine::Site place);
    /// The running thread does something at an address while another one is there. `conflict`: but for the message, which has
    /// words for the kind, and for what the address says.
    [[noreturn, gnu::cold, gnu::noinline]] void fail_between(engine::Conflict conflict, std::uintptr_t address,
                                                             std::uintptr_t caller);

    /// The running thread accesses an atomic that begins at an address; one of another size has the byte at `shared`.
    [[noreturn]] void fail_overlap(std::uintptr_t address, std::uint8_t size, std::uintptr_t shared,
                                   std::uintptr_t caller);

    const Sites::Known& known_of(std::uintptr_t caller) {
        const OutsideProgram outside;  // who reads debugging information takes locks
        return sites.of(caller, self.calls);
    }
    engine::Site site(std::uintptr_t caller) { return known_of(caller).site; }
    /// Whether threads look at monitors from outside: for all executions, as soon as one does.
    bool monitors_are_looked_at = false;

    Modules modules;
    Sites sites;
    Accesses accesses{*this};
    Objects objects{*this};
    FutexWords futex_words{*this};
    Threads threads{*this};
    KnownLoops known_loops{*this};
    WaitingLoops loops{*this, known_loops};
    CountedLoops counted_loops{*this, known_loops};
    PollingLoops polling_loops{*this, known_loops};
    SteppingLoops stepping_loops{*this};
    TimedWaits timed_waits{*this};
    WakeUps wake_ups{*this};
    VirtualClock clock{*this};
    EarlyHeap early_heap;
    Heap heap{*this};
    LibraryState library_state;
    MemoryNames names{*this};
    ThreadStorage storage;

  private:
    void open();

    engine::Run* run_ = nullptr;
    bool takes_as_strong_ = false;  ///< in this exploration
    engine::Witness* witness_ = nullptr;
    MemoryImage image_;
};

/// Null until this library's own initialisers run.
extern FrontEnd* front_end;

}  // namespace heddle::unmodified

// The door through which a program comes in: what it asks for, step by step, and the parts that answer.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/program.hpp>
#include <heddle/engine/run.hpp>

#include "execution/execution.hpp"
#include "alike_threads.hpp"
#include "blocking.hpp"
#include "learning.hpp"
#include "memory_witness.hpp"
#include "operations.hpp"
#include "races.hpp"
#include "recorder.hpp"
#include "retries.hpp"
#include "schedule.hpp"
#include "trace.hpp"
#include "turns_left_out.hpp"
#include "waiting_loops.hpp"

namespace heddle::engine::exhaustive {

/// Sends what the program asks for to the part that answers. The parts stand in the order in which they know each other;
/// none knows one below itself in this list, and none knows the door.
///
/// What comes through the door arrives on a fiber of the program, whose allocations are the program's until the door says
/// otherwise.
class Door : public Run, private MemoryTracker::Reuse {
  public:
    Door() = default;
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                      std::optional<std::uint64_t> initial, Site site) override;
    std::uint64_t spawn(std::function<void()> body, Site site) override;
    [[noreturn, gnu::cold]] void fail(FailureKind kind, std::string_view message, Site site) override;
    [[noreturn, gnu::cold]] void cut(std::string_view what) override;
    [[gnu::cold]] void leave_out(std::string_view what) override;
    std::uint64_t thread_index() override { return trace_.running_index(); }
    std::chrono::nanoseconds now() override {
        learning_.spoil();
        loops_.reads_the_clock();
        return blocking_.now();
    }
    void*& thread_slot() override { return thread_slots_[trace_.running()]; }
    [[noreturn, gnu::cold]] void restart() override;

  protected:
    ~Door() override = default;

    /// What a thread does, on its fiber, from its beginning to its end. Called by Schedule.
    [[noreturn]] virtual void thread_main(unsigned number) = 0;
    /// A new thread, which has taken no step yet. `body`: of one that the program has spawned.
    void begin_thread(unsigned thread, EventId spawned_by, std::function<void()> body = {});

    const Program* program_ = nullptr;
    unsigned spawned_ = 0;
    std::vector<std::string> cuts_;                       // that the front end has asked for
    std::array<void*, most_threads + 1> thread_slots_{};  // the front end's

    Execution execution_{places::exhaustive_memory, this};
    Trace trace_;
    Schedule schedule_{trace_, execution_, [this](unsigned number) { thread_main(number); }};
    AlikeThreads alike_;
    Recorder recorder_{trace_, schedule_, alike_};
    Blocking blocking_{trace_, schedule_, recorder_};
    TurnsLeftOut turns_left_out_{trace_, schedule_};
    WaitingLoops loops_{trace_, execution_, schedule_, recorder_, blocking_, turns_left_out_};
    Races races_{trace_, schedule_, execution_};
    Retries retries_{trace_, execution_, schedule_};
    Operations operations_{trace_, execution_, recorder_, blocking_, races_, retries_};
    Learning learning_{trace_, execution_};
    MemoryWitness witness_{trace_, execution_, loops_, blocking_, races_, operations_};

  private:
    OperationResult step(const Operation& operation) override;
    std::span<const std::uint64_t> seen() override;
    unsigned choose_memory(std::size_t candidates) override;

    Step* begin_step(const Operation& op);
    Step* begins_here(Step* step) const;
    [[gnu::noinline]] OperationResult take_step(const Operation& op);
    [[gnu::noinline]] OperationResult step_watched(const Operation& op);
    [[gnu::noinline]] OperationResult step_and_learn(const Operation& op);
    [[gnu::noinline]] OperationResult step_and_ask(const Operation& op);
    [[noreturn, gnu::noinline, gnu::cold]] void arrive_in_adopted();
    [[gnu::noinline, gnu::cold]] void note_coming(const Operation& op);
    [[noreturn, gnu::noinline, gnu::cold]] void arrive_with_frames();
    [[gnu::noinline]] bool comes_to(const Operation& op);
    LocationId location_of(const Operation& op) const {
        return op.object == nullptr ? no_location : operations_.location(*op.object);
    }
    [[gnu::noinline]] OperationResult step_without_object(const Operation& op);
    [[gnu::noinline, gnu::cold]] OperationResult refuse(const Operation& op);
};

}  // namespace heddle::engine::exhaustive

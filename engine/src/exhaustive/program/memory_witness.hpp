// What the exhaustive engine shows the front end of a program that brings its own memory along.
#pragma once

#include <heddle/engine/adopted.hpp>

#include "blocking.hpp"
#include "execution/execution.hpp"
#include "operations.hpp"
#include "races.hpp"
#include "trace.hpp"
#include "waiting_loops.hpp"

namespace heddle::engine::exhaustive {

/// Has no state of its own. It may assume what Witness requires of its callers.
class MemoryWitness final : public Witness {
  public:
    MemoryWitness(Trace& trace, Execution& execution, WaitingLoops& loops, Blocking& blocking, Races& races,
                  Operations& operations)
        : Witness(trace.running_at(), trace.all_events_run().data(), execution.is_recording()),
          trace_(trace),
          execution_(execution),
          loops_(loops),
          blocking_(blocking),
          races_(races),
          operations_(operations) {}

    const std::uint8_t* known() const override { return races_.known().bytes(); }
    bool is_imagining() const override { return loops_.is_imagining(); }
    Object* adopt(std::uint32_t id, ObjectKind kind, std::uint8_t size, const char* name, Show show,
                  std::uint64_t initial, Site site) override;
    void explain(std::string name, std::string text) override;
    [[noreturn]] void fail_between(const Conflict& conflict) override;
    void disown(Object& object) override { execution_.retire(object); }
    std::uint64_t latest(const Object& object) const override;
    std::optional<unsigned> holder_of(const Object& mutex) const override;
    std::optional<unsigned> user_of(const Object& object, bool reads_count) const override;
    void* allocate(std::size_t size, std::size_t alignment) override;
    void release(void* memory) override { execution_.memory.release(memory, MemoryTracker::Form::adopted); }
    bool owns(const void* memory) const override { return execution_.memory.owns(memory); }
    std::size_t size_of(const void* memory) const override { return MemoryTracker::size_of(memory); }
    std::uint64_t digest_of_memory() const override { return execution_.memory.digest(); }
    void pass_time(std::chrono::nanoseconds until) override { blocking_.pass_time(until); }
    void come_round(unsigned first, bool watches_the_clock) override;
    void time_out_in_vain(unsigned first) override;
    bool is_repeating() const override { return !trace_.is_at_end(); }
    void go_round_for_ever(unsigned first, std::size_t looks, Site loop) override;
    void goes_on_looking(Site loop) override;
    std::size_t last_come_again() const override { return exhaustive::last_come_again(trace_); }
    bool lets_others_go_first() override;
    void show_step(const Operation& operation) override;
    bool has_written_again() const override { return writes_again(trace_.graph(), trace_.last_event()); }
    bool may_go_round(unsigned turns) override { return loops_.may_go_round(turns); }
    void give_up(std::string words) override { loops_.cut_off(std::move(words)); }

  private:
    /// Of those that have run.
    EventId latest_write(LocationId location) const;

    Trace& trace_;
    Execution& execution_;
    WaitingLoops& loops_;
    Blocking& blocking_;
    Races& races_;
    Operations& operations_;
};

}  // namespace heddle::engine::exhaustive

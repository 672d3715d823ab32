// Memory that one thread of a program has freed and any of them may get, for programs that ask for it.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <heddle/engine/run.hpp>

#include "execution.hpp"
#include "host/allocation.hpp"

namespace heddle::engine {

/// What was freed last, of a few classes of sizes: each is an atomic of the execution, which operator delete stores to and
/// operator new takes from, perhaps. So who gets it depends on the steps of the execution alone, on every engine.
class FreedMemory final : public MemoryTracker::Recycler {
  public:
    /// Called by the first thread of each execution, before the program is made.
    void begin(Run& run, Execution& execution) {
        run_ = &run;
        const Show show = [](std::uint64_t bits, const Addresses& addresses) { return addresses.name_of(bits); };
        for (Object*& slot : slots_) {
            slot = run.construct(ObjectKind::atomic, sizeof(std::uint64_t), "freed memory", show, 0, Site{});
            slot->address = this;
        }
        execution.memory.recycle(this);
    }

    /// Called by the first thread when nothing is allocated or freed any more.
    void end(Execution& execution) {
        execution.memory.recycle(nullptr);
        for (Object* const slot : slots_)
            run_->perform({.kind = OperationKind::destroy, .object = slot, .value = 1, .address = this});
    }

    std::uint64_t look(std::size_t size) override {
        return perform(size, {.kind = OperationKind::load, .order = std::memory_order_acquire}).value;
    }
    /// It may be left where it is: then the program gets memory that was never used.
    bool take(std::size_t size, std::uint64_t block) override {
        return perform(size, {.kind = OperationKind::compare_exchange_weak,
                              .order = std::memory_order_acquire,
                              .value = 0,
                              .expected = block})
            .success;
    }
    void put(std::size_t size, std::uint64_t block) override {
        perform(size, {.kind = OperationKind::store, .order = std::memory_order_release, .value = block});
    }

  private:
    static constexpr std::size_t classes = 4;

    OperationResult perform(std::size_t size, Operation operation) {
        operation.object = slots_[size / alignof(std::max_align_t) % classes];
        operation.address = this;
        return run_->perform(operation);
    }

    Run* run_ = nullptr;
    std::array<Object*, classes> slots_{};
};

}  // namespace heddle::engine

// A model on Relacy: each operation of CheckingPlatform becomes Relacy's.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <heddle/engine/program.hpp>
#include <heddle/engine/run.hpp>

#include "host/exceptions.hpp"
#include "execution/execution.hpp"
#include "host/forget.hpp"
#include "execution/read_modify_write.hpp"
#include "relacy_library.hpp"

namespace heddle::engine::relacy {

rl::memory_order to_relacy(std::memory_order order);
FailureKind kind_of(rl::test_result_e result);

/// The exploration of one model; `threads` counts the spawned ones too.
template <int threads>
class RelacyRun final : public Run {
  public:
    RelacyRun(const Program& program, const Weakening* weakening) : program_(program) { set_weakening(weakening); }
    RelacyRun(const RelacyRun&) = delete;
    RelacyRun& operator=(const RelacyRun&) = delete;
    ~RelacyRun() { reset(); }

    /// Makes `this` the run of the calling OS thread while in scope.
    class Activate {
      public:
        explicit Activate(RelacyRun& run) { set_current(&run); }
        Activate(const Activate&) = delete;
        Activate& operator=(const Activate&) = delete;
        ~Activate() { set_current(nullptr); }
    };

    Execution& execution() { return execution_; }
    bool wants_restart() const { return wants_restart_; }
    std::uint64_t longest_execution() const { return longest_execution_; }
    void record(bool on) { record_ = on; }

    /// Gets ready for another search: what the last execution left behind is not destroyed, it was cut off.
    void reset() {
        forget(instance_);
        for (auto& body : bodies_) forget(body);
        bodies_.clear();
        wants_restart_ = false;
    }

    // The parts of an execution, in Relacy's order.
    void begin_execution();
    void run_thread(int fiber);
    void after();
    void end_execution();

    // What a program asks for.
    Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                      std::optional<std::uint64_t> initial, Site site) override;
    std::uint64_t spawn(std::function<void()> body, Site site) override;
    [[noreturn]] void fail(FailureKind kind, std::string_view message, Site site) override;
    [[noreturn]] void restart() override;
    void*& thread_slot() override { return slots_of_threads_[static_cast<std::size_t>(fiber())]; }
    std::uint64_t thread_index() override { return number_of(fiber()); }
    std::chrono::nanoseconds now() override { return now_; }

  private:
    using Atomic = rl::atomic<std::uint64_t>;

    // Relacy's side of an Object with the same number.
    struct Slot {
        alignas(Atomic) unsigned char storage[sizeof(Atomic)];
        rl::var_data* plain = nullptr;
        std::vector<int> waiting;  // fibers that sleep on it or are about to, oldest first
        Atomic& atomic() { return *std::launder(reinterpret_cast<Atomic*>(storage)); }
    };

    static int fiber() { return rl::ctx().threadx_->index_; }

    // Relacy hands out the fibers of spawned threads from the last to the first; people count upwards.
    std::uint64_t number_of(int fiber) const {
        return static_cast<std::uint64_t>(fiber < program_.threads ? fiber : program_.threads + threads - 1 - fiber);
    }

    Slot& slot(const Object& object) { return slots_[object.id]; }

    template <class Body>
    void guarded(Body body);
    [[noreturn]] void stop_execution();
    [[noreturn]] void fail_race(Object& object, bool writes, Site site);

    OperationResult step(const Operation& operation) override;
    OperationResult load(Slot& slot, const Operation& op, Step* step);
    OperationResult read_modify_write(Slot& slot, const Operation& op);
    std::uint64_t read_latest(Slot& slot, std::memory_order order);
    void replace(Slot& slot, std::uint64_t desired, std::memory_order order);
    void access_plain(Object& object, Slot& slot, const Operation& op);
    void destroy(Object& object, Slot& slot, const Operation& op);
    OperationResult wait(Slot& slot, const Operation& op);
    OperationResult wake(Slot& slot, const Operation& op);
    OperationResult park(Slot& slot, std::chrono::nanoseconds deadline);
    OperationResult take(Slot& slot, const Operation& op);
    OperationResult free(Slot& slot);
    void enlist(Slot& slot);
    OperationResult sleep(Slot& slot, const Operation& op);
    void fence(std::memory_order order);

    const Program& program_;
    Execution execution_;
    bool record_ = false;
    bool wants_restart_ = false;
    std::uint64_t longest_execution_ = 0;
    std::deque<Slot> slots_;
    std::unique_ptr<Instance> instance_;
    std::vector<std::function<void()>> bodies_;      // of the spawned threads
    std::array<void*, threads> slots_of_threads_{};  // the front end's
    std::array<unsigned, threads> spurious_left_{};
    std::array<bool, threads> weak_cas_may_fail_{};
    std::array<bool, threads> parked_{};
    bool concurrent_ = false;  // false while only one thread of control exists: before and after the threads
    std::chrono::nanoseconds now_{};
    rl::debug_info info_;
};

}  // namespace heddle::engine::relacy

#include "run.inl"
#include "run_blocking.inl"

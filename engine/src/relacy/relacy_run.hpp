// A program on Relacy: each of its operations becomes Relacy's.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <heddle/engine/program.hpp>
#include <heddle/engine/run.hpp>

#include "execution/dispatch.hpp"
#include "execution/freed_memory.hpp"
#include "execution/guarded.hpp"
#include "host/exceptions.hpp"
#include "host/forget.hpp"
#include "host/thread_variables.hpp"
#include "choices.hpp"
#include "relacy_loops.hpp"
#include "relacy_operations.hpp"

namespace heddle::engine::relacy {

/// The exploration of one program; `threads` counts the spawned ones too. A hub, as ExhaustiveRun is.
template <int threads>
class RelacyRun final : public Run {
  public:
    RelacyRun(const Program& program, const Weakening* weakening, OperationLog* log) : execution_(program) {
        watch(weakening, log);
    }
    RelacyRun(const RelacyRun&) = delete;
    RelacyRun& operator=(const RelacyRun&) = delete;
    ~RelacyRun() override { reset(); }

    /// Makes `this` the run of the calling OS thread while in scope.
    class Activate {
      public:
        explicit Activate(RelacyRun& run) { set_current(&run); }
        Activate(const Activate&) = delete;
        Activate& operator=(const Activate&) = delete;
        ~Activate() { set_current(nullptr); }
    };

    Execution& execution() { return execution_.shared(); }
    bool wants_restart() const { return wants_restart_; }
    /// As a RelacyExecution.
    bool take_cut() { return execution_.take_cut(); }
    const std::vector<std::string>& cuts() const { return execution_.cuts(); }
    std::uint64_t longest_execution() const { return longest_execution_; }
    void record(bool on) { record_ = on; }
    /// `choices`: of the next executions.
    void be_answered_by(Choices& choices) { choices_ = &choices; }

    /// Gets ready for another search.
    void reset();
    /// Gets ready for another execution: what the last one left behind is not destroyed, it was cut off.
    void abandon();

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
    [[noreturn]] void cut(std::string_view what) override;
    void leave_out(std::string_view what) override;
    void*& thread_slot() override { return thread_slots_[execution_.fiber_index()]; }
    std::uint64_t thread_index() override {
        return execution_.is_concurrent() ? execution_.number_of(execution_.fiber()) : 0;
    }
    std::chrono::nanoseconds now() override { return blocking_.now(); }

  private:
    OperationResult step(const Operation& operation) override;
    [[noreturn]] void misuse(Operation op);
    OperationResult finishes(Step* step, const OperationResult& result);
    void yield(Site site);
    const Program& program() const { return execution_.program(); }

    RelacyExecution<threads> execution_;
    RelacyMemory<threads> memory_{execution_};
    RelacyBlocking<threads> blocking_{execution_};
    RelacyLoops<threads> loops_{execution_};
    RelacyOperations<threads> operations_{execution_, memory_, blocking_};
    Choices* choices_ = nullptr;
    FreedMemory freed_memory_;
    bool has_barriers_ = false;  // waits do, since something is seq_cst
    bool record_ = false;
    bool wants_restart_ = false;
    std::uint64_t longest_execution_ = 0;
    std::unique_ptr<Instance> instance_;
    std::vector<std::function<void()>> bodies_;  // of the spawned threads
    std::array<void*, threads> thread_slots_{};  // the front end's
    ThreadVariables first_variables_;            // Relacy begins and ends an execution on any of its fibers
    rl::debug_info info_;
};

}  // namespace heddle::engine::relacy

#include "relacy_run.inl"

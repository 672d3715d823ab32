// What CheckingPlatform keeps for an execution and for its threads: the process's globals and thread locals, as it were.
#pragma once

#include <heddle/platform/requirements.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <heddle/engine/program.hpp>
#include <heddle/engine/run.hpp>

namespace heddle::checker::detail {

/// What belongs to one thread of one execution. It lies on the thread's own stack, so that an execution which is given up
/// takes it along.
struct ThreadLocals {
    void* pointer = nullptr;                     ///< Platform::local
    std::vector<std::function<void()>> at_exit;  ///< Platform::at_thread_exit
    unsigned ends_shared = 0;                    ///< in how many destructors it is of what it was the last owner of
    unsigned held = 0;                           ///< standard mutexes
    unsigned back_offs = 0;                      ///< from standard mutexes that were locked

    /// Calls the functions, the latest first. Called by the thread, at its end.
    void run_at_exit() {
        engine::end_thread_variables();
        while (!at_exit.empty()) {
            const auto latest = std::move(at_exit.back());
            at_exit.pop_back();
            latest();  // which may add others
        }
        engine::end_thread_variables();                      // that the functions have made
        std::vector<std::function<void()>>().swap(at_exit);  // gives the memory back, too
    }

    /// Those of the calling thread. Requires: a thread of a program that program_of() or HEDDLE_MODEL has made.
    static ThreadLocals& of_this_thread(const char* what) {
        return *static_cast<ThreadLocals*>(engine::Run::require(what).thread_slot());
    }
};

/// Runs what a thread does with locals of its own.
template <class Body>
void with_locals(ThreadLocals& locals, const Body& body) {
    engine::Run::require("a thread").thread_slot() = &locals;
    body();
    locals.run_at_exit();
    if (locals.held != 0)
        engine::Run::require("a thread").fail(engine::FailureKind::misuse, "a thread ends while it holds a mutex", {});
}

using GlobalFactory = std::shared_ptr<void> (*)();

/// What an exploration has come by in an execution, and what changes all later ones.
struct Known {
    /// Of the objects of Platform::global: all of them are made at the beginning of each later execution, so that their
    /// construction happens-before everything, like that of a program's globals.
    std::vector<GlobalFactory> globals;
    bool asks_for_counts = false;  ///< of a std::shared_ptr: use_count(), or std::weak_ptr::lock()
};

class SharedCount;

/// The globals of one execution, and the locals of its first thread.
class ExecutionState {
  public:
    /// Requires: `known` outlives the exploration. Makes itself the state of the execution that the caller is part of.
    explicit ExecutionState(Known& known) : known_(known) {
        engine::Run& run = engine::Run::require("a model");
        run.execution_slot() = this;
        run.thread_slot() = &main_;
        for (const GlobalFactory factory : known.globals) instances_.push_back(factory());
    }
    ExecutionState(const ExecutionState&) = delete;
    ExecutionState& operator=(const ExecutionState&) = delete;
    ~ExecutionState() = default;

    ThreadLocals& main() noexcept { return main_; }

    /// That of the execution which the caller is part of; null outside of one, and before its model is made.
    static ExecutionState* current() {
        engine::Run* const run = engine::Run::current();
        return run == nullptr ? nullptr : static_cast<ExecutionState*>(run->execution_slot());
    }

    /// Whether the counters of shared objects are atomics of the execution.
    bool counts_shared() const { return known_.asks_for_counts; }
    /// They are from now on. If they have not been yet, the exploration begins anew.
    void count_shared() {
        if (!std::exchange(known_.asks_for_counts, true)) engine::Run::require("a shared object").restart();
    }
    SharedCount* shared_counts = nullptr;  ///< the latest of those that live
    SharedCount* announced = nullptr;      ///< whose counter is asked for next, by its maker

    /// The one object that `factory` makes. One that is not known yet becomes known, and the exploration begins anew.
    static void* global(GlobalFactory factory) {
        engine::Run& run = engine::Run::require("global");
        ExecutionState& state = *current();
        for (std::size_t n = 0; n != state.instances_.size(); ++n)
            if (state.known_.globals[n] == factory) return state.instances_[n].get();
        {
            const engine::FrontEndAllocations ours;
            state.known_.globals.push_back(factory);
        }
        run.restart();
        std::abort();  // not reached; compilers do not trust [[noreturn]] of a virtual function
    }

  private:
    Known& known_;
    ThreadLocals main_;
    std::vector<std::shared_ptr<void>> instances_;  // of the first of known_.globals
};

/// A model in one execution.
template <class M>
class CheckedInstance final : public engine::Instance {
  public:
    template <class... Args>
    explicit CheckedInstance(Known& known, const Args&... args) : state_(known), model_(args...) {}

    void thread(int index) override {
        ThreadLocals locals;
        with_locals(locals, [&] { model_.thread(index); });
    }
    void after() override {
        with_locals(state_.main(), [&] {  // not [this]: Clang warns where there is no after()
            if constexpr (requires { model_.after(); }) model_.after();
        });
    }

  private:
    ExecutionState state_;  // before the model, which may use it
    M model_;
};

}  // namespace heddle::checker::detail

// A running exploration, as the program under check sees it: the one door through which a program reaches an engine.
//
// ```cpp
// EXPECT_EQ(heddle::engine::Run::current(), nullptr);  // this is no program that an engine runs
// EXPECT_DEATH(heddle::engine::Run::require("a store"), "a store");
// ```
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>

namespace heddle::engine {

class OperationLog;

/// What an engine offers to the program that it runs. One object per exploration; no state outside of it, but for the
/// pointer of the calling OS thread to the run that it is part of. Every member is called by the front end on a fiber of
/// the program (the first one constructs and destroys the instance), and may hand over to other fibers before it returns
/// unless it says that it is no step.
///
///     Run& run = Run::require("a store");
///     run.perform({.kind = OperationKind::store, .object = object, .value = 1, .site = Site::current()});
class Run {
  public:
    virtual ~Run() = default;

    /// A new shared object. Requires: `size` is that of an atomic's value in bytes, 1 to 8, and 0 for other kinds;
    /// `initial` is empty for plain data that nothing was written to, and the value otherwise, as a Show gets it. Returns: the object, which the engine owns and
    /// which is valid until the execution ends. Errors: none. Visibility: as the construction of a C++ object: whoever
    /// uses it must be ordered after it by something else. Source: none.
    virtual Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                              std::optional<std::uint64_t> initial, Site site) = 0;

    /// Takes a step, spoilt as the operation's weakening and that of the exploration say, and notes where. Requires: operation.object is of
    /// a kind that has the operation. Returns: what the step gave. Errors: a step that the language forbids (a race, a
    /// use after the end) ends the execution and does not return. Visibility: as the operation's order says. Source:
    /// C++20 [atomics], [thread.mutex]; Linux futex(2).
    OperationResult perform(const Operation& operation) {
        return operation.weakening == nullptr && !is_watched_ ? step(operation) : watched(operation);
    }

    /// Starts a thread. Requires: at most Program::spawned_threads in one execution. Returns: its thread_index(). Errors:
    /// one thread too many ends the execution as misuse. Visibility: the call happens-before `body`. Source: C++20
    /// [thread.thread.constr].
    virtual std::uint64_t spawn(std::function<void()> body, Site site) = 0;

    /// Ends the execution, which has failed. Requires: nothing. Returns: never. Errors: none. Visibility: none. Source: none.
    [[noreturn]] virtual void fail(FailureKind kind, std::string_view message, Site site) = 0;

    /// Leaves the execution unfinished, which is no failure. `what`: what is not explored, for the verdict. Requires: nothing.
    /// Returns: never. Errors: none. Visibility: none. Source: none.
    [[noreturn]] virtual void cut(std::string_view what) = 0;

    /// Goes on, but says in the verdict what is not explored. `what`: in words; the same ones count once. Requires: nothing.
    /// Returns: nothing. Errors: none. Visibility: none: it is no step. Source: none.
    virtual void leave_out(std::string_view what) = 0;

    /// Ends the exploration so far and begins it anew: the front end has learnt what changes every execution. Requires:
    /// nothing. Returns: never. Errors: none. Visibility: none. Source: none.
    [[noreturn]] virtual void restart() = 0;

    /// Requires: nothing. Returns: the number of the calling thread, from 0; that of the first one is 0, too. Errors: none.
    /// Visibility: none: it is no step. Source: none.
    virtual std::uint64_t thread_index() = 0;

    /// Requires: nothing. Returns: the clock of the calling thread, which moves only when a wait times out. Errors: none.
    /// Visibility: none: it is no step. Source: none.
    virtual std::chrono::nanoseconds now() = 0;

    /// Requires: nothing. Returns: a pointer of the calling thread for the front end, null when the thread begins. Errors:
    /// none. Visibility: none: it is no step. Source: none.
    virtual void*& thread_slot() = 0;

    /// Requires: nothing. Returns: a pointer of the execution for the front end, null when the execution begins. Errors:
    /// none. Visibility: none: it is no step. Source: none.
    void*& execution_slot() noexcept { return execution_slot_; }

    /// Requires: nothing. Returns: the run that the calling code is part of; null outside of a program. Errors: none.
    /// Visibility: none: it is no step. Source: none.
    static Run* current() noexcept { return current_; }
    /// Requires: nothing. Returns: the run that the calling code is part of. Errors: aborts with a message that names `what`
    /// if there is none. Visibility: none: it is no step. Source: none.
    static Run& require(const char* what) noexcept {
        if (current_ == nullptr) refuse(what);
        return *current_;
    }

  protected:
    static void set_current(Run* run) noexcept { current_ = run; }
    /// Called by the engine before each execution.
    void clear_execution_slot() noexcept { execution_slot_ = nullptr; }
    /// Called by the engine before the first execution. `weakening`: of every step, beside its own. `log`: where steps are
    /// noted. Either may be null.
    void watch(const Weakening* weakening, OperationLog* log) noexcept {
        weakening_ = weakening;
        log_ = log;
        is_watched_ = weakening != nullptr || log != nullptr;
    }

  private:
    /// One step as it is. Called by perform() alone.
    virtual OperationResult step(const Operation& operation) = 0;
    OperationResult watched(const Operation& operation);
    OperationResult torn(const Operation& operation);
    [[noreturn]] static void refuse(const char* what) noexcept;

    inline static constinit thread_local Run* current_ = nullptr;
    void* execution_slot_ = nullptr;
    const Weakening* weakening_ = nullptr;
    OperationLog* log_ = nullptr;
    bool is_watched_ = false;  // one of the two is set
};

/// Ends the thread_local objects of the calling thread of a program, as its end would. Requires: a program that an engine
/// runs. Returns: nothing. Errors: none. Visibility: none: it is the same thread. Source: C++20 [basic.start.term].
void end_thread_variables();

/// While in scope, what the calling thread allocates belongs to the front end, and not to the program under check.
class FrontEndAllocations {
  public:
    /// Requires: the scopes of one thread are nested. Returns: the scope. Errors: none. Visibility: none. Source: none.
    FrontEndAllocations() noexcept;
    FrontEndAllocations(const FrontEndAllocations&) = delete;
    FrontEndAllocations& operator=(const FrontEndAllocations&) = delete;
    ~FrontEndAllocations();

  private:
    void* before_;
};

}  // namespace heddle::engine

namespace heddle {

/// States what must hold. Under an engine a false condition ends the execution and fails the check. Requires: called
/// from a program that an engine runs. Returns: nothing. Errors: aborts elsewhere. Visibility: none. Source: none.
void check(bool condition, engine::Site site = engine::Site::current());

/// As check(), with a message for the report.
void check(bool condition, std::string_view message, engine::Site site = engine::Site::current());

}  // namespace heddle

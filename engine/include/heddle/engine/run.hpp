// A running exploration, as the program under check sees it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>

namespace heddle::checker {

/// Objects that are one per execution (Platform::global): made on first use, then before every later execution, so
/// that their construction happens-before everything, like that of a program's globals.
class Globals {
  public:
    using Factory = std::shared_ptr<void> (*)();

    /// The object that `factory` makes; null if it is not made yet and must be added.
    void* find(Factory factory) const;
    void add(Factory factory) {
        factories_.push_back(factory);
        instances_.reserve(factories_.size());  // construct_all allocates for the model: the list is not its memory
    }
    void construct_all();
    void destroy_all() { instances_.clear(); }
    /// Forgets the objects of an execution that was given up half-way, without running their destructors.
    void abandon_all();

  private:
    std::vector<Factory> factories_;
    std::vector<std::shared_ptr<void>> instances_;
};

/// What belongs to one thread of one execution.
struct ThreadLocals {
    void* pointer = nullptr;                     ///< Platform::local
    std::vector<std::function<void()>> at_exit;  ///< Platform::at_thread_exit
    unsigned ends_shared = 0;                    ///< in how many destructors it is of what it was the last owner of

    /// Calls the functions, the latest first. Called by the thread, at its end.
    void run_at_exit() {
        for (; !at_exit.empty(); at_exit.pop_back()) at_exit.back()();
        std::vector<std::function<void()>>().swap(at_exit);  // gives the memory back, too
    }
    /// Forgets them: the execution was given up half-way, and so were the objects that they concern.
    void abandon();
};

/// What an engine offers to the program that it runs. One object per exploration; no state outside of it, but for
/// the pointer of the calling OS thread to the run that it is part of.
class Run {
  public:
    virtual ~Run() = default;

    /// `size`: bytes of an atomic's value. `initial`: empty for plain data that nothing was written to.
    virtual Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                              std::optional<std::uint64_t> initial, Site site) = 0;
    virtual OperationResult perform(const Operation& operation) = 0;
    /// Returns: the thread_index() of the new thread.
    virtual std::uint64_t spawn(std::function<void()> body, Site site) = 0;
    [[noreturn]] virtual void fail(FailureKind kind, std::string_view message, Site site) = 0;
    virtual ThreadLocals& locals() = 0;
    virtual std::uint64_t thread_index() = 0;
    virtual std::chrono::nanoseconds now() = 0;
    virtual void* global(Globals::Factory factory) = 0;

    /// The run that the calling code is part of; null outside of a model.
    static Run* current() noexcept { return current_; }
    /// The same; aborts with a message that names `what` if there is none.
    static Run& require(const char* what) noexcept {
        if (current_ == nullptr) refuse(what);
        return *current_;
    }

  protected:
    static void set_current(Run* run) noexcept { current_ = run; }

  private:
    [[noreturn]] static void refuse(const char* what) noexcept;

    inline static constinit thread_local Run* current_ = nullptr;
};

}  // namespace heddle::checker

namespace heddle {

/// States what must hold in a model. Under an engine a false condition ends the execution and fails the model.
/// Requires: called from a model. Returns: nothing. Errors: none. Visibility: none.
void check(bool condition, checker::Site site = checker::Site::current());

/// The same with a message for the report.
void check(bool condition, std::string_view message, checker::Site site = checker::Site::current());

}  // namespace heddle

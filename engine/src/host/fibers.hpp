// Fibers on pooled stacks: the threads of a program under check.
#pragma once

#include <boost/context/detail/fcontext.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "exceptions.hpp"
#include "lent_storage.hpp"
#include "stacks.hpp"
#include "thread_variables.hpp"

namespace heddle::engine::exhaustive {

/// A set of fibers that one OS thread runs, one at a time. A fiber that was started need not end: starting it anew
/// forgets where it was, and nothing is unwound. That is why these are contexts and not boost::context::fiber.
class Fibers {
  public:
    /// `main`: what each fiber does, given its number. It does not return.
    explicit Fibers(std::function<void(unsigned)> main) : main_(std::move(main)), outside_{this} {}
    Fibers(const Fibers&) = delete;
    Fibers& operator=(const Fibers&) = delete;

    /// Lets fiber `number` run with the thread-local storage that a thread of this process finds by `thread_pointer`.
    /// Requires: that thread does nothing; called outside of all fibers, which LentStorage::begin() precedes.
    void lend(unsigned number, std::uintptr_t thread_pointer);

    /// Lets fiber `number` begin when it is switched to next.
    void start(unsigned number);

    /// Goes on with that fiber, until it or another one switches back. Called from a fiber, or from outside of all.
    void switch_to(unsigned number) { jump_to(*fibers_[number]); }

    /// Goes back to where the first fiber was switched to. Called from a fiber.
    void switch_outside() { jump_to(outside_); }

  private:
    struct Context {
        Fibers* owner;
        unsigned number = 0;
        boost::context::detail::fcontext_t place = nullptr;  ///< where it goes on
        std::uintptr_t thread_pointer = 0;                   ///< 0: all run with that of the OS thread
        ThreadVariables variables{};                         ///< if they do
    };

    Context& context_of(unsigned number);

    [[gnu::always_inline]] void jump_to(Context& next) {
        const ExceptionsOfThisFiber mine(exceptions_);
        if (next.thread_pointer != 0) LentStorage::use(next.thread_pointer);
        else if (has_variables_) ThreadVariables::exchange(current_->variables, next.variables);
        Context* const self = std::exchange(current_, &next);
        arrive(boost::context::detail::jump_fcontext(next.place, self));
    }
    /// Notes where the one that has switched to this one goes on.
    static void arrive(boost::context::detail::transfer_t from) { static_cast<Context*>(from.data)->place = from.fctx; }
    static void main(boost::context::detail::transfer_t from);

    std::function<void(unsigned)> main_;
    ExceptionsOfThisFiber::OfThread exceptions_ = ExceptionsOfThisFiber::of_this_thread();
    std::vector<std::unique_ptr<Context>> fibers_;
    Stacks stacks_{places::exhaustive_stacks};
    Context outside_;
    Context* current_ = &outside_;
    bool has_variables_ = ThreadVariables::exist();
};

}  // namespace heddle::engine::exhaustive

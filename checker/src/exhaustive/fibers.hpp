// Fibers on pooled stacks: the threads of a program under check.
#pragma once

#include <boost/context/detail/fcontext.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace heddle::checker::exhaustive {

/// A set of fibers that one OS thread runs, one at a time. A fiber that was started need not end: starting it anew
/// forgets where it was, and nothing is unwound. That is why these are contexts and not boost::context::fiber.
class Fibers {
  public:
    /// Starts fiber `number` with `body` at its next resume().
    void start(unsigned number, std::function<void()> body);

    /// Runs the fiber until it suspends itself or ends. Called from outside of all fibers, where no exception is in
    /// flight.
    void resume(unsigned number);

    /// Goes back to the caller of resume(). Called from inside of a fiber.
    void suspend();

    bool ended(unsigned number) const { return fibers_[number]->ended; }

  private:
    static constexpr std::size_t stack_bytes = 128 * 1024;  // models are small; reports are not made on fibers

    struct Fiber {
        std::unique_ptr<std::byte[]> stack = std::make_unique_for_overwrite<std::byte[]>(stack_bytes);
        boost::context::detail::fcontext_t context = nullptr;
        std::function<void()> body;
        bool ended = false;
    };

    static void main(boost::context::detail::transfer_t from);

    std::vector<std::unique_ptr<Fiber>> fibers_;
    Fiber* current_ = nullptr;
    boost::context::detail::fcontext_t outside_ = nullptr;
};

}  // namespace heddle::checker::exhaustive

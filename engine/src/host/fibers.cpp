#include "fibers.hpp"

#include <heddle/engine/thread_pointer.hpp>

#include "internal_error.hpp"

namespace heddle::engine::exhaustive {

namespace context = boost::context::detail;

Fibers::Context& Fibers::context_of(unsigned number) {
    while (fibers_.size() <= number) {
        const auto next = static_cast<unsigned>(fibers_.size());
        fibers_.push_back(std::make_unique<Context>());
        fibers_.back()->owner = this;
        fibers_.back()->number = next;
    }
    return *fibers_[number];
}

void Fibers::lend(unsigned number, std::uintptr_t thread_pointer) {
    outside_.thread_pointer = own_thread_pointer();
    Context& fiber = context_of(number);
    fiber.thread_pointer = thread_pointer;
    stacks_.top(number);  // what it needs of this OS thread is got here
}

void Fibers::start(unsigned number) {
    Context& fiber = context_of(number);
    fiber.place = context::make_fcontext(stacks_.top(number), Stacks::stack_bytes, &Fibers::main);
}

void Fibers::main(context::transfer_t from) {
    arrive(from);
    Fibers& fibers = *static_cast<Context*>(from.data)->owner;
    const bool borrows = fibers.current_->thread_pointer != 0;
    ExceptionsOfThisFiber::clear(borrows ? ExceptionsOfThisFiber::of_this_thread() : fibers.exceptions_);
    fibers.main_(fibers.current_->number);
    internal_error("the main function of a fiber has returned");
}

}  // namespace heddle::engine::exhaustive

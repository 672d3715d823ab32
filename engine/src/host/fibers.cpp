#include "fibers.hpp"

#include "internal_error.hpp"

namespace heddle::engine::exhaustive {

namespace context = boost::context::detail;

void Fibers::start(unsigned number) {
    while (fibers_.size() <= number) {
        const auto next = static_cast<unsigned>(fibers_.size());
        fibers_.push_back(std::make_unique<Context>(Context{.owner = this, .number = next}));
    }
    Context& fiber = *fibers_[number];
    fiber.place = context::make_fcontext(stacks_.top(number), Stacks::stack_bytes, &Fibers::main);
}

void Fibers::main(context::transfer_t from) {
    arrive(from);
    Fibers& fibers = *static_cast<Context*>(from.data)->owner;
    ExceptionsOfThisFiber::clear(fibers.exceptions_);
    fibers.main_(fibers.current_->number);
    internal_error("the main function of a fiber has returned");
}

}  // namespace heddle::engine::exhaustive

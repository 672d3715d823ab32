#include "fibers.hpp"

#include <utility>

#include "../exceptions.hpp"

namespace heddle::checker::exhaustive {

namespace context = boost::context::detail;

void Fibers::start(unsigned number, std::function<void()> body) {
    while (fibers_.size() <= number) fibers_.push_back(std::make_unique<Fiber>());
    Fiber& fiber = *fibers_[number];
    fiber.body = std::move(body);
    fiber.ended = false;
    fiber.context = context::make_fcontext(fiber.stack.get() + stack_bytes, stack_bytes, &Fibers::main);
}

void Fibers::resume(unsigned number) {
    current_ = fibers_[number].get();
    current_->context = context::jump_fcontext(current_->context, this).fctx;
    current_ = nullptr;
}

void Fibers::suspend() {
    const ExceptionsOfThisFiber mine;
    outside_ = context::jump_fcontext(outside_, nullptr).fctx;
}

void Fibers::main(context::transfer_t from) {
    auto& fibers = *static_cast<Fibers*>(from.data);
    fibers.outside_ = from.fctx;
    ExceptionsOfThisFiber::clear();
    fibers.current_->body();
    fibers.current_->ended = true;
    fibers.suspend();  // for good: an ended fiber is not resumed
}

}  // namespace heddle::checker::exhaustive

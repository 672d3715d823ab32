// The fibers that Relacy runs threads on, in the place of its own: those have 64 KiB of stack, and nothing below it.
#pragma once

#include <boost/context/detail/fcontext.hpp>

#include <cstdint>

#include "host/reused.hpp"
#include "host/stacks.hpp"
#include "host/thread_variables.hpp"

namespace heddle::engine::relacy {

struct RelacyStacks : Stacks {
    RelacyStacks() : Stacks(places::relacy_stacks) {}
};

/// Where a fiber goes on, and what it begins with.
struct Fiber {
    boost::context::detail::fcontext_t place = nullptr;
    void (*body)(void*) = nullptr;
    void* argument = nullptr;
    ThreadVariables variables{};

    /// One that leaves and one that goes on.
    struct Switch {
        Fiber* from;
        Fiber* to;
    };

    static void arrive(boost::context::detail::transfer_t arrived) {
        static_cast<Switch*>(arrived.data)->from->place = arrived.fctx;
    }
    static void main(boost::context::detail::transfer_t arrived) {
        const Fiber& self = *static_cast<Switch*>(arrived.data)->to;
        arrive(arrived);
        self.body(self.argument);
    }
};

}  // namespace heddle::engine::relacy

// What Relacy calls, with a fiber of ours.
inline void create_main_fiber(heddle::engine::relacy::Fiber& fiber) { fiber.place = nullptr; }
inline void delete_main_fiber(heddle::engine::relacy::Fiber& /*fiber*/) {}

/// Relacy gives each fiber its number as the argument; the stack goes by it.
inline void create_fiber(heddle::engine::relacy::Fiber& fiber, void (*body)(void*), void* argument) {
    using heddle::engine::relacy::Fiber;
    static thread_local const heddle::engine::Reused<heddle::engine::relacy::RelacyStacks> stacks;
    std::byte* const top = stacks->top(static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(argument)));
    fiber.place = boost::context::detail::make_fcontext(top, heddle::engine::Stacks::stack_bytes, &Fiber::main);
    fiber.body = body;
    fiber.argument = argument;
}
inline void delete_fiber(heddle::engine::relacy::Fiber& /*fiber*/) {}

inline void switch_to_fiber(heddle::engine::relacy::Fiber& next, heddle::engine::relacy::Fiber& self) {
    using heddle::engine::relacy::Fiber;
    if (&next == &self) return;  // Relacy switches to the running thread, too
    using heddle::engine::ThreadVariables;
    if (ThreadVariables::exist()) ThreadVariables::exchange(self.variables, next.variables);
    Fiber::Switch change{&self, &next};
    Fiber::arrive(boost::context::detail::jump_fcontext(next.place, &change));
}

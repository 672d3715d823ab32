// From the kind of an operation to what an engine does for it.
#pragma once

#include <heddle/engine/operation.hpp>

#include "execution.hpp"
#include "host/internal_error.hpp"

namespace heddle::engine {

/// Lets `on` do what the operation does to its object, which it is given to check first. Requires: op.object is not null.
/// Inlined: it is on the path of every operation.
template <class On>
[[gnu::always_inline]] inline OperationResult dispatch(On& on, const Operation& op) {
    on.check(op);
    switch (op.kind) {
        case OperationKind::load:
            return on.load(op);
        case OperationKind::store:
            return on.store(op);
        case OperationKind::exchange:
        case OperationKind::fetch_add:
        case OperationKind::fetch_sub:
        case OperationKind::fetch_and:
        case OperationKind::fetch_or:
        case OperationKind::fetch_xor:
        case OperationKind::compare_exchange_strong:
        case OperationKind::compare_exchange_weak:
            return on.read_modify_write(op);
        case OperationKind::read:
        case OperationKind::write:
            return on.access(op);
        case OperationKind::destroy:
            return on.destroy(op);
        case OperationKind::wait:
            return on.wait(op);
        case OperationKind::wake:
            return on.wake(op);
        case OperationKind::lock:
        case OperationKind::try_lock:
            return on.lock(op);
        case OperationKind::unlock:
            return on.unlock(op);
        case OperationKind::enlist:
            return on.enlist(op);
        case OperationKind::sleep:
            return on.sleep(op);
        case OperationKind::notify:
            return on.notify(op);
        case OperationKind::fence:
        case OperationKind::spawn:
        case OperationKind::yield:
        case OperationKind::construct:
            break;
    }
    internal_error("an operation on an object is of a kind that has none");
}

}  // namespace heddle::engine

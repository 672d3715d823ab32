// The steps that are on the path of every program with a mutex. Included by blocking.hpp alone.
#pragma once

namespace heddle::engine::exhaustive {

[[gnu::always_inline]] inline OperationResult Blocking::lock(LocationId word, const Operation& op) {
    Modification modification = Modification::to_lock();
    if (op.kind == OperationKind::lock && !op.has_deadline()) schedule_.threads().await_unlock(word);
    else modification.kind = Modification::Kind::compare;
    std::uint64_t found = 0;
    const bool taken = recorder_.modify(word, modification, found);
    schedule_.threads().go_on();
    if (!taken && op.kind == OperationKind::lock) time_out(op.deadline);
    return {.value = found, .success = taken};
}

[[gnu::always_inline]] inline OperationResult Blocking::unlock(LocationId word) {
    const Modification modification{
        .kind = Modification::Kind::modify, .size = 4, .order = std::memory_order_release, .operand = 0};
    std::uint64_t found = 0;
    recorder_.modify(word, modification, found);
    return {.value = found, .success = found != 0};
}

}  // namespace heddle::engine::exhaustive

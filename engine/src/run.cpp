#include <cstdio>
#include <cstdlib>

#include <heddle/engine/operation_site.hpp>
#include <heddle/engine/run.hpp>

#include "execution/read_modify_write.hpp"
#include "host/allocation.hpp"
#include "host/watch.hpp"
#include "threads/threads_engine.hpp"

namespace heddle {

namespace engine {

/// Declared in the front end's libstdcxx_atomics.hpp, which comes before every other header.
void refuse_standard_atomics() noexcept;
void refuse_standard_atomics() noexcept {
#ifndef HEDDLE_WITHOUT_FIBERS
    if (Watch::in_program())
        Watch::fail_program(
            FailureKind::misuse,
            "the code under check uses a std::atomic, what the standard library makes of one, a fence or an atomic "
            "builtin of the compiler, which no engine sees; what it needs is P::atomic and P::fence, or a type of "
            "<heddle/platform/standard.hpp>");
#endif
}

namespace {

bool drops_wake(const Weakening& weakening, const Operation& op) {
    if (op.kind != OperationKind::wake) return false;
    return op.value == 1 ? weakening.drops_wake_one : weakening.drops_wake_all;
}

/// What is left of an order. A load never releases and a store never acquires, so either may end as relaxed.
std::memory_order weaker(std::memory_order order, const Weakening& weakening, OperationKind kind) {
    const bool is_seq_cst = order == std::memory_order_seq_cst;
    const bool both = is_seq_cst || order == std::memory_order_acq_rel;
    const bool acquires = kind != OperationKind::store && (both || order == std::memory_order_acquire);
    const bool releases = kind != OperationKind::load && (both || order == std::memory_order_release);
    const bool changes = (acquires && weakening.drops_acquire) || (releases && weakening.drops_release);
    if (!changes) return order;
    if (acquires && !weakening.drops_acquire) return std::memory_order_acquire;
    if (releases && !weakening.drops_release) return std::memory_order_release;
    return std::memory_order_relaxed;
}

/// Of what stays one step.
void spoil(Operation& op, const Weakening& weakening) {
    if (op.kind == OperationKind::wake && weakening.wakes_one_for_all) op.value = 1;
    if (op.kind == OperationKind::compare_exchange_strong && weakening.fails_without_cause)
        op.kind = OperationKind::compare_exchange_weak;
    op.order = weaker(weakening.order.value_or(op.order), weakening, op.kind);
    op.failure_order = weaker(weakening.failure_order.value_or(op.failure_order), weakening, OperationKind::load);
}

}  // namespace

OperationResult Run::watched(const Operation& op) {
    if (log_ != nullptr) log_->note(op);
    Operation spoilt = op;
    spoilt.weakening = nullptr;
    bool is_torn = false;
    for (const Weakening* const first : {op.weakening, weakening_}) {
        for (const Weakening* weakening = first; weakening != nullptr; weakening = weakening->also) {
            if (weakening->only != nullptr && !weakening->only->is_of(op)) continue;
            if (drops_wake(*weakening, spoilt)) return {};
            spoil(spoilt, *weakening);
            is_torn = is_torn || (weakening->tears_read_modify_writes && is_read_modify_write(spoilt.kind));
        }
    }
    if (spoilt.kind == OperationKind::fence && spoilt.order == std::memory_order_relaxed) return {};
    return is_torn ? torn(spoilt) : step(spoilt);
}

/// A load and a store where one step was promised; the orders are as strong as they get.
OperationResult Run::torn(const Operation& op) {
    Operation part = op;
    part.order = std::memory_order_seq_cst;
    part.kind = OperationKind::load;
    const std::uint64_t before = step(part).value;
    const bool compares = is_compare_exchange(op.kind);
    const bool matches = before == op.expected;
    part.kind = OperationKind::store;
    part.value = compares ? (matches ? op.value : before) : modified(op.kind, op.object->size, op.value, before);
    step(part);
    return {.value = before, .success = !compares || matches};
}

void Run::refuse(const char* what) noexcept {
    std::fprintf(stderr, "heddle: misuse: %s of a checked program outside of what an engine runs\n", what);
    std::abort();
}

FrontEndAllocations::FrontEndAllocations() noexcept : before_(AllocateFor::exchange(nullptr)) {}
FrontEndAllocations::~FrontEndAllocations() { AllocateFor::exchange(static_cast<MemoryTracker*>(before_)); }

}  // namespace engine

void check(bool condition, engine::Site site) { check(condition, "a check of the model is false", site); }

void check(bool condition, std::string_view message, engine::Site site) {
    if (condition) return;
    using namespace engine;
    if (Run* const run = Run::current()) run->fail(FailureKind::assertion, message, site);
    if (report_native_failure(FailureKind::assertion, message, site)) return;
    std::fprintf(stderr, "heddle: misuse: check() outside of what an engine runs\n");
    std::abort();
}

}  // namespace heddle

// What a program under check does, one step at a time.
//
// ```cpp
// using namespace heddle::engine;
// const Operation wait{.kind = OperationKind::wait, .expected = 1, .deadline = std::chrono::seconds(2)};
// EXPECT_TRUE(wait.has_deadline());
// constexpr Weakening no_release{.drops_release = true};  // acq_rel becomes acquire, a release fence does nothing
// EXPECT_FALSE(no_release.drops_acquire);
// ```
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <heddle/engine/site.hpp>

namespace heddle::engine {

struct OperationSite;
struct Weakening;

/// Knows addresses of the program by what is there.
class Addresses {
  public:
    /// Called by a Show. Requires: nothing. Returns: "null", the name of the checked object that begins there, or which
    /// allocation of which thread it points into; never the number itself. Errors: none. Visibility: none. Source: none.
    virtual std::string name_of(std::uint64_t address) const = 0;

  protected:
    ~Addresses() = default;
};

/// Turns the bits of a value into text for a report. Called outside of the program, never on one of its fibers; but for an
/// object whose values are shown in place: there the "bits" are the address of the value, which is valid during the step
/// only, and it is called then, on the fiber of the step and outside of the program's allocations.
using Show = std::string (*)(std::uint64_t bits, const Addresses& addresses);

enum class ObjectKind : std::uint8_t {
    atomic,
    plain,      ///< data that other synchronisation must protect
    region,     ///< stands for data that the engine cannot see into
    mutex,      ///< any thread may unlock it; which waiter takes it next is open
    condition,  ///< a queue of those who wait for a notify
};

/// One shared object of one execution. The engine owns it; the program holds a pointer to it.
struct Object {
    std::uint32_t id = 0;        ///< the n-th object that the execution constructed
    std::uint32_t instance = 0;  ///< the n-th with this name
    ObjectKind kind = ObjectKind::atomic;
    std::uint8_t size = 0;  ///< bytes of an atomic's value
    bool alive = false;
    bool initialised = false;     ///< plain data only: something was written
    bool shown_in_place = false;  ///< plain data only, set by the front end: its values do not fit in 8 bytes
    const char* name = nullptr;   ///< null: unnamed
    Show show = nullptr;          ///< null: as an unsigned number
    /// Set by the front end: where it keeps the object. An operation that comes from elsewhere is refused.
    const void* address = nullptr;
    const void* ended_at = nullptr;  ///< what `address` was, if it has ended: no operation comes from `address` then
    Site created;
    std::int8_t user = nobody;  ///< the first thread of the program that used it

    static constexpr std::int8_t nobody = -1;
};

enum class OperationKind : std::uint8_t {
    load,
    store,
    exchange,
    fetch_add,
    fetch_sub,
    fetch_and,
    fetch_or,
    fetch_xor,
    compare_exchange_strong,
    compare_exchange_weak,
    fence,
    read,
    write,    // plain data and regions
    destroy,  ///< value 1: after all uses, by what the engine does not see (the counter of a std::shared_ptr)
    wait,     ///< futex: blocks while the word holds `expected`; value: as of sleep
    wake,     ///< futex: lets so many waiters go
    spawn,
    yield,
    lock,      ///< mutex: waits while it is locked; with a deadline, fails if it is locked then
    try_lock,  ///< mutex: fails if it is locked
    unlock,    ///< mutex: succeeds if it was locked
    enlist,    ///< condition: the thread begins to wait, and goes on; value: a bit for each who waits, for an adopter
    sleep,     ///< condition: waits until a notify chooses the thread, which is enlisted; value 1: see spurious_wakeups
    notify,    ///< condition: chooses any one of those who wait (value 1), or all of them
    construct,  ///< only in counterexamples: what Run::construct did
};

/// Requires: nothing. Returns: whether operations of that kind read an atomic and may write it in one step. Errors: none.
/// Visibility: none. Source: C++20 [atomics.order] 10.
constexpr bool is_read_modify_write(OperationKind kind) {
    return kind >= OperationKind::exchange && kind <= OperationKind::compare_exchange_weak;
}

/// Requires: nothing. Returns: whether operations of that kind write only if they read what they expect. Errors: none.
/// Visibility: none. Source: C++20 [atomics.types.operations] 17.
constexpr bool is_compare_exchange(OperationKind kind) {
    return kind == OperationKind::compare_exchange_strong || kind == OperationKind::compare_exchange_weak;
}

/// Why a wait or a sleep came back.
enum class WaitOutcome : std::uint8_t {
    woken,      ///< by a wake or a notify, or spuriously
    changed,    ///< at once: the word did not hold the expected value
    timed_out,  ///< the deadline has passed; no wake was consumed
};

/// The deadline of what waits without a time-out.
inline constexpr std::chrono::nanoseconds no_deadline = std::chrono::nanoseconds::max();
/// Wakes and notifies of everybody have this value.
inline constexpr std::uint64_t every_waiter = ~std::uint64_t{0};

/// A step of a program. Values are the object representation of 1 to 8 bytes, zero-extended.
///
///     run.perform({.kind = OperationKind::store, .object = flag, .order = std::memory_order_release, .value = 1});
struct Operation {
    OperationKind kind;
    Object* object = nullptr;  ///< null for fence, spawn and yield; what is none is found out
    std::memory_order order = std::memory_order_relaxed;
    std::memory_order failure_order = std::memory_order_relaxed;  ///< compare_exchange only
    std::uint64_t value = 0;     ///< stored, added, compared-in; wake, notify: how many; plain data: read or written
    std::uint64_t expected = 0;  ///< compare_exchange, wait
    std::chrono::nanoseconds deadline = no_deadline;  ///< wait, lock, sleep: on the clock of Run::now()
    Site site;
    const Weakening* weakening = nullptr;  ///< how the front end has this step spoilt; null: not at all
    const void* address = nullptr;  ///< where the front end has found `object`: the memory may hold another one by now
    /// wait of an adopted program: the word is a part of the atomic, and has its own waiters, who are woken at this object.
    Object* part = nullptr;
    std::uint8_t part_begin = 0;  ///< so many bytes of less significance are before it

    /// Requires: nothing. Returns: whether a wait may time out. Errors: none. Visibility: none. Source: none.
    bool has_deadline() const noexcept { return deadline != no_deadline; }
};

/// What a step gave back.
struct OperationResult {
    std::uint64_t value = 0;  ///< the value read; for wait and sleep, a WaitOutcome; for wake and notify, how many
    bool success = false;     ///< compare_exchange: it stored; lock, try_lock, unlock: it had an effect
};

/// A way to spoil operations, so that a check can be shown to notice. `Run::perform` applies it.
///
///     constexpr Weakening no_release{.drops_release = true};  // acq_rel becomes acquire, a release fence does nothing
struct Weakening {
    bool drops_release = false;             ///< of every order: release -> relaxed, acq_rel and seq_cst -> acquire
    bool drops_acquire = false;             ///< likewise: acquire -> relaxed, acq_rel and seq_cst -> release
    bool tears_read_modify_writes = false;  ///< each is a load and a store, both seq_cst
    bool drops_wake_one = false;            ///< a futex wake of one does nothing
    bool drops_wake_all = false;            ///< a futex wake of all does nothing
    bool wakes_one_for_all = false;         ///< a futex wake of all wakes one
    bool fails_without_cause = false;       ///< a strong compare-exchange is a weak one
    std::optional<std::memory_order> order = {};          ///< in place of each; a relaxed fence does nothing
    std::optional<std::memory_order> failure_order = {};  ///< likewise, of compare-exchanges that fail
    const OperationSite* only = nullptr;                  ///< of one operation; null: of all
    const Weakening* also = nullptr;                      ///< another one, applied as well
};

}  // namespace heddle::engine

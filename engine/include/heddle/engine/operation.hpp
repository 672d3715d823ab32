// The one door through which a checked program reaches an engine.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include <heddle/engine/site.hpp>
#include <heddle/platform/deadline.hpp>

namespace heddle::checker {

/// Turns the bits of a value into text for a report.
using Show = std::string (*)(std::uint64_t bits);

enum class ObjectKind : std::uint8_t { atomic, plain, region, mutex, condition };

/// One shared object of one execution. The engine owns it; the program holds a pointer to it.
struct Object {
    std::uint32_t id = 0;        ///< the n-th object that the execution constructed
    std::uint32_t instance = 0;  ///< the n-th with this name
    ObjectKind kind = ObjectKind::atomic;
    std::uint8_t size = 0;  ///< bytes of an atomic's value
    bool alive = false;
    bool initialised = false;    ///< plain data only: something was written
    const char* name = nullptr;  ///< null: unnamed
    Show show = nullptr;
    Site created;
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
    write,  // plain data and regions
    destroy,
    wait,
    wake,
    spawn,
    yield,
    lock,      ///< mutex: waits while it is locked; with a deadline, fails if it is locked then
    try_lock,  ///< mutex: fails if it is locked
    unlock,    ///< mutex: succeeds if it was locked
    enlist,    ///< condition: the thread begins to wait, and goes on
    sleep,     ///< condition: waits until a notify has chosen the thread, which must be enlisted
    notify,    ///< condition: chooses any one of those who wait (value 1), or all of them
};

/// A step of a checked program. Values are the object representation of 1 to 8 bytes, zero-extended.
struct Operation {
    OperationKind kind;
    Object* object = nullptr;
    std::memory_order order = std::memory_order_relaxed;
    std::memory_order failure_order = std::memory_order_relaxed;  ///< compare_exchange only
    std::uint64_t value = 0;                ///< stored, added, compared-in; wake, notify: how many; wait: unused
    std::uint64_t expected = 0;             ///< compare_exchange, wait
    Deadline deadline = Deadline::never();  ///< wait, lock, sleep
    Site site;
};

/// What a step gave back.
struct OperationResult {
    std::uint64_t value = 0;  ///< the value read; for wait and sleep, a WaitResult
    bool success = false;     ///< compare_exchange: it stored; lock, try_lock, unlock: it had an effect
};

}  // namespace heddle::checker

// What heddle calls what Relacy says, and the other way round.
#pragma once

#include <atomic>
#include <string>

#include <heddle/engine/failure.hpp>

#include "execution/words.hpp"
#include "relacy_library.hpp"

namespace heddle::engine::relacy {

inline constexpr unsigned depth_limit = 2000;  // steps of an execution that count as endless

inline rl::memory_order to_relacy(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed:
            return rl::mo_relaxed;
        case std::memory_order_consume:
            return rl::mo_consume;
        case std::memory_order_acquire:
            return rl::mo_acquire;
        case std::memory_order_release:
            return rl::mo_release;
        case std::memory_order_acq_rel:
            return rl::mo_acq_rel;
        case std::memory_order_seq_cst:
            break;
    }
    return rl::mo_seq_cst;
}

inline FailureKind kind_of(rl::test_result_e result) {
    switch (result) {
        case rl::test_result_user_assert_failed:
        case rl::test_result_user_invariant_failed:
            return FailureKind::assertion;
        case rl::test_result_data_race:
            return FailureKind::data_race;
        case rl::test_result_access_to_freed_memory:
            return FailureKind::use_after_free;
        case rl::test_result_double_free:
            return FailureKind::double_free;
        case rl::test_result_memory_leak:
        case rl::test_result_resource_leak:
            return FailureKind::leak;
        case rl::test_result_unitialized_access:
            return FailureKind::uninitialised_read;
        case rl::test_result_deadlock:
            return FailureKind::deadlock;
        case rl::test_result_livelock:
            return FailureKind::livelock;
        default:
            return FailureKind::misuse;
    }
}

/// Of a failure that Relacy has found by itself.
inline std::string message_for(FailureKind kind) {
    switch (kind) {
        case FailureKind::deadlock:
            return std::string(words::nobody_can_wake_them);
        case FailureKind::livelock:
            return "the execution did not end within " + std::to_string(depth_limit) + " steps";
        case FailureKind::uninitialised_read:
            return "an atomic is read by a thread that cannot know its first value";
        case FailureKind::use_after_free:
            return std::string(words::used_after_destruction);
        default:
            return std::string(to_string(kind));
    }
}

}  // namespace heddle::engine::relacy

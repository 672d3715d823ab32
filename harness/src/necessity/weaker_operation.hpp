// One operation in the source, and a way in which it would be weaker.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <heddle/engine/operation_site.hpp>

namespace heddle::harness {

struct WeakerOperation {
    engine::OperationSite site;
    engine::Weakening weakening;  ///< `only` is set by who applies it
    std::string becomes;          ///< in words: "load(relaxed)", "torn", "nothing"
};

/// "compare_exchange_weak(acquire, relaxed)", "wake_all"
std::string operation_text(const engine::OperationSite& site);
/// "heddle/event.hpp:44 fetch_or(release) -> fetch_or(relaxed)": what parse_weaker_operation() takes.
std::string weakening_text(const WeakerOperation& weaker);

/// Each order one step down from seq_cst to acq_rel to acquire or release to relaxed, each of a compare-exchange by itself; a
/// strong compare-exchange weak, a read-modify-write torn, a wake of all one of one, or none. Returns: all that there are;
/// none for a relaxed load, store or fence.
std::vector<WeakerOperation> one_step_weaker(const engine::OperationSite& site);
/// Returns: the same order still another step weaker; none if that was no order, or there is none.
std::vector<WeakerOperation> still_weaker(const WeakerOperation& weaker);

/// Errors: std::invalid_argument if there is no such operation, or it has no such weakening.
WeakerOperation parse_weaker_operation(std::string_view text);

}  // namespace heddle::harness

// How much memory a process has taken.
#pragma once

#include <sys/resource.h>

#include <cstdint>

namespace heddle::harness {

/// The most memory that this process has had, in bytes; zero if the system does not say. A call into the kernel: who
/// explores small models by the thousand does without.
inline std::uint64_t peak_memory() noexcept {
    constexpr std::uint64_t unit = 1024;  // Linux counts KiB
    rusage usage{};
    return getrusage(RUSAGE_SELF, &usage) == 0 ? static_cast<std::uint64_t>(usage.ru_maxrss) * unit : 0;
}

}  // namespace heddle::harness

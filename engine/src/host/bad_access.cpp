#include "bad_access.hpp"

#include <ucontext.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace heddle::engine {

namespace {

/// What an instruction does to the memory that it cannot have. Source: Intel SDM 3A, 4.7: the error code of a page fault.
const char* does(const void* context) {
#if defined(__x86_64__)
    constexpr std::uint64_t writes = 1U << 1U;
    constexpr std::uint64_t fetches = 1U << 4U;
    const auto error = static_cast<std::uint64_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR]);
    return (error & fetches) != 0 ? "calls" : (error & writes) != 0 ? "writes to" : "reads";
#else
    static_cast<void>(context);
    return "accesses";
#endif
}

std::string text_of(std::uintptr_t address) {
    constexpr int hexadecimal = 16;
    std::array<char, 2 * sizeof address> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), address, hexadecimal).ptr;
    return (address == 0 ? "" : "0x") + std::string(digits.data(), end);
}

std::string cause_of_access(const siginfo_t& info, const void* context) {
    constexpr std::uintptr_t most_past_null = 4096;  // nothing is mapped there
    // The processor does not say which: it has bits that no address may have.
    if (info.si_code == SI_KERNEL)
        return ": it uses an address that no memory can have, as a pointer holds that nobody has set";
    const auto address = reinterpret_cast<std::uintptr_t>(info.si_addr);
    const char* const why = address < most_past_null      ? ", through a null pointer"
                            : info.si_code == SEGV_ACCERR ? ", which is there, but not for that"
                                                          : ", where nothing is";
    return std::string(": it ") + does(context) + " address " + text_of(address) + why;
}

}  // namespace

std::string cause_of(const siginfo_t& info, const void* context) {
    if (info.si_code <= 0) return {};  // somebody sent it
    if (info.si_signo == SIGSEGV) return cause_of_access(info, context);
    if (info.si_signo == SIGFPE && info.si_code == FPE_INTDIV)
        return ": it divides an integer by zero, or the result does not fit";
    return {};
}

}  // namespace heddle::engine

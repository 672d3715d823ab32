#include "lent_storage.hpp"

#include <sys/mman.h>

#include <csignal>
#include <new>

#include <heddle/engine/thread_pointer.hpp>

#if defined(__x86_64__)
#    include <asm/prctl.h>
#    include <sys/auxv.h>
#    include <sys/syscall.h>
#    include <ucontext.h>
#endif

namespace heddle::engine {

#if defined(__x86_64__)

namespace {

constexpr unsigned long hwcap2_fsgsbase = 2;  // Linux, Documentation/arch/x86/x86_64/fsgs.rst

/// The processor has refused the instruction: it is skipped, and says so in the register that was to be read.
void skip(int, siginfo_t*, void* context) {
    constexpr greg_t length_of_rdfsbase = 5;
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    registers[REG_RIP] += length_of_rdfsbase;
    registers[REG_RAX] = 0;
}

bool has_instruction() {
    struct sigaction refused {};
    struct sigaction before {};
    refused.sa_sigaction = &skip;
    refused.sa_flags = SA_SIGINFO;
    sigaction(SIGILL, &refused, &before);
    std::uintptr_t base = 0;
    __asm__ volatile("rdfsbase %%rax" : "=a"(base));
    sigaction(SIGILL, &before, nullptr);
    return base != 0;
}

}  // namespace

LentStorage::Way LentStorage::find_way() {
    if ((getauxval(AT_HWCAP2) & hwcap2_fsgsbase) != 0) return Way::instruction;
    return has_instruction() ? Way::by_hand : Way::system_call;
}

/// Not through the C library: a front end may stand in front of its functions.
void LentStorage::ask_kernel(std::uintptr_t pointer) noexcept {
    long result = SYS_arch_prctl;
    __asm__ volatile("syscall" : "+a"(result) : "D"(ARCH_SET_FS), "S"(pointer) : "rcx", "r11", "memory");
}

void LentStorage::begin() {
    static const Way way = find_way();
    way_ = way;
    used_ = own_thread_pointer();
    if (way != Way::by_hand) return;
    if (nowhere_ == 0) {
        void* const memory =
            mmap(nullptr, nowhere_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) throw std::bad_alloc();
        nowhere_ = reinterpret_cast<std::uintptr_t>(memory);
    }
    ask_kernel(nowhere_ + nowhere_bytes / 2);
    use(used_);
}

void LentStorage::end() {
    if (way_ == Way::by_hand) ask_kernel(used_);
}

#else

LentStorage::Way LentStorage::find_way() { return Way::instruction; }
void LentStorage::ask_kernel(std::uintptr_t) noexcept {}
void LentStorage::begin() {}
void LentStorage::end() {}

#endif

}  // namespace heddle::engine

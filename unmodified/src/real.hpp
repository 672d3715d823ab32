// The functions of the C library behind those that this library stands in front of.
#pragma once

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace heddle::unmodified {

/// The next definition of a symbol after this library's own. Errors: aborts with a message if there is none.
template <class Function>
Function* real_function(const char* name) {
    void* const found = dlsym(RTLD_NEXT, name);
    if (found == nullptr) {
        std::fprintf(stderr, "heddle: the C library has no %s\n", name);
        std::abort();
    }
    return reinterpret_cast<Function*>(found);
}

}  // namespace heddle::unmodified

/// Calls the function of that name behind this library's own.
#define HEDDLE_REAL(name)                                                                      \
    ([]() noexcept {                                                                           \
        static const auto real = ::heddle::unmodified::real_function<decltype(::name)>(#name); \
        return real;                                                                           \
    }())
/// A symbol that stands in front of another library's.
#define HEDDLE_HOOK extern "C" __attribute__((visibility("default")))
/// Another name of a hook in the same source: C11 has such names for functions of POSIX that do the same and return the same.
/// Whoever calls it is the hook's caller.
#define HEDDLE_ALIAS(name, hook) \
    __asm__(".globl " #name      \
            "\n"                 \
            ".type " #name       \
            ", @function\n"      \
            ".set " #name ", " #hook "\n");
/// Where the code is that has called the hook.
#define HEDDLE_CALLER reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))

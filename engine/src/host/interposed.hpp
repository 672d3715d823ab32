// What stands in for functions of the C library has in common.
#pragma once

#include <dlfcn.h>

#include <string>

#include <heddle/engine/failure.hpp>

#include "watch.hpp"

// The linker's own names: where the executable's own code lies.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" const char __executable_start, etext;

namespace heddle::engine {

/// The next definition of the function that is called `name`.
template <class Function>
Function next(Function& known, const char* name) {
    if (known == nullptr) known = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
    return known;
}

/// Whether the code under check has called. Libraries do as they like with their own data; code under check is compiled into
/// the executable.
inline bool is_call_of_program(const void* caller) {
    return caller >= &__executable_start && caller < &etext && Watch::in_program();
}

/// Fails the program if the call is one of its own. `does`: what it does by that.
inline void refuse(const void* caller, const char* does, const char* why) {
    if (is_call_of_program(caller))
        Watch::fail_program(FailureKind::misuse, std::string("the code under check ") + does + ", " + why);
}

}  // namespace heddle::engine

// A function that the library has, too. `call`: the parameters without their types; `refusal`: what comes before the call.
#define HEDDLE_INTERPOSE(result, name, parameters, call, refusal)                     \
    extern "C" [[gnu::weak]] result name parameters noexcept(noexcept(::name call)) { \
        refusal;                                                                      \
        static constinit decltype(&::name) known = nullptr;                           \
        return heddle::engine::next(known, #name) call;                               \
    }

// Otherwise as HEDDLE_INTERPOSE, for functions of a few whole numbers or addresses: they are handed on as they come. `name`:
// as a linker knows it.
#define HEDDLE_INTERPOSE_WORDS(function, name, refusal)                                                           \
    extern "C" [[gnu::weak]] long heddle_interposed_##function(long, long, long, long, long, long) __asm__(name); \
    long heddle_interposed_##function(long a, long b, long c, long d, long e, long f) {                           \
        refusal;                                                                                                  \
        static constinit decltype(&heddle_interposed_##function) known = nullptr;                                 \
        return heddle::engine::next(known, name)(a, b, c, d, e, f);                                               \
    }

#define HEDDLE_CALLER __builtin_return_address(0)

// What engines do not see; both are literals.
#define HEDDLE_REFUSE_UNSEEN(caller, what, instead) \
    heddle::engine::refuse(caller, "uses " what, "which no engine sees; what it needs is " instead)
#define HEDDLE_REFUSE(name, parameters, call, what, instead) \
    HEDDLE_INTERPOSE(int, name, parameters, call, HEDDLE_REFUSE_UNSEEN(HEDDLE_CALLER, what, instead))
// By functions of a few words each.
#define HEDDLE_REFUSE_WORDS(name, what, instead) \
    HEDDLE_INTERPOSE_WORDS(name, #name, HEDDLE_REFUSE_UNSEEN(HEDDLE_CALLER, what, instead))

// What stands in for functions of the C library has in common.
#pragma once

#include <dlfcn.h>

#include <string>

#include <heddle/engine/failure.hpp>

#include "watch.hpp"

extern "C" const char __executable_start, etext;  // of the linker: where the executable's own code lies

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

#define HEDDLE_CALLER __builtin_return_address(0)

// What engines do not see; both are literals.
#define HEDDLE_REFUSE_UNSEEN(caller, what, instead) \
    heddle::engine::refuse(caller, "uses " what, "which no engine sees; what it needs is " instead)
#define HEDDLE_REFUSE(name, parameters, call, what, instead) \
    HEDDLE_INTERPOSE(int, name, parameters, call, HEDDLE_REFUSE_UNSEEN(HEDDLE_CALLER, what, instead))

// What the standard library's compiled code, where there are no hooks, accesses for the code that calls it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "front_end.hpp"
#include "real.hpp"

namespace heddle::unmodified {

/// Plain accesses that count as those of the caller. If he has no hooks himself, they count as little as his own.
class OnBehalf {
  public:
    explicit OnBehalf(std::uintptr_t caller)
        : caller_(caller), counts_(self.in_program && front_end->modules.is_seen(caller)) {}

    template <class T>
    T read(const T& from) const {
        if (counts_) front_end->accesses.check<false>(address_of(&from), sizeof from, true, caller_);
        return from;
    }
    template <class T>
    void write(T& to, T value) const {
        if (counts_) front_end->accesses.check<true>(address_of(&to), sizeof to, true, caller_);
        to = value;
    }

    /// The same of bytes, which somebody else reads or writes after that.
    void reads(const void* from, std::size_t size) const {
        if (counts_ && size != 0) front_end->accesses.check<false>(address_of(from), size, false, caller_);
    }
    void writes(void* to, std::size_t size) const {
        if (counts_ && size != 0) front_end->accesses.check<true>(address_of(to), size, false, caller_);
    }

  private:
    static std::uintptr_t address_of(const void* memory) { return reinterpret_cast<std::uintptr_t>(memory); }

    std::uintptr_t caller_;
    bool counts_;
};

}  // namespace heddle::unmodified

/// Stands in front of the function of libstdc++ with that symbol, and calls it after `notes`, which may use `memory`. What
/// returns a reference is said to return a pointer, which is the same to the machine: C has no references.
#define HEDDLE_IN_FRONT(result, function, symbol, parameters, arguments, notes) \
    HEDDLE_HOOK result function parameters __asm__(symbol);                     \
    HEDDLE_HOOK result function parameters {                                    \
        static const auto real = real_function<result parameters>(symbol);      \
        const OnBehalf memory(HEDDLE_CALLER);                                   \
        notes;                                                                  \
        return real arguments;                                                  \
    }

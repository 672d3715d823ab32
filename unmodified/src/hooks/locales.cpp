// Locales that a program sets, for itself or for the running thread: they are put back for the next execution.
#include <clocale>
#include <locale>

#include "front_end.hpp"
#include "real.hpp"

using namespace heddle::unmodified;  // NOLINT: what follows are names of libraries

HEDDLE_HOOK char* setlocale(int category, const char* name) noexcept {
    if (self.in_program && name != nullptr) {
        front_end->library_state.locale_changes();
        self.has_locale = true;  // tables of the thread's own, which no other thread may set
    }
    return HEDDLE_REAL(setlocale)(category, name);
}
HEDDLE_HOOK locale_t uselocale(locale_t locale) noexcept {
    self.has_locale |= self.in_program;
    return HEDDLE_REAL(uselocale)(locale);
}
/// As std::locale::global: what returns an object is told where to make it.
HEDDLE_HOOK std::locale* heddle_global_locale(std::locale* before,
                                              const std::locale* locale) __asm__("_ZNSt6locale6globalERKS_");
HEDDLE_HOOK std::locale* heddle_global_locale(std::locale* before, const std::locale* locale) {
    static const auto real = real_function<std::locale*(std::locale*, const std::locale*)>("_ZNSt6locale6globalERKS_");
    if (self.in_program) front_end->library_state.locale_changes();
    return real(before, locale);
}

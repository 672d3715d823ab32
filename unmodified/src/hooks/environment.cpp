// The environment of the program: plain memory of the C library, which has a lock of its own for those who change it only.
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "real.hpp"
#include "hooks/on_behalf.hpp"

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

namespace {

class Environment : OnBehalf {
  public:
    using OnBehalf::OnBehalf;

    void is_read() const { reads(&environ, sizeof environ); }
    void is_changed() const { writes(&environ, sizeof environ); }
    void reads_text(const char* text) const {
        if (text != nullptr) reads(text, std::strlen(text) + 1);
    }
};

}  // namespace

HEDDLE_HOOK char* getenv(const char* name) noexcept {
    const Environment environment(HEDDLE_CALLER);
    environment.reads_text(name);
    environment.is_read();
    return HEDDLE_REAL(getenv)(name);
}
HEDDLE_HOOK char* secure_getenv(const char* name) noexcept {
    const Environment environment(HEDDLE_CALLER);
    environment.reads_text(name);
    environment.is_read();
    return HEDDLE_REAL(secure_getenv)(name);
}
HEDDLE_HOOK int setenv(const char* name, const char* value, int replaces) noexcept {
    const Environment environment(HEDDLE_CALLER);
    environment.reads_text(name);
    environment.reads_text(value);
    environment.is_changed();
    return HEDDLE_REAL(setenv)(name, value, replaces);
}
HEDDLE_HOOK int unsetenv(const char* name) noexcept {
    const Environment environment(HEDDLE_CALLER);
    environment.reads_text(name);
    environment.is_changed();
    return HEDDLE_REAL(unsetenv)(name);
}
HEDDLE_HOOK int putenv(char* text) noexcept {
    const Environment environment(HEDDLE_CALLER);
    environment.reads_text(text);
    environment.is_changed();
    return HEDDLE_REAL(putenv)(text);
}
HEDDLE_HOOK int clearenv() noexcept {
    Environment(HEDDLE_CALLER).is_changed();
    return HEDDLE_REAL(clearenv)();
}

// Random numbers of the C library and of libstdc++.
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "digest.hpp"
#include "front_end.hpp"
#include "random_numbers.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/on_behalf.hpp"

namespace heddle::unmodified {
namespace {

std::uint32_t drawn_by_system() {
    return static_cast<std::uint32_t>(mixed(front_end->witness().thread(), ++self.drawn) >> 32U);
}

void draw(void* memory, std::size_t size, std::uintptr_t caller) {
    OnBehalf(caller).writes(memory, size);
    auto* const bytes = static_cast<unsigned char*>(memory);
    std::generate(bytes, bytes + size, [] { return static_cast<unsigned char>(drawn_by_system()); });
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_ENTRY(rand, heddle_rand)
HEDDLE_BODY int heddle_rand() {
    if (!self.in_program) return HEDDLE_REAL(rand)();
    return random_numbers.next(HEDDLE_CALLER);
}
HEDDLE_ENTRY(random, heddle_random)
HEDDLE_BODY long heddle_random() {
    if (!self.in_program) return HEDDLE_REAL(random)();
    return random_numbers.next(HEDDLE_CALLER);
}
HEDDLE_HOOK void srand(unsigned seed) noexcept {
    if (!self.in_program) HEDDLE_REAL(srand)(seed);
    else random_numbers.seed(seed, HEDDLE_CALLER);
}
HEDDLE_ALIAS(srandom, srand)

// What the system draws. Each thread has numbers of its own, the same in each execution: no program may rely on them, and a
// replay needs them.

HEDDLE_HOOK unsigned heddle_random_device(void* device) __asm__("_ZNSt13random_device9_M_getvalEv");
unsigned heddle_random_device(void* device) {
    static const auto real = real_function<unsigned(void*)>("_ZNSt13random_device9_M_getvalEv");
    return self.in_program ? drawn_by_system() : real(device);
}
HEDDLE_HOOK ssize_t getrandom(void* memory, std::size_t size, unsigned flags) {
    if (!self.in_program) return HEDDLE_REAL(getrandom)(memory, size, flags);
    draw(memory, size, HEDDLE_CALLER);
    return static_cast<ssize_t>(size);
}
HEDDLE_HOOK int getentropy(void* memory, std::size_t size) {
    if (!self.in_program) return HEDDLE_REAL(getentropy)(memory, size);
    draw(memory, size, HEDDLE_CALLER);
    return 0;
}

// What threads do to a generator without a lock.

#define HEDDLE_NUMBER(name, type)                                                       \
    HEDDLE_HOOK type name() noexcept {                                                  \
        OnBehalf(HEDDLE_CALLER).writes(&numbers_of_48_bits, sizeof numbers_of_48_bits); \
        type number = 0;                                                                \
        name##_r(&numbers_of_48_bits, &number);                                         \
        return number;                                                                  \
    }
/// Of the caller's own position, by the numbers that all share.
#define HEDDLE_NUMBER_OF_CALLER(name, type)                           \
    HEDDLE_HOOK type name(unsigned short* position) noexcept {        \
        const OnBehalf memory(HEDDLE_CALLER);                         \
        memory.reads(&numbers_of_48_bits, sizeof numbers_of_48_bits); \
        memory.writes(position, 3 * sizeof *position);                \
        type number = 0;                                              \
        name##_r(position, &numbers_of_48_bits, &number);             \
        return number;                                                \
    }
HEDDLE_NUMBER(drand48, double)
HEDDLE_NUMBER(lrand48, long)
HEDDLE_NUMBER(mrand48, long)
HEDDLE_NUMBER_OF_CALLER(erand48, double)
HEDDLE_NUMBER_OF_CALLER(nrand48, long)
HEDDLE_NUMBER_OF_CALLER(jrand48, long)

HEDDLE_HOOK void srand48(long seed) noexcept {
    OnBehalf(HEDDLE_CALLER).writes(&numbers_of_48_bits, sizeof numbers_of_48_bits);
    srand48_r(seed, &numbers_of_48_bits);
}
HEDDLE_HOOK unsigned short* seed48(unsigned short* seed) noexcept {
    const OnBehalf memory(HEDDLE_CALLER);
    memory.reads(seed, 3 * sizeof *seed);
    memory.writes(&numbers_of_48_bits, sizeof numbers_of_48_bits);
    seed48_r(seed, &numbers_of_48_bits);
    return numbers_of_48_bits.__old_x;
}
HEDDLE_HOOK void lcong48(unsigned short* parameters) noexcept {
    const OnBehalf memory(HEDDLE_CALLER);
    memory.reads(parameters, 7 * sizeof *parameters);
    memory.writes(&numbers_of_48_bits, sizeof numbers_of_48_bits);
    lcong48_r(parameters, &numbers_of_48_bits);
}

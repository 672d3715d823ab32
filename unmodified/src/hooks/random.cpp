// Random numbers of the C library.
#include <cstdlib>

#include "random_numbers.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/on_behalf.hpp"

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

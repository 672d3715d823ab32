// Inline assembly that changes memory, which no hook sees: the command refuses it. A pause in it changes none.
#include <heddle/unmodified.hpp>

HEDDLE_TEST(AssemblyChangesMemory) {
    int count = 0;
    asm volatile("pause");
    asm volatile("lock; incl %0" : "+m"(count));
}

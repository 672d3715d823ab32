// Inline assembly of headers that no other thread could notice: the command says nothing of it.
#include <arpa/inet.h>
#include <cpuid.h>
#include <immintrin.h>

#include <cassert>
#include <regex>

#include <boost/interprocess/sync/spin/wait.hpp>
#include <heddle/unmodified.hpp>

HEDDLE_TEST(AssemblyChangesNoMemory) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    assert(__get_cpuid(0, &a, &b, &c, &d) != 0 && htonl(1) == 1U << 24U);
    boost::interprocess::spin_wait waiting;
    waiting.yield();
    _mm_clflush(&a);
    assert(std::regex_match("ab", std::regex("a.")));
}

// A program with a test that was compiled without hooks: nothing of it would be seen.
#include <heddle/unmodified.hpp>

HEDDLE_TEST(NothingIsSeen) {}

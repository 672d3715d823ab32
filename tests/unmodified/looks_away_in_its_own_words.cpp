// Where heddle has GCC's or Clang's word for it, the program has one of its own: the command refuses what it does not follow.
#include <atomic>

#include <heddle/unmodified.hpp>

#undef no_sanitize
__attribute__((no_sanitize("thread"))) void add(std::atomic<int>& count) { count.fetch_add(1); }

HEDDLE_TEST(LooksAway) {
    std::atomic<int> count{0};
    add(count);
}

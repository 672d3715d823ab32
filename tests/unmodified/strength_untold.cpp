// A compare-exchange that is weak, as GCC's hooks have it; how it is written hides that from what comes before Clang's.
#include <thread>

#include <heddle/unmodified.hpp>

namespace {
int word = 0;
template <class, class>
int value() {
    return 1;
}
}  // namespace

HEDDLE_TEST(NobodySaysThatItIsWeak) {
    std::thread other([] { __atomic_store_n(&word, 2, __ATOMIC_SEQ_CST); });
    int expected = 0;
    __atomic_compare_exchange_n(&word, &expected, value<int, int>(), true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    other.join();
}

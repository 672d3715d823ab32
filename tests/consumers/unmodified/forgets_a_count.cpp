// Red on purpose: what the installed command says of it.
#include <thread>

#include <heddle/unmodified.hpp>

HEDDLE_TEST(ForgetsACount) {
    int count = 0;
    std::thread other([&] { ++count; });
    ++count;
    other.join();
}

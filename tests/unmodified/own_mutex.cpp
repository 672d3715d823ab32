// A program with a function of its own in place of the C library's.
#include <pthread.h>

#include <heddle/unmodified.hpp>

extern "C" int pthread_mutex_lock(pthread_mutex_t*) noexcept { return 0; }

namespace {
HEDDLE_TEST(LockDoesNothing) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
}
}  // namespace

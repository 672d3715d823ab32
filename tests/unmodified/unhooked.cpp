// A library that was compiled without hooks, and locks a mutex of its own.
#include <pthread.h>

void lock_unseen() {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

// Readers that come while a writer waits: held up by the one kind of lock of which the C library promises it.
#include <pthread.h>

#include <cassert>
#include <cerrno>
#include <ctime>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

class ReadersAndWriters {
  public:
    explicit ReadersAndWriters(int kind) {
        pthread_rwlockattr_t attributes;
        pthread_rwlockattr_init(&attributes);
        pthread_rwlockattr_setkind_np(&attributes, kind);
        pthread_rwlock_init(&lock_, &attributes);
        pthread_rwlockattr_destroy(&attributes);
    }
    explicit ReadersAndWriters(const pthread_rwlock_t& value) : lock_(value) {}
    ~ReadersAndWriters() { pthread_rwlock_destroy(&lock_); }
    void lock() { pthread_rwlock_wrlock(&lock_); }
    bool try_lock_for_a_while() {
        timespec until{};
        clock_gettime(CLOCK_REALTIME, &until);
        ++until.tv_sec;
        return pthread_rwlock_timedwrlock(&lock_, &until) == 0;
    }
    void unlock() { pthread_rwlock_unlock(&lock_); }
    void lock_shared() { pthread_rwlock_rdlock(&lock_); }
    bool try_lock_shared() { return pthread_rwlock_tryrdlock(&lock_) == 0; }
    void unlock_shared() { unlock(); }

  private:
    pthread_rwlock_t lock_;
};

constexpr int writers_first = PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;

/// A reader waits for another one, while a writer may wait.
void reader_needs_reader(auto& lock) {
    std::thread writer([&] { const std::unique_lock guard(lock); });
    {
        const std::shared_lock guard(lock);
        std::thread reader([&] { const std::shared_lock other(lock); });
        reader.join();
    }
    writer.join();
}
HEDDLE_BROKEN_TEST(ReaderWaitsBehindAWriterThatWaits, deadlock) {
    ReadersAndWriters lock(writers_first);
    reader_needs_reader(lock);
}
HEDDLE_BROKEN_TEST(ReaderWaitsBehindAWriterOfALockOfConstantValue, deadlock) {
    ReadersAndWriters lock{pthread_rwlock_t PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP};
    reader_needs_reader(lock);
}
HEDDLE_TEST(WriterThatWaitsHoldsUpNobody) {
    ReadersAndWriters lock(PTHREAD_RWLOCK_PREFER_READER_NP);
    reader_needs_reader(lock);
}
HEDDLE_TEST(WriterThatWaitsHoldsUpNobodyOfAKindInName) {
    ReadersAndWriters lock(PTHREAD_RWLOCK_PREFER_WRITER_NP);
    reader_needs_reader(lock);
}
HEDDLE_TEST(WriterThatWaitsForASharedMutexHoldsUpNobody) {
    std::shared_mutex mutex;
    reader_needs_reader(mutex);
}

HEDDLE_BROKEN_TEST(ReaderReadsAgainBehindAWriterThatWaits, deadlock) {
    ReadersAndWriters lock(writers_first);
    std::thread writer([&] { const std::unique_lock guard(lock); });
    lock.lock_shared(), lock.lock_shared();
    lock.unlock_shared(), lock.unlock_shared();
    writer.join();
}

HEDDLE_TEST(ReadersAndWritersComeToTheirTurns) {
    ReadersAndWriters lock(writers_first);
    int data = 0;
    const auto write = [&] {
        const std::unique_lock guard(lock);
        ++data;
    };
    const auto read = [&] {
        const std::shared_lock guard(lock);
        assert(data >= 0 && data <= 2);
    };
    std::thread first(write), second(write), reader(read);
    read();
    for (std::thread* const thread : {&first, &second, &reader}) thread->join();
    assert(data == 2);
}

HEDDLE_TEST(ReaderGoesOnWhenTheWriterGivesUp) {
    ReadersAndWriters lock(writers_first);
    lock.lock_shared();
    std::thread writer([&] { assert(!lock.try_lock_for_a_while()); });
    std::thread reader([&] { const std::shared_lock guard(lock); });
    writer.join();
    reader.join();
    lock.unlock_shared();
}

/// Whether a reader that tries finds the lock taken although nobody writes, and none has written.
bool is_refused_to_readers(int kind) {
    ReadersAndWriters lock(kind);
    bool has_written = false, is_refused = false;
    lock.lock_shared();
    std::thread writer([&] {
        const std::unique_lock guard(lock);
        has_written = true;
    });
    std::thread reader([&] {
        if (lock.try_lock_shared()) lock.unlock_shared();
        else is_refused = true;
    });
    reader.join();
    assert(!has_written);
    lock.unlock_shared();
    writer.join();
    return is_refused;
}
HEDDLE_BROKEN_TEST(TryFailsWhileAWriterWaits, assertion) { assert(!is_refused_to_readers(writers_first)); }
HEDDLE_TEST(TrySucceedsWhileAWriterWaits) { assert(!is_refused_to_readers(PTHREAD_RWLOCK_PREFER_READER_NP)); }

}  // namespace

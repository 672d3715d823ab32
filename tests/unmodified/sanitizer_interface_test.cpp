// What libraries call where they see that they are compiled for ThreadSanitizer: it takes the place of a fence, or tells of what
// is followed anyway.
#include <atomic>
#include <cassert>
#include <cstdint>
#include <memory>
#include <thread>

#include <heddle/unmodified.hpp>

// As <sanitizer/tsan_interface.h> has them, which not every compiler brings along, and libraries themselves.
extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void __tsan_mutex_create(void* address, unsigned flags);
void __tsan_mutex_destroy(void* address, unsigned flags);
void __tsan_mutex_pre_lock(void* address, unsigned flags);
void __tsan_mutex_post_lock(void* address, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void* address, unsigned flags);
void __tsan_mutex_post_unlock(void* address, unsigned flags);
void __tsan_external_read(void* address, void* caller, void* tag);
void __tsan_external_write(void* address, void* caller, void* tag);
void* __tsan_get_current_fiber();
std::uint32_t __sanitizer_unaligned_load32(const void* address);
void __sanitizer_unaligned_store32(void* address, std::uint32_t value);
void AnnotateHappensBefore(const char* file, int line, std::uintptr_t address);
void AnnotateHappensAfter(const char* file, int line, std::uintptr_t address);
void AnnotateRWLockAcquired(const char* file, int line, std::uintptr_t address, std::uintptr_t is_writer);
void AnnotateRWLockReleased(const char* file, int line, std::uintptr_t address, std::uintptr_t is_writer);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
void AnnotateBenignRaceSized(const char* file, int line, std::uintptr_t address, long size, const char* why);
int RunningOnValgrind();
}

namespace {

template <class First, class Second>
void at_once(First first, Second second) {
    std::thread other(first);
    second();
    other.join();
}

// A count of owners as asio has it.
struct Owned {
    std::atomic<int> owners{2};
    int value = 0;
};
template <bool looks_at_macro = true>
void give_up(Owned* owned) {
    if (owned->owners.fetch_sub(1, std::memory_order_release) != 1) return;
#if defined(__SANITIZE_THREAD__) || defined(__clang__)
    if (looks_at_macro) __tsan_acquire(&owned->owners);
#else
    if (looks_at_macro) std::atomic_thread_fence(std::memory_order_acquire);
#endif
    delete owned;
}
HEDDLE_TEST(LastOwnerAcquires) {
    auto* const owned = new Owned;
    at_once([=] { owned->value = 1, give_up(owned); }, [=] { give_up(owned); });
}
HEDDLE_BROKEN_TEST(LastOwnerDoesNot, use_after_free) {
    auto* const owned = new Owned;
    at_once([=] { owned->value = 1, give_up<false>(owned); }, [=] { give_up<false>(owned); });
}
/// Also where the program hides that a sanitizer's hooks are there.
HEDDLE_TEST(OwnersOfASharedPointer) {
    auto owner = std::make_shared<int>(1);
    const std::weak_ptr<int> observer = owner;
    at_once([=] { assert(observer.expired() || *owner == 1); }, [&] { owner.reset(); });
}

template <bool releases, bool acquires>
void pass_on() {
    int item = 0;
    std::atomic<bool> is_there{false};
    at_once(
        [&] {
            item = 1;
            if (releases) __tsan_release(&is_there);
            is_there.store(true, std::memory_order_relaxed);
        },
        [&] {
            while (!is_there.load(std::memory_order_relaxed)) std::this_thread::yield();
            if (acquires) __tsan_acquire(&is_there);
            assert(item == 1);
        });
}
HEDDLE_TEST(ReleasesAndAcquires) { pass_on<true, true>(); }
HEDDLE_BROKEN_TEST(OnlyReleases, data_race) { pass_on<true, false>(); }
HEDDLE_BROKEN_TEST(OnlyAcquires, data_race) { pass_on<false, true>(); }
/// A release is no more than that.
HEDDLE_BROKEN_TEST(BothReleaseAndNobodySees, assertion) {
    std::atomic<int> first{0}, second{0};
    int found = 0, other_found = 0;
    const auto look = [](std::atomic<int>& mine, std::atomic<int>& others) {
        mine.store(1, std::memory_order_relaxed);
        __tsan_release(&mine);
        __tsan_acquire(&others);
        return others.load(std::memory_order_relaxed);
    };
    at_once([&] { found = look(first, second); }, [&] { other_found = look(second, first); });
    assert(found + other_found > 0);
}

/// A lock that says what it is.
class Lock {
  public:
    explicit Lock(std::memory_order acquire) : acquire_(acquire) { __tsan_mutex_create(this, 0); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() { __tsan_mutex_destroy(this, 0); }

    void lock() {
        __tsan_mutex_pre_lock(this, 0);
        while (is_locked_.exchange(true, acquire_)) std::this_thread::yield();
        __tsan_mutex_post_lock(this, 0, 0);
        AnnotateRWLockAcquired(__FILE__, __LINE__, reinterpret_cast<std::uintptr_t>(this), 1);
    }
    void unlock() {
        AnnotateRWLockReleased(__FILE__, __LINE__, reinterpret_cast<std::uintptr_t>(this), 1);
        assert(__tsan_mutex_pre_unlock(this, 0) == 0);
        is_locked_.store(false, std::memory_order_release);
        __tsan_mutex_post_unlock(this, 0);
    }

  private:
    std::memory_order acquire_;
    std::atomic<bool> is_locked_{false};
};
void count_under(std::memory_order acquire) {
    Lock lock(acquire);
    int count = 0;
    const auto add = [&] { lock.lock(), ++count, lock.unlock(); };
    at_once(add, add);
    assert(count == 2);
}
HEDDLE_TEST(LockThatSaysSo) { count_under(std::memory_order_acquire); }
HEDDLE_BROKEN_TEST(LockThatOnlySaysSo, data_race) { count_under(std::memory_order_relaxed); }

HEDDLE_BROKEN_TEST(SaysThatItHappensBefore, data_race) {
    int item = 0;
    std::atomic<bool> is_there{false};
    const auto here = reinterpret_cast<std::uintptr_t>(&is_there);
    at_once(
        [&] {
            item = 1;
            AnnotateHappensBefore(__FILE__, __LINE__, here);
            is_there.store(true, std::memory_order_relaxed);
        },
        [&] {
            while (!is_there.load(std::memory_order_relaxed)) std::this_thread::yield();
            AnnotateHappensAfter(__FILE__, __LINE__, here);
            assert(item == 1);
        });
}
HEDDLE_BROKEN_TEST(SaysThatItIsIgnored, data_race) {
    int item = 0;
    at_once(
        [&] {
            AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
            item = 1;
            AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        },
        [&] {
            AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
            assert(item <= 1);
            AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
        });
}
HEDDLE_BROKEN_TEST(SaysThatItIsBenign, data_race) {
    int item = 0;
    AnnotateBenignRaceSized(__FILE__, __LINE__, reinterpret_cast<std::uintptr_t>(&item), sizeof item, "a guess");
    at_once([&] { item = 1; }, [&] { assert(item <= 1); });
}

HEDDLE_BROKEN_TEST(ObjectOfOthers, data_race) {
    auto object = std::make_unique<int>(0);
    at_once([&] { __tsan_external_write(object.get(), nullptr, nullptr); },
            [&] { __tsan_external_read(object.get(), nullptr, nullptr); });
}
HEDDLE_BROKEN_TEST(UnalignedValueOfTwo, data_race) {
    auto bytes = std::make_unique<char[]>(8);
    at_once([&] { __sanitizer_unaligned_store32(&bytes[1], 1); },
            [&] { assert(__sanitizer_unaligned_load32(&bytes[3]) < 2); });
}
HEDDLE_TEST(UnalignedValue) {
    auto bytes = std::make_unique<char[]>(8);
    std::uint32_t found = 0;
    std::thread([&] { __sanitizer_unaligned_store32(&bytes[1], 0x01020304); }).join();
    std::thread([&] { found = __sanitizer_unaligned_load32(&bytes[1]); }).join();
    assert(found == 0x01020304);
}
HEDDLE_TEST(AsksWhereItIs) {
    at_once([] { assert(__tsan_get_current_fiber() != nullptr); }, [] { assert(RunningOnValgrind() == 0); });
}

}  // namespace

// The bodies of std_platform.hpp.
#pragma once

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <system_error>
#include <vector>

#include <heddle/platform/std_platform.hpp>

namespace heddle {

inline void StdPlatform::hint::tell(FutexWord amount) noexcept {
    // Relaxed, both: nothing depends on a hint but how long somebody waits.
    if (amount_.load(std::memory_order_relaxed) != amount) amount_.store(amount, std::memory_order_relaxed);
}

inline bool StdPlatform::hint::spin_while(FutexWord amount) const noexcept {
    // Relaxed: nothing depends on a hint but how long somebody waits.
    if (amount_.load(std::memory_order_relaxed) != amount) return false;
    return detail::BackoffSpin::until_changed(amount_, amount, Backoff::tight);
}

inline WaitResult StdPlatform::wait(const atomic<FutexWord>& word, FutexWord expected, Deadline deadline) noexcept {
    timespec until{};
    if (!deadline.is_never()) {
        const auto at = deadline.since_epoch();
        const auto whole = std::chrono::floor<std::chrono::seconds>(at);
        until.tv_sec = whole.count();
        until.tv_nsec = (at - whole).count();
    }
    // FUTEX_WAIT_BITSET takes an absolute time on CLOCK_MONOTONIC, so a signal cannot lengthen the wait.
    const long result = syscall(SYS_futex, &word.value_, FUTEX_WAIT_BITSET_PRIVATE, expected,
                                deadline.is_never() ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
    if (result == 0) return WaitResult::woken;
    if (errno == ETIMEDOUT) return WaitResult::timed_out;
    return errno == EAGAIN ? WaitResult::changed : WaitResult::woken;
}

inline void StdPlatform::wake_one(atomic<FutexWord>& word) noexcept { wake(futex_key(word), 1); }
inline void StdPlatform::wake_all(atomic<FutexWord>& word) noexcept { wake(futex_key(word), INT_MAX); }
inline void StdPlatform::wake_one(futex_key key) noexcept { wake(key, 1); }

inline void StdPlatform::wake(futex_key key, int count) noexcept {
    syscall(SYS_futex, key.address_, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

template <class Body, class Epilogue>
struct StdPlatform::SpawnedThread {
    Body body;
    Epilogue epilogue;
    std::uint64_t id;

    // thread_local destructors run in the reverse order of construction, so the one that is constructed before
    // the body starts runs its destructor after all of the body's.
    struct RunsLast {
        SpawnedThread* thread = nullptr;
        ~RunsLast() {
            if (thread == nullptr) return;
            const std::unique_ptr<SpawnedThread> owner(thread);
            owner->epilogue();
        }
    };

    static void* main(void* argument) {
        thread_local RunsLast last;
        last.thread = static_cast<SpawnedThread*>(argument);
        thread_id_ = last.thread->id;
        last.thread->body();
        return nullptr;
    }
};

template <class Body, class Epilogue>
std::uint64_t StdPlatform::spawn(Body body, Epilogue epilogue, std::size_t stack_bytes) {
    using Start = SpawnedThread<Body, Epilogue>;
    pthread_attr_t attributes;
    if (const int error = pthread_attr_init(&attributes)) throw_system_error(error);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int error = stack_bytes == 0 ? 0 : pthread_attr_setstacksize(&attributes, stack_bytes);
    auto start = std::make_unique<Start>(Start{std::move(body), std::move(epilogue), next_thread_id()});
    const std::uint64_t id = start->id;
    pthread_t thread;
    if (error == 0) error = pthread_create(&thread, &attributes, &Start::main, start.get());
    pthread_attr_destroy(&attributes);
    if (error != 0) throw_system_error(error);
    static_cast<void>(start.release());  // the new thread owns it now
    return id;
}

inline void StdPlatform::yield() noexcept { sched_yield(); }

inline void StdPlatform::at_thread_exit(std::function<void()> function) {
    struct Functions {
        std::vector<std::function<void()>> list;
        ~Functions() {
            while (!list.empty()) {
                const auto latest = std::move(list.back());
                list.pop_back();
                latest();  // which may add others
            }
        }
    };
    thread_local Functions functions;
    functions.list.push_back(std::move(function));
}

inline bool StdPlatform::is_main_thread() noexcept { return gettid() == getpid(); }
inline std::uint64_t StdPlatform::native_id() noexcept { return static_cast<std::uint64_t>(gettid()); }
inline std::uint64_t StdPlatform::main_native_id() noexcept { return static_cast<std::uint64_t>(getpid()); }

inline std::uint64_t StdPlatform::next_thread_id() noexcept {
    static std::atomic<std::uint64_t> next{main_thread_id + 1};
    return next.fetch_add(1, std::memory_order_relaxed);  // relaxed: the numbers only have to differ
}

inline void StdPlatform::misuse(const char* text) noexcept {
    std::fprintf(stderr, "heddle: misuse: %s\n", text);
    std::abort();
}

inline void StdPlatform::throw_system_error(int error) {
    throw std::system_error(error, std::generic_category(), "pthread_create");
}

static_assert(Platform<StdPlatform>);
static_assert(sizeof(StdPlatform::atomic<FutexWord>) == sizeof(FutexWord), "futex(2) takes the address of a word");
static_assert(sizeof(StdPlatform::plain<int>) == sizeof(int), "plain data costs nothing in a program");

}  // namespace heddle

// What cannot be followed is red, by name.
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <threads.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <thread>

#include <heddle/unmodified.hpp>

void lock_unseen();  // unhooked.cpp

namespace {

HEDDLE_BROKEN_TEST(CodeWithoutHooksLocks, misuse) { lock_unseen(); }

HEDDLE_BROKEN_TEST(AtomicOfSixteenBytes, too_big) {
    __int128 wide = 0;
    __atomic_store_n(&wide, 1, __ATOMIC_SEQ_CST);
}

// A lock of the library's, or more than one step without one.
HEDDLE_BROKEN_TEST(AtomicOfAStructure, too_big) {
    struct Three {
        long one, two, three;
    };
    std::atomic<Three> all{Three{1, 2, 3}};
    all.store(Three{4, 5, 6});
}

HEDDLE_BROKEN_TEST(AtomicOfNandKind, too_big) {
    int bits = 0;
    __atomic_fetch_nand(&bits, 1, __ATOMIC_SEQ_CST);
}

HEDDLE_BROKEN_TEST(AtomicsOfTwoSizesOverlap, misuse) {
    alignas(8) std::uint32_t words[2] = {};
    std::thread other([&] { std::atomic_ref(words[1]).store(1); });
    other.join();
    __atomic_load_n(reinterpret_cast<std::uint64_t*>(words), __ATOMIC_SEQ_CST);
}

// It compares four bytes, of which the program has two atomics.
HEDDLE_BROKEN_TEST(FutexOnTwoAtomics, misuse) {
    alignas(4) std::atomic<std::uint16_t> halves[2] = {};
    std::thread other([&] { halves[1].store(1); });
    syscall(SYS_futex, halves, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    other.join();
}
// The program has an atomic of eight bytes there, and another one of four.
HEDDLE_BROKEN_TEST(FutexOnAnAtomicOfTwoSizes, misuse) {
    alignas(8) std::uint32_t words[2] = {};
    std::thread other([&] {
        __atomic_fetch_add(reinterpret_cast<std::uint64_t*>(words), 1, __ATOMIC_SEQ_CST);
        syscall(SYS_futex, words, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    });
    while (__atomic_load_n(words, __ATOMIC_SEQ_CST) == 0)
        syscall(SYS_futex, words, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    other.join();
}

HEDDLE_BROKEN_TEST(FutexOfInheritedPriority, misuse) {
    std::atomic<std::uint32_t> word{0};
    syscall(SYS_futex, &word, FUTEX_LOCK_PI_PRIVATE, 0, nullptr, nullptr, 0);
}

HEDDLE_BROKEN_TEST(RobustMutex, misuse) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_t mutex;
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutex_lock(&mutex);
}

HEDDLE_BROKEN_TEST(SecondProcess, misuse) {
    if (fork() == 0) _exit(0);
}

HEDDLE_BROKEN_TEST(SecondProcessInTheSameMemory, misuse) {
    if (vfork() == 0) _exit(0);
}

// Without a handler no wait comes back with EINTR, so that neither has to be explored.
HEDDLE_BROKEN_TEST(SignalHandler, misuse) {
    std::signal(SIGUSR1, [](int) {});
}
HEDDLE_BROKEN_TEST(SignalAction, misuse) {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    sigaction(SIGUSR1, &action, nullptr);
}
HEDDLE_BROKEN_TEST(SignalIsWaitedFor, misuse) {
    sigset_t none;
    sigemptyset(&none);
    sigwaitinfo(&none, nullptr);
}

HEDDLE_BROKEN_TEST(MemoryOfTwoProcesses, misuse) {
    mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}
HEDDLE_BROKEN_TEST(MemoryOfTheKernel, misuse) {
    mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
HEDDLE_BROKEN_TEST(MemoryOfTheKernelByItsLongName, misuse) {
    mmap64(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
HEDDLE_BROKEN_TEST(SharedSegment, misuse) { shmat(0, nullptr, 0); }
HEDDLE_BROKEN_TEST(SemaphoreOfTwoProcesses, misuse) { sem_open("/heddle", 0); }

HEDDLE_BROKEN_TEST(SecondStack, misuse) {
    ucontext_t here, there;
    getcontext(&there);
    swapcontext(&here, &there);
}

HEDDLE_BROKEN_TEST(ThreadIsCancelled, misuse) {
    std::thread other([] {});
    pthread_cancel(other.native_handle());
    other.join();
}

HEDDLE_BROKEN_TEST(ThreadEndsInTheMiddle, misuse) {
    std::thread other([] { pthread_exit(nullptr); });
    other.join();
}

HEDDLE_BROKEN_TEST(ThreadOfC11EndsInTheMiddle, misuse) {
    thrd_t other;
    const auto end = [](void*) -> int { thrd_exit(0); };
    thrd_create(&other, end, nullptr);
    thrd_join(other, nullptr);
}

HEDDLE_BROKEN_TEST(ProgramIsStarted, misuse) { [[maybe_unused]] const int status = std::system("true"); }

HEDDLE_BROKEN_TEST(PipeBetweenThreads, misuse) {
    int ends[2];
    [[maybe_unused]] const int status = pipe(ends);
}

HEDDLE_BROKEN_TEST(ThreadPolls, misuse) { poll(nullptr, 0, 0); }

HEDDLE_BROKEN_TEST(LibraryIsLoaded, misuse) { dlopen("libm.so.6", RTLD_NOW); }

HEDDLE_BROKEN_TEST(BarrierOfAllProcessors, misuse) { syscall(SYS_membarrier, 0, 0, 0); }
HEDDLE_BROKEN_TEST(WaitForSeveralFutexes, misuse) { syscall(SYS_futex_waitv, 0, 0, 0); }
HEDDLE_BROKEN_TEST(UnknownSystemCall, misuse) { syscall(9999, 0, 0, 0); }

HEDDLE_BROKEN_TEST(LockOfAFile, misuse) {
    struct flock lock {};
    fcntl(0, F_SETLKW, &lock);
}
HEDDLE_BROKEN_TEST(FlagsOfAnEventfd, misuse) { fcntl(eventfd(0, 0), F_SETFL, O_NONBLOCK); }
HEDDLE_BROKEN_TEST(SecondDescriptorOfAnEventfd, misuse) { dup(eventfd(0, 0)); }
HEDDLE_BROKEN_TEST(StackOfAnotherThread, misuse) {
    std::thread other([] {});
    pthread_attr_t attributes;
    pthread_getattr_np(other.native_handle(), &attributes);
    other.join();
}

HEDDLE_BROKEN_TEST(ThreadHasTooManyEvents, too_big) {
    std::atomic<int> count{0};
    std::thread other([&] {
        for (int n = 0; n != 300; ++n) ++count;
    });
    count.load();
    other.join();
}

HEDDLE_BROKEN_TEST(ProgramEndsInTheMiddle, misuse) { std::exit(0); }

HEDDLE_BROKEN_TEST(PromiseOfTheEndOfAThread, misuse) { std::promise<void>().set_value_at_thread_exit(); }

HEDDLE_BROKEN_TEST(FifteenThreadsBesideTheFirst, misuse) {
    std::thread threads[15];
    for (std::thread& thread : threads) thread = std::thread([] {});
    for (std::thread& thread : threads) thread.join();
}

}  // namespace

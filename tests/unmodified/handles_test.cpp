// Threads by their handles: what pools set of them and ask for, and joins that do not wait for ever.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

std::string name_of(pthread_t thread) {
    char name[16];
    assert(pthread_getname_np(thread, name, sizeof name) == 0);
    return name;
}
cpu_set_t processors_of(pthread_t thread) {
    cpu_set_t processors;
    assert(pthread_getaffinity_np(thread, sizeof processors, &processors) == 0);
    return processors;
}
cpu_set_t only(int processor) {
    cpu_set_t processors;
    CPU_ZERO(&processors);
    CPU_SET(processor, &processors);
    return processors;
}

// The executions of two counters with an atomic: names add none, as long as nobody asks for them at the same time.
void count_in_two(const char* name) {
    std::atomic<int> count{0};
    std::thread other([&] {
        if (name != nullptr) pthread_setname_np(pthread_self(), name);
        ++count;
    });
    ++count;
    other.join();
    assert(count == 2);
}
HEDDLE_TEST(WithoutAName) { count_in_two(nullptr); }
HEDDLE_TEST(ThreadNamesItself) { count_in_two("worker"); }

HEDDLE_TEST(NameIsGivenBack) {
    char title[16] = {};
    pthread_setname_np(pthread_self(), "first");
    assert(pthread_setname_np(pthread_self(), "sixteen letters.") == ERANGE);
    std::thread other([] {
        assert(name_of(pthread_self()) == "first");
        prctl(PR_SET_NAME, "a longer name than there is room for");
        assert(name_of(pthread_self()) == "a longer name t");
    });
    other.join();
    prctl(PR_GET_NAME, title);
    assert(std::strcmp(title, "first") == 0);
}

// Either order: 2 executions.
template <class Test>
void name_while_it_asks(const Test& test) {
    std::thread other([&] { test(name_of(pthread_self())); });
    pthread_setname_np(other.native_handle(), "named");
    other.join();
}
HEDDLE_TEST(NameComesWhileItIsAskedFor) {
    name_while_it_asks([](const std::string&) {});
}
HEDDLE_BROKEN_TEST(NameMayComeLater, assertion) {
    name_while_it_asks([](const std::string& name) { assert(name == "named"); });
}
HEDDLE_BROKEN_TEST(NameMayComeSooner, assertion) {
    name_while_it_asks([](const std::string& name) { assert(name != "named"); });
}
// To find a name orders nothing.
HEDDLE_BROKEN_TEST(NameOrdersNothing, data_race) {
    int data = 0;
    std::thread other([&] {
        if (name_of(pthread_self()) == "ready") ++data;
    });
    data = 1;
    pthread_setname_np(other.native_handle(), "ready");
    other.join();
}
HEDDLE_BROKEN_TEST(NameOfAThreadThatWasJoined, misuse) {
    std::thread other([] {});
    const pthread_t handle = other.native_handle();
    other.join();
    pthread_setname_np(handle, "late");
}
HEDDLE_BROKEN_TEST(NameOfNoThread, misuse) { pthread_setname_np(pthread_self() + 5, "nobody"); }
HEDDLE_TEST(ThreadThatIsWaitedForHasAName) {
    std::thread other([] {
        pthread_setname_np(pthread_self(), "worker");
        assert(name_of(pthread_self()) == "worker");
    });
    other.join();
}

HEDDLE_TEST(ProcessorsAreGivenBack) {
    const cpu_set_t all = processors_of(pthread_self());
    assert(CPU_COUNT(&all) > 0);
    const cpu_set_t third = only(2), none{};
    std::thread other([&] {
        assert(sched_setaffinity(gettid(), sizeof third, &third) == 0);
        const cpu_set_t own = processors_of(pthread_self());
        assert(CPU_EQUAL(&own, &third));
    });
    const cpu_set_t first = only(0);
    assert(pthread_setaffinity_np(pthread_self(), sizeof first, &first) == 0);
    assert(pthread_setaffinity_np(pthread_self(), sizeof none, &none) == EINVAL);
    const cpu_set_t own = processors_of(pthread_self());
    assert(CPU_EQUAL(&own, &first));
    other.join();
    cpu_set_t nobodys;
    assert(sched_getaffinity(17, sizeof nobodys, &nobodys) == -1 && errno == ESRCH);
}
HEDDLE_TEST(SchedulingIsGivenBack) {
    std::thread other([] {
        int policy = SCHED_OTHER;
        sched_param parameters{};
        assert(sched_getscheduler(0) == SCHED_OTHER && getpriority(PRIO_PROCESS, 0) == 0 && nice(3) == 3);
        parameters.sched_priority = 7;
        assert(pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0);
        assert(pthread_setschedprio(pthread_self(), 8) == 0 && pthread_setschedprio(pthread_self(), 800) == EINVAL);
        assert(pthread_getschedparam(pthread_self(), &policy, &parameters) == 0);
        assert(policy == SCHED_FIFO && parameters.sched_priority == 8);
        assert(sched_getparam(gettid(), &parameters) == 0 && parameters.sched_priority == 8);
    });
    other.join();
    assert(sched_getscheduler(0) == SCHED_OTHER && getpriority(PRIO_PROCESS, 0) == 0);
}
HEDDLE_TEST(StackIsWhereLocalsAre) {
    std::thread other([] {
        pthread_attr_t attributes;
        void* begin = nullptr;
        std::size_t size = 0;
        assert(pthread_getattr_np(pthread_self(), &attributes) == 0);
        pthread_attr_getstack(&attributes, &begin, &size);
        pthread_attr_destroy(&attributes);
        const char* const here = reinterpret_cast<const char*>(&size);
        assert(begin <= here && here < static_cast<const char*>(begin) + size);
    });
    other.join();
}
HEDDLE_TEST(ClockOfAThreadIsTheClock) {
    std::thread other([] {});
    clockid_t clock{};
    timespec now{};
    assert(pthread_getcpuclockid(other.native_handle(), &clock) == 0 && clock_gettime(clock, &now) == 0);
    other.join();
}

HEDDLE_TEST(BlockedSignalsAreGivenBack) {
    sigset_t one, before;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    assert(pthread_sigmask(SIG_BLOCK, &one, &before) == 0 && sigismember(&before, SIGUSR1) == 0);
    std::thread other([&] {
        sigset_t own;
        assert(pthread_sigmask(SIG_UNBLOCK, &one, &own) == 0 && sigismember(&own, SIGUSR1) == 1);
        assert(sigprocmask(SIG_SETMASK, nullptr, &own) == 0 && sigismember(&own, SIGUSR1) == 0);
    });
    other.join();
    assert(pthread_sigmask(SIG_SETMASK, &before, &one) == 0 && sigismember(&one, SIGUSR1) == 1);
}
// In each execution anew.
HEDDLE_TEST(CancellingIsForbiddenAndAllowed) {
    std::atomic<int> count{0};
    std::thread other([&] {
        int state = -1, type = -1;
        ++count;
        assert(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state) == 0 && state == PTHREAD_CANCEL_ENABLE);
        assert(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type) == 0 && type == PTHREAD_CANCEL_DEFERRED);
        assert(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state) == 0 && state == PTHREAD_CANCEL_DISABLE);
        assert(pthread_setcanceltype(7, &type) == EINVAL);
    });
    ++count;
    other.join();
}

pthread_t start(int& data) {
    const auto write = [](void* where) -> void* { return ++*static_cast<int*>(where), where; };
    pthread_t thread;
    pthread_create(&thread, nullptr, write, &data);
    return thread;
}
HEDDLE_TEST(JoinIsTried) {
    int data = 0;
    void* result = nullptr;
    const pthread_t thread = start(data);
    while (pthread_tryjoin_np(thread, &result) == EBUSY) {
    }
    assert(data == 1 && result == &data);
}
HEDDLE_BROKEN_TEST(JoinIsTriedOnce, data_race) {
    int data = 0;
    const pthread_t thread = start(data);
    const bool has_ended = pthread_tryjoin_np(thread, nullptr) == 0;
    ++data;
    if (!has_ended) pthread_join(thread, nullptr);
}
timespec soon() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += 1;
    return now;
}
// It has ended, or the time has passed: 2 executions.
HEDDLE_TEST(JoinTimesOut) {
    int data = 0;
    void* result = nullptr;
    const pthread_t thread = start(data);
    const timespec until = soon();
    if (pthread_timedjoin_np(thread, &result, &until) == ETIMEDOUT) pthread_join(thread, &result);
    assert(data == 1 && result == &data);
}
HEDDLE_BROKEN_TEST(JoinThatTimedOutOrdersNothing, data_race) {
    int data = 0;
    const pthread_t thread = start(data);
    const timespec until = soon();
    const bool has_ended = pthread_clockjoin_np(thread, nullptr, CLOCK_MONOTONIC, &until) == 0;
    ++data;
    if (!has_ended) pthread_join(thread, nullptr);
}
HEDDLE_TEST(JoinWithTheTimePassedLooks) {
    int data = 0;
    const pthread_t thread = start(data);
    const timespec past{};
    while (pthread_timedjoin_np(thread, nullptr, &past) == ETIMEDOUT) {
    }
    assert(data == 1);
}
HEDDLE_BROKEN_TEST(JoinedTwiceByATry, misuse) {
    int data = 0;
    const pthread_t thread = start(data);
    pthread_join(thread, nullptr);
    pthread_tryjoin_np(thread, nullptr);
}

}  // namespace

// What programs ask the C library and the kernel to do with threads by their handles and numbers: names, processors,
// scheduling, stacks. What is set is given back.
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/errors.hpp"
#include "hooks/handles.hpp"
#include "hooks/thread_attributes.hpp"

namespace heddle::unmodified {
namespace {

using Kind = ThreadAttributes::Kind;

constexpr std::size_t name_bytes = 16;  // as the kernel has it, with the 0 at the end

struct Scheduling {
    int policy = SCHED_OTHER;
    sched_param parameters{};
};

/// The thread that a call names. Requires: the program's code runs.
unsigned named(pthread_t handle, std::uintptr_t caller) {
    const unsigned thread = thread_of(handle);
    front_end->threads.check_is_there(thread, caller);
    return thread;
}

/// The same of a number of the kernel's, for which 0 is the running thread; none if there is no such thread.
std::optional<unsigned> numbered(pid_t number) {
    if (number == 0) return front_end->witness().thread();
    const unsigned thread = thread_numbered(number);
    return front_end->threads.exists(thread) ? std::optional(thread) : std::nullopt;
}

void note_read(const void* memory, std::size_t size, std::uintptr_t caller) {
    front_end->accesses.check<false>(reinterpret_cast<std::uintptr_t>(memory), size, false, caller);
}
void note_written(const void* memory, std::size_t size, std::uintptr_t caller) {
    front_end->accesses.check<true>(reinterpret_cast<std::uintptr_t>(memory), size, false, caller);
}

template <class T>
void set(Kind kind, unsigned thread, const T& value, std::uintptr_t caller) {
    const OutsideProgram outside;
    thread_attributes.set(kind, thread, std::string(reinterpret_cast<const char*>(&value), sizeof value), caller);
}
template <class T>
T get(Kind kind, unsigned thread, std::uintptr_t caller, T unless_set) {
    const OutsideProgram outside;
    if (const auto bytes = thread_attributes.get(kind, thread, caller))
        std::memcpy(&unless_set, bytes->data(), sizeof unless_set);
    return unless_set;
}

using Name = std::array<char, name_bytes>;

void set_name(unsigned thread, std::string_view name, std::uintptr_t caller) {
    note_read(name.data(), name.size() + 1, caller);
    Name all{};
    name.copy(all.data(), all.size() - 1);
    set(Kind::name, thread, all, caller);
}
void get_name(unsigned thread, char* name, std::uintptr_t caller) {
    Name programs{};
    std::string_view(program_invocation_short_name).copy(programs.data(), programs.size() - 1);
    const Name all = get(Kind::name, thread, caller, programs);
    note_written(name, all.size(), caller);
    std::copy(all.begin(), all.end(), name);
}

/// Returns: 0, or an error.
int set_affinity(unsigned thread, std::size_t size, const cpu_set_t* processors, std::uintptr_t caller) {
    cpu_set_t all{};
    const std::size_t bytes = std::min(size, sizeof all);
    note_read(processors, bytes, caller);
    std::memcpy(&all, processors, bytes);
    if (CPU_COUNT(&all) == 0) return EINVAL;
    set(Kind::affinity, thread, all, caller);
    return 0;
}
int get_affinity(unsigned thread, std::size_t size, cpu_set_t* processors, std::uintptr_t caller) {
    cpu_set_t of_process{};
    if (HEDDLE_REAL(sched_getaffinity)(0, sizeof of_process, &of_process) != 0) CPU_SET(0, &of_process);
    const cpu_set_t all = get(Kind::affinity, thread, caller, of_process);
    note_written(processors, size, caller);
    std::memset(processors, 0, size);
    std::memcpy(processors, &all, std::min(size, sizeof all));
    return 0;
}

int set_scheduling(unsigned thread, const Scheduling& scheduling, std::uintptr_t caller) {
    const int priority = scheduling.parameters.sched_priority;
    const int policy = scheduling.policy & ~SCHED_RESET_ON_FORK;
    const int lowest = sched_get_priority_min(policy);
    if (lowest < 0 || priority < lowest || priority > sched_get_priority_max(policy)) return EINVAL;
    set(Kind::scheduling, thread, scheduling, caller);
    return 0;
}
Scheduling scheduling_of(unsigned thread, std::uintptr_t caller) {
    return get(Kind::scheduling, thread, caller, Scheduling{});
}
int set_priority(unsigned thread, int priority, std::uintptr_t caller) {
    Scheduling scheduling = scheduling_of(thread, caller);
    scheduling.parameters.sched_priority = priority;
    return set_scheduling(thread, scheduling, caller);
}

int set_niceness(unsigned thread, int niceness, std::uintptr_t caller) {
    set(Kind::niceness, thread, std::clamp(niceness, -20, 19), caller);
    return 0;
}

int describe(unsigned thread, pthread_attr_t* attributes, std::uintptr_t caller) {
    if (thread != front_end->witness().thread())
        front_end->fail(
            engine::FailureKind::misuse, caller,
            "pthread_getattr_np() of another thread is not followed: where its stack is depends on when it begins");
    note_written(attributes, sizeof *attributes, caller);
    const Scheduling scheduling = scheduling_of(thread, caller);
    const OutsideProgram outside;
    const int status = pthread_attr_init(attributes);
    if (status != 0) return status;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): where a stack lies is a number
    auto* const begin = reinterpret_cast<void*>(self.stack_end - Threads::most_stack_bytes);
    pthread_attr_setstack(attributes, begin, Threads::most_stack_bytes);
    if (front_end->threads.is_detached(thread)) pthread_attr_setdetachstate(attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setschedpolicy(attributes, scheduling.policy);
    pthread_attr_setschedparam(attributes, &scheduling.parameters);
    return 0;
}

/// What is asked of a number of the kernel's. Returns: -1, with errno set, if there is no such thread.
template <class Ask>
int with_numbered(pid_t number, const Ask& ask) {
    const auto thread = numbered(number);
    return thread ? ask(*thread) : fail_with(ESRCH);
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_HOOK int pthread_setname_np(pthread_t handle, const char* name) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_setname_np)(handle, name);
    if (std::strlen(name) >= name_bytes) return ERANGE;
    set_name(named(handle, HEDDLE_CALLER), name, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int pthread_getname_np(pthread_t handle, char* name, std::size_t size) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_getname_np)(handle, name, size);
    if (size < name_bytes) return ERANGE;
    get_name(named(handle, HEDDLE_CALLER), name, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int heddle_prctl(int option, unsigned long first, unsigned long second, unsigned long third,
                             unsigned long fourth) noexcept __asm__("prctl");
HEDDLE_HOOK int heddle_prctl(int option, unsigned long first, unsigned long second, unsigned long third,
                             unsigned long fourth) noexcept {
    static const auto real =
        real_function<int(int, unsigned long, unsigned long, unsigned long, unsigned long)>("prctl");
    if (!self.in_program || (option != PR_SET_NAME && option != PR_GET_NAME))
        return real(option, first, second, third, fourth);
    auto* const name = reinterpret_cast<char*>(first);  // NOLINT(performance-no-int-to-ptr): as the kernel has it
    const unsigned thread = front_end->witness().thread();
    if (option == PR_SET_NAME) set_name(thread, std::string_view(name, strnlen(name, name_bytes - 1)), HEDDLE_CALLER);
    else get_name(thread, name, HEDDLE_CALLER);
    return 0;
}

HEDDLE_HOOK int pthread_setaffinity_np(pthread_t handle, std::size_t size, const cpu_set_t* processors) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_setaffinity_np)(handle, size, processors);
    return set_affinity(named(handle, HEDDLE_CALLER), size, processors, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_getaffinity_np(pthread_t handle, std::size_t size, cpu_set_t* processors) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_getaffinity_np)(handle, size, processors);
    return get_affinity(named(handle, HEDDLE_CALLER), size, processors, HEDDLE_CALLER);
}
HEDDLE_HOOK int sched_setaffinity(pid_t number, std::size_t size, const cpu_set_t* processors) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sched_setaffinity)(number, size, processors);
    const std::uintptr_t caller = HEDDLE_CALLER;
    return with_numbered(
        number, [&](unsigned thread) { return told_by_errno(set_affinity(thread, size, processors, caller)); });
}
HEDDLE_HOOK int sched_getaffinity(pid_t number, std::size_t size, cpu_set_t* processors) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sched_getaffinity)(number, size, processors);
    const std::uintptr_t caller = HEDDLE_CALLER;
    return with_numbered(number, [&](unsigned thread) { return get_affinity(thread, size, processors, caller); });
}

HEDDLE_HOOK int pthread_setschedparam(pthread_t handle, int policy, const sched_param* parameters) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_setschedparam)(handle, policy, parameters);
    return set_scheduling(named(handle, HEDDLE_CALLER), {policy, *parameters}, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_getschedparam(pthread_t handle, int* policy, sched_param* parameters) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_getschedparam)(handle, policy, parameters);
    const Scheduling scheduling = scheduling_of(named(handle, HEDDLE_CALLER), HEDDLE_CALLER);
    *policy = scheduling.policy;
    *parameters = scheduling.parameters;
    return 0;
}
HEDDLE_HOOK int pthread_setschedprio(pthread_t handle, int priority) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_setschedprio)(handle, priority);
    return set_priority(named(handle, HEDDLE_CALLER), priority, HEDDLE_CALLER);
}
HEDDLE_HOOK int sched_setscheduler(pid_t number, int policy, const sched_param* parameters) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sched_setscheduler)(number, policy, parameters);
    const std::uintptr_t caller = HEDDLE_CALLER;
    return with_numbered(number, [&](unsigned thread) {
        return told_by_errno(set_scheduling(thread, {policy, *parameters}, caller));
    });
}
HEDDLE_HOOK int sched_getscheduler(pid_t number) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sched_getscheduler)(number);
    const std::uintptr_t caller = HEDDLE_CALLER;
    return with_numbered(number, [&](unsigned thread) { return scheduling_of(thread, caller).policy; });
}
HEDDLE_HOOK int sched_setparam(pid_t number, const sched_param* parameters) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sched_setparam)(number, parameters);
    const std::uintptr_t caller = HEDDLE_CALLER;
    return with_numbered(number, [&](unsigned thread) {
        return told_by_errno(set_priority(thread, parameters->sched_priority, caller));
    });
}
HEDDLE_HOOK int sched_getparam(pid_t number, sched_param* parameters) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sched_getparam)(number, parameters);
    const std::uintptr_t caller = HEDDLE_CALLER;
    return with_numbered(number, [&](unsigned thread) {
        *parameters = scheduling_of(thread, caller).parameters;
        return 0;
    });
}
HEDDLE_HOOK int setpriority(__priority_which_t which, id_t who, int niceness) noexcept {
    if (!self.in_program || which != PRIO_PROCESS) return HEDDLE_REAL(setpriority)(which, who, niceness);
    const std::uintptr_t caller = HEDDLE_CALLER;
    return with_numbered(static_cast<pid_t>(who),
                         [&](unsigned thread) { return set_niceness(thread, niceness, caller); });
}
HEDDLE_HOOK int getpriority(__priority_which_t which, id_t who) noexcept {
    if (!self.in_program || which != PRIO_PROCESS) return HEDDLE_REAL(getpriority)(which, who);
    const std::uintptr_t caller = HEDDLE_CALLER;
    return with_numbered(static_cast<pid_t>(who),
                         [&](unsigned thread) { return get(Kind::niceness, thread, caller, 0); });
}
HEDDLE_HOOK int nice(int more) noexcept {
    if (!self.in_program) return HEDDLE_REAL(nice)(more);
    const unsigned thread = front_end->witness().thread();
    set_niceness(thread, get(Kind::niceness, thread, HEDDLE_CALLER, 0) + more, HEDDLE_CALLER);
    return get(Kind::niceness, thread, HEDDLE_CALLER, 0);
}

/// There is one clock (deadlines.hpp).
HEDDLE_HOOK int pthread_getcpuclockid(pthread_t handle, clockid_t* clock) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_getcpuclockid)(handle, clock);
    named(handle, HEDDLE_CALLER);
    *clock = CLOCK_THREAD_CPUTIME_ID;
    return 0;
}
HEDDLE_HOOK int pthread_getattr_np(pthread_t handle, pthread_attr_t* attributes) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_getattr_np)(handle, attributes);
    return describe(named(handle, HEDDLE_CALLER), attributes, HEDDLE_CALLER);
}

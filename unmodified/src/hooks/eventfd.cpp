#include "hooks/eventfd.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/errors.hpp"
#include "hooks/monitor.hpp"

namespace heddle::unmodified {

EventCounters event_counters;

namespace {

constexpr int first_descriptor = 1 << 20;  // more than the kernel gives
constexpr std::uint64_t most = ~std::uint64_t{0} - 1;

}  // namespace

void EventCounters::begin_run() {
    counters_ = {};
    made_ = {};
}

int EventCounters::create(std::uint64_t count, int flags) {
    const unsigned thread = front_end->witness().thread();
    const unsigned number = made_[thread];
    if (number == most_of_a_thread) return fail_with(EMFILE);
    ++made_[thread];
    front_end->loops.leaves_trace();
    counters_[thread][number] = {.count = count, .flags = flags, .is_open = true};
    return first_descriptor + static_cast<int>(thread * most_of_a_thread + number);
}

/// What a try to read depends on, as a number.
std::uint32_t EventCounters::has_any(const Counter& counter) { return counter.count != 0 ? 1 : 0; }

bool EventCounters::has(int descriptor) { return descriptor >= first_descriptor; }

EventCounters::Counter& EventCounters::open_one(int descriptor, std::uintptr_t caller) {
    const auto number = static_cast<unsigned>(descriptor - first_descriptor);
    const unsigned thread = number / most_of_a_thread;
    if (thread >= counters_.size() || !counters_[thread][number % most_of_a_thread].is_open)
        front_end->fail(engine::FailureKind::misuse, caller, "a file descriptor is used that is not open");
    return counters_[thread][number % most_of_a_thread];
}

long EventCounters::read(int descriptor, void* memory, std::size_t size, std::uintptr_t caller) {
    if (size < sizeof(std::uint64_t)) return fail_with(EINVAL);
    Counter& counter = open_one(descriptor, caller);
    const Monitor::InKernel kernels{&counter};
    const bool waits = (counter.flags & EFD_NONBLOCK) == 0;
    if (!waits && Monitor::look(kernels, has_any(counter), heddle_entered, caller) == 0) return fail_with(EAGAIN);
    Monitor monitor(kernels, caller);
    if (!waits && counter.count == 0) return fail_with(EAGAIN);
    monitor.wait_for([&] { return counter.count != 0; });
    const std::uint64_t taken = (counter.flags & EFD_SEMAPHORE) != 0 ? 1 : counter.count;
    const std::uint32_t before = has_any(counter);
    counter.count -= taken;
    monitor.tell(before, has_any(counter));
    monitor.notify_all();
    front_end->accesses.check<true>(reinterpret_cast<std::uintptr_t>(memory), sizeof taken, false, caller);
    std::memcpy(memory, &taken, sizeof taken);
    return sizeof taken;
}

long EventCounters::write(int descriptor, const void* memory, std::size_t size, std::uintptr_t caller) {
    std::uint64_t added = 0;
    if (size < sizeof added) return fail_with(EINVAL);
    front_end->accesses.check<false>(reinterpret_cast<std::uintptr_t>(memory), sizeof added, false, caller);
    std::memcpy(&added, memory, sizeof added);
    if (added > most) return fail_with(EINVAL);
    Counter& counter = open_one(descriptor, caller);
    Monitor monitor(Monitor::InKernel{&counter}, caller);
    const auto has_room = [&] { return most - counter.count >= added; };
    if ((counter.flags & EFD_NONBLOCK) != 0 && !has_room()) return fail_with(EAGAIN);
    monitor.wait_for(has_room);
    const std::uint32_t before = has_any(counter);
    counter.count += added;
    monitor.tell(before, has_any(counter));
    monitor.notify_all();
    return sizeof added;
}

int EventCounters::close(int descriptor, std::uintptr_t caller) {
    Counter& counter = open_one(descriptor, caller);
    const Monitor monitor(Monitor::InKernel{&counter}, caller);
    counter.is_open = false;
    return 0;
}

std::string EventCounters::name_of(std::uintptr_t address) const {
    const std::uintptr_t past = address - reinterpret_cast<std::uintptr_t>(&counters_);
    if (past >= sizeof counters_) return {};
    const std::size_t number = past / sizeof(Counter);
    return fmt::format("[event counter {} of thread {}]", number % most_of_a_thread + 1,
                       number_of(static_cast<unsigned>(number / most_of_a_thread)));
}

}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_HOOK int eventfd(unsigned count, int flags) noexcept {
    if (!self.in_program) return HEDDLE_REAL(eventfd)(count, flags);
    return event_counters.create(count, flags);
}
HEDDLE_ENTRY(read, heddle_read)
HEDDLE_BODY ssize_t heddle_read(int descriptor, void* memory, std::size_t size) {
    if (!self.in_program || !EventCounters::has(descriptor)) return HEDDLE_REAL(read)(descriptor, memory, size);
    return event_counters.read(descriptor, memory, size, HEDDLE_CALLER);
}
HEDDLE_HOOK ssize_t write(int descriptor, const void* memory, std::size_t size) {
    if (!self.in_program || !EventCounters::has(descriptor)) return HEDDLE_REAL(write)(descriptor, memory, size);
    return event_counters.write(descriptor, memory, size, HEDDLE_CALLER);
}
HEDDLE_HOOK int close(int descriptor) {
    if (!self.in_program || !EventCounters::has(descriptor)) return HEDDLE_REAL(close)(descriptor);
    return event_counters.close(descriptor, HEDDLE_CALLER);
}
HEDDLE_ENTRY(eventfd_read, heddle_eventfd_read)
HEDDLE_BODY int heddle_eventfd_read(int descriptor, eventfd_t* value) {
    if (!self.in_program || !EventCounters::has(descriptor)) return HEDDLE_REAL(eventfd_read)(descriptor, value);
    return event_counters.read(descriptor, value, sizeof *value, HEDDLE_CALLER) == sizeof *value ? 0 : -1;
}
HEDDLE_HOOK int eventfd_write(int descriptor, eventfd_t value) {
    if (!self.in_program || !EventCounters::has(descriptor)) return HEDDLE_REAL(eventfd_write)(descriptor, value);
    return event_counters.write(descriptor, &value, sizeof value, HEDDLE_CALLER) == sizeof value ? 0 : -1;
}

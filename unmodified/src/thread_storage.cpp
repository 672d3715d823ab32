#include "thread_storage.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <heddle/engine/thread_pointer.hpp>

#include "real.hpp"

namespace heddle::unmodified {

constinit thread_local ThreadState self;
constinit thread_local Frames heddle_entered;

namespace {

/// What a thread tells of itself before it goes to sleep for ever.
struct Lender {
    std::uintptr_t pointer = 0;
    ThreadState* state = nullptr;
    int* error = nullptr;
    std::atomic<bool> is_ready{false};

    static void* lend(void* self_pointer) {
        auto& lender = *static_cast<Lender*>(self_pointer);
        lender.pointer = engine::own_thread_pointer();
        lender.state = &self;
        lender.error = &errno;
        lender.is_ready.store(true, std::memory_order_release);  // synchronizes-with the acquire in open()
        for (;;) pause();
    }
};

[[noreturn]] void refuse(const char* why) {
    std::fprintf(stderr, "heddle: cannot run unmodified code here: %s\n", why);
    std::abort();
}

}  // namespace

void ThreadStorage::open(const Modules& modules) {
    static const auto create = real_function<decltype(pthread_create)>("pthread_create");
    for (unsigned thread = 0; thread != pointers_.size(); ++thread) {
        Lender lender;
        pthread_t made{};
        if (create(&made, nullptr, &Lender::lend, &lender) != 0) refuse("no thread can be started");
        // Acquire: synchronizes-with the release in lend(), so that what it tells is there.
        while (!lender.is_ready.load(std::memory_order_acquire)) usleep(10);
        pointers_[thread] = lender.pointer;
        states_[thread] = lender.state;
        errors_[thread] = lender.error;
        renew(thread, modules);
    }
}

void ThreadStorage::renew(unsigned thread, const Modules& modules) const {
    for (const ThreadLocal& memory : modules.thread_local_memory()) {
        auto* const begin = reinterpret_cast<std::byte*>(of(thread, memory).begin);
        std::memcpy(begin, memory.image, memory.image_size);
        std::memset(begin + memory.image_size, 0, memory.size - memory.image_size);
    }
    *errors_[thread] = 0;
    ThreadState& state = *states_[thread];
    state.in_program = false;
    state.is_watched = false;
    state.tells_all = false;
    state.shares_stack = false;
    state.mine = cell::of(thread, 0);
    state.stack_end = 0;
    state.iteration = {};
    state.spin = {};
    state.tight_spin = {};
    state.recurrence = {};
    state.polls = {};
    state.next_poll = 0;
    state.unlocked_at = 0;
    state.extra_turns = {};
    state.done = 0;
    state.time_outs = {};
    state.turns_compared = 0;
    state.private_accesses = 0;
    state.reads_in_vain = 0;
    state.latest_atomics = {};
    state.argument = nullptr;
    state.traces = 0;
    state.drawn = 0;
    state.clock_looks = 0;
    state.all_clock_looks = 0;
    state.programs_clock_looks = 0;
    state.failed_try_at = 0;
    state.failed_tries = 0;
    state.has_stepped = false;
    state.waits_for = nullptr;
    state.waits_with = nullptr;
    state.librarys_guard = nullptr;
    state.result = nullptr;
    state.at_end_count = 0;
    state.specific = {};
    state.calls.clear();
}

}  // namespace heddle::unmodified

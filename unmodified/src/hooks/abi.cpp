// What compilers call besides: statics of functions, destructors, asserts, the ends of programs.
#include <cxxabi.h>
#include <dlfcn.h>
#include <pthread.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include <fmt/format.h>

#include "front_end.hpp"
#include "real.hpp"

namespace heddle::unmodified {
namespace {

using engine::OperationKind;

/// Stands for the lock that a guard or a once has while its function runs: an object beside its first byte.
engine::Object* lock_beside(const void* memory, std::uintptr_t caller) {
    return front_end->objects.at(reinterpret_cast<std::uintptr_t>(memory) + 1, engine::ObjectKind::mutex, 4, 0, caller);
}

template <class T>
T load(const void* memory, std::memory_order order, std::uintptr_t caller) {
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    engine::Operation operation{.kind = OperationKind::load, .order = order};
    operation.object = front_end->atomic_at(operation, address, sizeof(T), caller);
    return static_cast<T>(front_end->perform(operation, caller).value);
}

template <class T>
void store(void* memory, T value, std::uintptr_t caller) {
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    engine::Operation operation{.kind = OperationKind::store, .order = std::memory_order_release, .value = value};
    operation.object = front_end->atomic_at(operation, address, sizeof(T), caller);
    front_end->perform(operation, caller);
    front_end->write_through(address, *operation.object);
}

class Locked {
  public:
    Locked(const void* memory, std::uintptr_t caller) : object_(lock_beside(memory, caller)), caller_(caller) {
        front_end->perform({.kind = OperationKind::lock, .object = object_}, caller_);
    }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;
    ~Locked() { front_end->perform({.kind = OperationKind::unlock, .object = object_}, caller_); }

  private:
    engine::Object* object_;
    std::uintptr_t caller_;
};

/// As std::call_once: who comes while the function runs waits, and what throws has not run.
int once(pthread_once_t* flag, void (*function)(), std::uintptr_t caller) {
    // What a library makes once for itself stays when the execution ends: it is made ahead of all executions, so to speak.
    if (front_end->modules.is_unseen_memory(reinterpret_cast<std::uintptr_t>(flag))) {
        const OutsideProgram outside;
        return HEDDLE_REAL(pthread_once)(flag, function);
    }
    constexpr std::uint32_t done = 2;  // as the C library has it: a flag may be older than the first execution
    if (load<std::uint32_t>(flag, std::memory_order_acquire, caller) == done) return 0;
    const Locked locked(flag, caller);
    // Relaxed: the lock orders it.
    if (load<std::uint32_t>(flag, std::memory_order_relaxed, caller) == done) return 0;
    function();
    store<std::uint32_t>(flag, done, caller);
    return 0;
}

/// What a library makes in a static of a function of its own is as what it makes once.
void leave_program_for(const std::uint64_t* guard) {
    if (!self.in_program) return;
    self.in_program = false;
    self.librarys_guard = guard;
}
void return_to_program_from(const std::uint64_t* guard) {
    if (self.librarys_guard != guard) return;
    self.librarys_guard = nullptr;
    self.in_program = true;
}

[[noreturn]] void end_of_program(engine::FailureKind kind, std::uintptr_t caller, const std::string& message) {
    if (self.in_program) front_end->fail(kind, caller, message);
    std::fprintf(stderr, "%s\n", message.c_str());
    _Exit(EXIT_FAILURE);
}

[[noreturn]] void terminate() {
    end_of_program(
        engine::FailureKind::exception, HEDDLE_CALLER,
        "std::terminate was called: an exception was not caught, or a thread was neither joined nor detached");
}

__attribute__((constructor)) void set_terminate() { std::set_terminate(&terminate); }

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the names of the ABI and the C library

HEDDLE_HOOK int heddle_guard_acquire(std::uint64_t* guard) __asm__("__cxa_guard_acquire");
HEDDLE_HOOK int heddle_guard_acquire(std::uint64_t* guard) {
    auto* const done = reinterpret_cast<std::uint8_t*>(guard);
    const bool is_librarys =
        front_end != nullptr && front_end->modules.is_unseen_memory(reinterpret_cast<std::uintptr_t>(guard));
    if (is_librarys && *done == 0) leave_program_for(guard);
    if (!self.in_program || is_librarys) return *done == 0;
    front_end->perform({.kind = OperationKind::lock, .object = lock_beside(guard, HEDDLE_CALLER)}, HEDDLE_CALLER);
    // Relaxed: the lock orders it.
    if (load<std::uint8_t>(done, std::memory_order_relaxed, HEDDLE_CALLER) == 0) return 1;
    front_end->perform({.kind = OperationKind::unlock, .object = lock_beside(guard, HEDDLE_CALLER)}, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK void heddle_guard_release(std::uint64_t* guard) __asm__("__cxa_guard_release");
HEDDLE_HOOK void heddle_guard_release(std::uint64_t* guard) {
    auto* const done = reinterpret_cast<std::uint8_t*>(guard);
    if (!self.in_program) {
        *done = 1;
        return_to_program_from(guard);
        return;
    }
    store<std::uint8_t>(done, 1, HEDDLE_CALLER);
    front_end->perform({.kind = OperationKind::unlock, .object = lock_beside(guard, HEDDLE_CALLER)}, HEDDLE_CALLER);
}
HEDDLE_HOOK void heddle_guard_abort(std::uint64_t* guard) __asm__("__cxa_guard_abort");
HEDDLE_HOOK void heddle_guard_abort(std::uint64_t* guard) {
    if (!self.in_program) {
        return_to_program_from(guard);
        return;
    }
    front_end->perform({.kind = OperationKind::unlock, .object = lock_beside(guard, HEDDLE_CALLER)}, HEDDLE_CALLER);
}

HEDDLE_HOOK int pthread_once(pthread_once_t* flag, void (*function)()) {
    if (!self.in_program) return HEDDLE_REAL(pthread_once)(flag, function);
    return once(flag, function, HEDDLE_CALLER);
}
HEDDLE_ALIAS(call_once, pthread_once)

HEDDLE_HOOK int heddle_thread_atexit(void (*function)(void*), void* object,
                                     void* module) __asm__("__cxa_thread_atexit");
HEDDLE_HOOK int heddle_thread_atexit(void (*function)(void*), void* object, void* module) {
    static const auto real = real_function<int(void (*)(void*), void*, void*)>("__cxa_thread_atexit");
    if (!self.in_program) return real(function, object, module);
    front_end->threads.at_thread_end({function, object}, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int heddle_atexit(void (*function)(void*), void* object, void* module) __asm__("__cxa_atexit");
HEDDLE_HOOK int heddle_atexit(void (*function)(void*), void* object, void* module) {
    static const auto real = real_function<int(void (*)(void*), void*, void*)>("__cxa_atexit");
    if (self.in_program) {
        front_end->threads.at_program_end({function, object});
        return 0;
    }
    // The streams are not the program's.
    static const auto end_of_streams =
        reinterpret_cast<void (*)(void*)>(dlsym(RTLD_DEFAULT, "_ZNSt8ios_base4InitD1Ev"));
    if (front_end != nullptr && front_end->modules.is_seen(HEDDLE_CALLER) && function != end_of_streams)
        front_end->threads.at_end_of_each_program({function, object});
    return real(function, object, module);
}

HEDDLE_HOOK void __assert_fail(const char* expression, const char* file, unsigned line, const char*) noexcept {
    end_of_program(heddle::engine::FailureKind::assertion, HEDDLE_CALLER,
                   fmt::format("assert({}) is false, {}:{}", expression,
                               std::string_view(file).substr(std::string_view(file).rfind('/') + 1), line));
}
HEDDLE_HOOK void abort() noexcept {
    end_of_program(heddle::engine::FailureKind::assertion, HEDDLE_CALLER, "abort() was called");
}

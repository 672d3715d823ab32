#include "hooks/thread_attributes.hpp"

#include <utility>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

ThreadAttributes thread_attributes;

namespace {

constexpr std::size_t index_of(ThreadAttributes::Kind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

void ThreadAttributes::begin_run() {
    first_ = {};
    own_ = {};
    private_ = {};
    for (std::vector<std::string>& values : values_) values.clear();
}

void ThreadAttributes::inherit(unsigned thread) {
    const unsigned running = front_end->witness().thread();
    own_[thread] = first_[thread] = own_[running];
    private_[thread].blocked = private_[running].blocked;
}

ThreadAttributes::Private& ThreadAttributes::of_running(bool changes) {
    if (changes) front_end->loops.leaves_trace();
    return private_[front_end->witness().thread()];
}

engine::Object* ThreadAttributes::object_of(Kind kind, unsigned thread, std::uintptr_t caller) const {
    const std::uint64_t& first = first_[thread][index_of(kind)];
    return front_end->objects.at(reinterpret_cast<std::uintptr_t>(&first), engine::ObjectKind::atomic, sizeof first,
                                 first, caller);
}

// Relaxed: the kernel promises no order.
void ThreadAttributes::set(Kind kind, unsigned thread, std::string bytes, std::uintptr_t caller) {
    const OutsideProgram outside;
    const unsigned running = front_end->witness().thread();
    values_[running].push_back(std::move(bytes));
    const std::uint64_t number = (values_[running].size() - 1) * threads + running + 1;
    if (thread == running) own_[running][index_of(kind)] = number;
    front_end->perform({.kind = engine::OperationKind::store,
                        .object = object_of(kind, thread, caller),
                        .order = std::memory_order_relaxed,
                        .value = number},
                       caller);
}

std::optional<std::string> ThreadAttributes::get(Kind kind, unsigned thread, std::uintptr_t caller) {
    const OutsideProgram outside;
    const std::uint64_t number = front_end
                                     ->perform({.kind = engine::OperationKind::load,
                                                .object = object_of(kind, thread, caller),
                                                .order = std::memory_order_relaxed},
                                               caller)
                                     .value;
    if (number == 0) return std::nullopt;
    return values_[(number - 1) % threads][(number - 1) / threads];
}

std::string ThreadAttributes::name_of(std::uintptr_t address) const {
    constexpr std::array<const char*, kinds> names{"name", "processors", "scheduling", "niceness"};
    const std::uintptr_t past = address - reinterpret_cast<std::uintptr_t>(&first_);
    if (past >= sizeof first_) return {};
    const std::size_t number = past / sizeof(std::uint64_t);
    return fmt::format("[the {} of thread {}]", names[number % kinds],
                       number_of(static_cast<unsigned>(number / kinds)));
}

}  // namespace heddle::unmodified

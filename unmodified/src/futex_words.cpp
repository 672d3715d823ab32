#include "futex_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

using engine::OperationKind;

constexpr std::uint8_t word_size = 4;
constexpr std::uint8_t whole_size = 8;

}  // namespace

/// A word of the program, and the calls that lead to what the kernel is asked to do there: the memory may be another thing in
/// another execution.
std::uint64_t FutexWords::known_by(std::uintptr_t word, std::uintptr_t caller) {
    return mixed(Sites::number(caller, self.calls), word);
}

/// Where the atomic of eight bytes begins that a word is a half of; 0 if there is none. In another execution of the same steps,
/// the thread may come here before the program has shown that there is one.
std::uintptr_t FutexWords::whole_of(std::uintptr_t word, std::uintptr_t caller) {
    for (const std::uintptr_t begin : {word, word - word_size})
        if (front_end_.objects.is_atomic_at(begin, whole_size)) return learnt_[known_by(word, caller)] = begin;
    if (learnt_.empty()) return 0;
    const auto found = learnt_.find(known_by(word, caller));
    return found == learnt_.end() ? 0 : found->second;
}

/// An atomic of four bytes.
engine::Object* FutexWords::own_at(const engine::Operation& operation, std::uintptr_t word, std::uintptr_t caller) {
    const bool is_new = !front_end_.objects.is_at(word);
    is_looking_ = true;
    engine::Object* const object = front_end_.atomic_at(operation, word, word_size, caller);
    is_looking_ = false;
    if (is_new) ones_.push_back({object, known_by(word, caller)});
    return object;
}

engine::Object* FutexWords::half_of(const engine::Object& whole, std::uintptr_t begin, std::uintptr_t word,
                                    std::uintptr_t caller) {
    return front_end_.objects.part_of(whole, begin, static_cast<std::uint8_t>(word - begin), word_size, caller);
}

void FutexWords::aim(engine::Operation& wait, std::uintptr_t word, std::uintptr_t caller) {
    const OutsideProgram outside;
    const std::uintptr_t begin = whole_of(word, caller);
    if (begin == 0) {
        wait.object = own_at(wait, word, caller);
        return;
    }
    wait.object = front_end_.atomic_at(wait, begin, whole_size, caller);
    wait.part_begin = static_cast<std::uint8_t>(word - begin);
    wait.part = half_of(*wait.object, begin, word, caller);
}

std::uint32_t FutexWords::value_of(std::uintptr_t word, std::uintptr_t caller) {
    const OutsideProgram outside;
    engine::Operation operation{.kind = OperationKind::load};
    const std::uintptr_t begin = whole_of(word, caller);
    operation.object =
        begin == 0 ? own_at(operation, word, caller) : front_end_.atomic_at(operation, begin, whole_size, caller);
    const std::uint64_t value = front_end_.perform(operation, caller).value;
    return static_cast<std::uint32_t>(begin == 0 ? value : value >> (8 * (word - begin)));
}

/// What a wake is a step on: of those that the thread was at of late, or that are there now.
engine::Object* FutexWords::woken_at(std::uintptr_t word, std::uintptr_t caller) {
    constexpr engine::Operation wake{.kind = OperationKind::wake};
    for (const std::uintptr_t begin : {word, word - word_size}) {
        engine::Object* const latest = self.latest_atomics.at(begin);
        if (latest != nullptr && latest->size == whole_size) return half_of(*latest, begin, word, caller);
        if (begin == word && latest != nullptr) return latest;
        if (front_end_.objects.is_at(word)) break;
    }
    const std::uintptr_t begin = whole_of(word, caller);
    if (begin == 0) return own_at(wake, word, caller);
    return half_of(*front_end_.atomic_at(wake, begin, whole_size, caller), begin, word, caller);
}

std::uint64_t FutexWords::wake(std::uintptr_t word, std::uint64_t waiters, std::uintptr_t caller) {
    const OutsideProgram outside;
    engine::Object* const object = woken_at(word, caller);
    front_end_.loops.before_step();
    object->alive = true;  // to the engine
    const auto result = front_end_.run().perform(
        {.kind = OperationKind::wake, .object = object, .value = waiters, .site = front_end_.site(caller)});
    object->alive = front_end_.objects.is_at(word, object);
    front_end_.note_events();
    return result.value;
}

const FutexWords::One* FutexWords::find(const engine::Object& object) const {
    const auto found = std::find_if(ones_.begin(), ones_.end(), [&](const One& one) { return one.object == &object; });
    return found == ones_.end() ? nullptr : &*found;
}

void FutexWords::learn(Bytes access, Bytes there, const engine::Object& object) {
    const One* const one = find(object);
    const bool is_half = there.size == word_size && (there.begin & ~std::uintptr_t{word_size}) == access.begin;
    if (one == nullptr || access.size != whole_size || !is_half) return;
    if (learnt_.try_emplace(one->known_by, access.begin).second) front_end_.run().restart();
}

std::string FutexWords::overlap(Bytes access, Bytes there, const engine::Object& object) const {
    const bool is_futex_there = find(object) != nullptr;
    const Bytes one = is_futex_there ? there : access;
    const Bytes other = is_futex_there ? access : there;
    const std::string where = other.begin == one.begin  ? "begin there"
                              : other.begin < one.begin ? fmt::format("begin {} bytes before", one.begin - other.begin)
                                                        : fmt::format("begin {} bytes after", other.begin - one.begin);
    const std::string here = front_end_.names.in_full(one.begin);
    const std::string others =
        fmt::format("have {}, at {}, and {}", other.size, front_end_.names.in_full(other.begin), where);
    if (is_futex_there || is_looking_)
        return fmt::format(
            "a futex compares {} bytes, at {}, which are neither an atomic nor half of one: atomic accesses there {}",
            one.size, here, others);
    return fmt::format("atomic accesses of different sizes overlap: one has {} bytes, at {}; others {}", one.size, here,
                       others);
}

}  // namespace heddle::unmodified

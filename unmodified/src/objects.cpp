#include "objects.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

constexpr std::uint64_t largest_shown_as_number = 999'999;  // what is above is more often an address or a set of bits

std::string show(std::uint64_t bits, const engine::Addresses& addresses) {
    if (bits <= largest_shown_as_number) return std::to_string(bits);
    if (!front_end->witness().owns(reinterpret_cast<const void*>(bits))) return fmt::format("{:#x}", bits);
    const std::string block = front_end->heap.name_of(bits);
    return block.empty() ? addresses.name_of(bits) : "&" + block;
}

}  // namespace

engine::Object* Objects::at(std::uintptr_t address, engine::ObjectKind kind, std::uint8_t size, std::uint64_t initial,
                            std::uintptr_t caller) {
    Known& known = known_[address];
    if (known.run != run_) {
        known.run = run_;
        known.object = nullptr;
        known.generation = 0;
    }
    if (known.object != nullptr && known.kind == kind && known.size == size) return known.object;
    const OutsideProgram outside;
    if (known.object != nullptr) {
        const bool has_other_size = known.kind == kind;
        if (has_other_size) front_end_.futex_words.learn({address, size}, {address, known.size}, *known.object);
        if (has_other_size && front_end_.witness().user_of(*known.object, true))
            front_end_.fail_overlap(address, size, address, caller);
        end(address, engine::FailureKind::misuse, caller);
    }
    if (known.ids.size() <= known.generation) known.ids.push_back(new_id());
    known.kind = kind;
    known.size = size;
    known.object =
        front_end_.witness().adopt(known.ids[known.generation], kind, size, front_end_.names.for_report(address), &show,
                                   initial, front_end_.site(caller));
    return known.object;
}

engine::Object* Objects::part_of(const engine::Object& atomic, std::uintptr_t address, std::uint8_t begin,
                                 std::uint8_t size, std::uintptr_t caller) {
    for (const Part& part : parts_)
        if (part.atomic == &atomic && part.begin == begin) return part.object;
    const OutsideProgram outside;
    const auto [id, is_new] = ids_of_parts_.try_emplace({id_of(atomic, address), begin});
    if (is_new) id->second = new_id();
    const char* const name =
        front_end_.names.for_report(address, begin == 0 ? "the lower half of " : "the upper half of ");
    engine::Object* const object = front_end_.witness().adopt(id->second, engine::ObjectKind::atomic, size, name, &show,
                                                              0, front_end_.site(caller));
    parts_.push_back({&atomic, begin, object});
    return object;
}

/// What the engine knows the object by that is at the address, or was in this run.
std::uint32_t Objects::id_of(const engine::Object& object, std::uintptr_t address) const {
    const Known* const known = find(address);
    if (known != nullptr && known->object == &object) return known->ids[known->generation];
    return ended(object).id;
}

Objects::Known* Objects::find(std::uintptr_t address) const {
    Known* const found = known_.find(address);
    return found != nullptr && found->run == run_ && found->object != nullptr ? found : nullptr;
}

engine::Object* Objects::around(std::uintptr_t address, std::uintptr_t& begin) const {
    constexpr std::uintptr_t largest = 8;
    for (begin = address; address - begin < largest; --begin)
        if (const Known* const found = find(begin)) return found->object;
    return nullptr;
}

/// Whoever holds the mutex and goes on will use memory after its end when he lets it go: that is told then.
void Objects::check_is_free(const Known& mutex, std::uintptr_t caller) const {
    const auto holder = front_end_.witness().holder_of(*mutex.object);
    if (holder && (*holder == front_end_.witness().thread() || front_end_.threads.is_joined(*holder)))
        front_end_.fail(engine::FailureKind::misuse, caller, "the memory of a mutex is given back while it is locked");
}

void Objects::end(std::uintptr_t address, engine::FailureKind kind, std::uintptr_t caller) {
    Known* const known = find(address);
    if (known == nullptr) return;
    const auto does =
        kind == engine::FailureKind::use_after_free ? engine::OperationKind::destroy : engine::OperationKind::write;
    if (const auto other = front_end_.witness().user_of(*known->object, true))
        front_end_.fail_between({.kind = kind, .object = known->object, .here = {.kind = does}, .other = *other},
                                address, caller);
    if (known->kind == engine::ObjectKind::mutex && does == engine::OperationKind::destroy)
        check_is_free(*known, caller);
    front_end_.witness().disown(*known->object);
    ended_.push_back({known->object, kind, known->ids[known->generation]});
    known->object = nullptr;
    ++known->generation;
    Cell* const written = shadow.written(address);
    for (std::size_t byte = 0; byte != known->size; ++byte) written[byte] &= static_cast<Cell>(~cell::atomic_here);
}

const Objects::Ended& Objects::ended(const engine::Object& object) const {
    return *std::find_if(ended_.rbegin(), ended_.rend(), [&](const Ended& one) { return one.object == &object; });
}

}  // namespace heddle::unmodified

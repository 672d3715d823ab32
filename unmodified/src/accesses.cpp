#include "accesses.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

constinit Shadow shadow;

namespace {

/// What memory holds that nobody has written: not the same at every address, so that a value is hardly ever equal to it.
std::uint64_t pattern_at(std::uintptr_t word) {
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;
    return (word | 1U) * golden;
}

std::byte pattern_byte(std::uintptr_t address) {
    constexpr std::uintptr_t in_word = sizeof(std::uint64_t) - 1;
    return static_cast<std::byte>(pattern_at(address & ~in_word) >> (8 * (address & in_word)));
}

void fill_with_pattern(std::uintptr_t address, std::size_t size) {
    auto* const bytes = reinterpret_cast<std::byte*>(address);
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= size; at += sizeof(std::uint64_t)) {
        const std::uint64_t word = pattern_at(address + at);  // what is allocated is aligned
        std::memcpy(bytes + at, &word, sizeof word);
    }
    for (; at != size; ++at) bytes[at] = pattern_byte(address + at);
}

constexpr engine::OperationKind access_of(bool writes) {
    return writes ? engine::OperationKind::write : engine::OperationKind::read;
}

}  // namespace

void Accesses::begin_run() {
    readers_count_ = 0;
    noted_.clear();
    atomic_ = nullptr;
    shadow.begin_run();
}

bool Accesses::is_known(Cell access) const {
    const unsigned thread = cell::thread_of(access);
    return thread == cell::thread_of(self.mine) || self.known[thread] > cell::events_of(access);
}

bool Accesses::has_changed(std::uintptr_t address) const {
    shadow.renew(address, 1);
    if ((*shadow.written(address) & cell::atomic_here) == 0) return !is_known(*shadow.written(address));
    std::uintptr_t begin = 0;
    const engine::Object* const object = front_end_.objects.around(address, begin);
    return object != nullptr && front_end_.witness().user_of(*object, false).has_value();
}

bool Accesses::is_own(std::uintptr_t address) const {
    const unsigned thread = cell::thread_of(self.mine);
    const Cell written = *shadow.written(address);
    const Cell read = *shadow.read(address);
    if ((written & cell::atomic_here) != 0 || cell::thread_of(written) == thread) return true;
    return (read & cell::many) != 0 ? readers_[read & ~cell::many].of[thread] != 0 : cell::thread_of(read) == thread;
}

/// Whether all bytes were last written together and read together, by who is known, and are nothing but plain memory.
bool Accesses::is_uniform_and_known(std::uintptr_t address, std::size_t size, bool writes) const {
    const Cell special = cell::atomic_here | cell::freed | (writes ? 0 : cell::unwritten);
    const Cell* const written = shadow.written(address);
    const Cell* const read = shadow.read(address);
    if (size > 8 || (*written & special) != 0 || (*read & cell::many) != 0) return false;
    const unsigned same = Shadow::equal(Shadow::eight(written), *written) & Shadow::equal(Shadow::eight(read), *read);
    const unsigned all = Shadow::mask(size);
    return (same & all) == all && is_known(*written) && (*read == 0 || is_known(*read));
}

void Accesses::check_slowly(std::uintptr_t address, std::size_t size, bool writes, bool typed, std::uintptr_t caller) {
    const OutsideProgram outside;
    if (front_end_.wake_ups.is_trial()) return front_end_.wake_ups.before_access(address, size, writes);
    front_end_.threads.note_access(address, caller);
    const bool is_repeated = !writes && *shadow.read(address) == self.mine;
    if (is_repeated && ++self.reads_in_vain == most_reads_in_vain) wait_for_plain_memory(caller);
    if (self.is_watched) {
        if (writes) front_end_.loops.before_write(address, size);
        if (!is_repeated) note(access_of(writes), address, size, caller);
    }
    if (is_uniform_and_known(address, size, writes)) {
        std::fill_n(shadow.read(address), size, writes ? Cell{0} : self.mine);
        if (writes) std::fill_n(shadow.written(address), size, self.mine);
        return;
    }
    if (!writes && typed) check_initialised(address, size, caller);
    for (std::size_t byte = 0; byte != size; ++byte) check_byte(address + byte, writes, caller);
}

void Accesses::note(engine::OperationKind kind, std::uintptr_t address, std::size_t size, std::uintptr_t caller) {
    if (front_end_.witness().is_recording())
        noted_.push_back({self.mine, kind, address, size, front_end_.site(caller)});
}

/// Another thread must go on, and will be found to race. If none does, and somebody waits for the end of this thread, it goes on
/// for as long as one that takes no steps may.
void Accesses::wait_for_plain_memory(std::uintptr_t caller) {
    const OutsideProgram outside;
    front_end_.goes_on_last("very many reads of plain memory", front_end_.site(caller));
}

void Accesses::check_byte(std::uintptr_t address, bool writes, std::uintptr_t caller) {
    Cell& written = *shadow.written(address);
    Cell& read = *shadow.read(address);
    if ((written & cell::atomic_here) != 0) meet_object(address, writes, caller);
    if (written != self.mine) check_written(written, address, writes, engine::FailureKind::data_race, caller);
    if (writes) {
        if (read != 0) check_read(read, address, engine::FailureKind::data_race, caller);
        written = self.mine;
        read = 0;
    } else if (read != self.mine) {
        read = with_reader(read);
    }
}

/// The latest write must happen before what the running thread does.
void Accesses::check_written(Cell written, std::uintptr_t address, bool writes, engine::FailureKind kind,
                             std::uintptr_t caller) {
    const bool is_frame_again = Threads::is_on_own_stack(address);  // of another call than that which has ended
    if ((written & cell::freed) != 0 && !is_frame_again)
        fail_between(engine::FailureKind::use_after_free, access_of(writes), written, true, address, caller);
    if (!is_known(written)) race(kind, written, true, address, writes, caller);
}

/// The reads since then, too.
void Accesses::check_read(Cell read, std::uintptr_t address, engine::FailureKind kind, std::uintptr_t caller) {
    if ((read & cell::many) == 0) {
        if (read != 0 && !is_known(read)) race(kind, read, false, address, true, caller);
        return;
    }
    for (const Cell one : readers_[read & ~cell::many].of)
        if (one != 0 && !is_known(one)) race(kind, one, false, address, true, caller);
}

Cell Accesses::with_reader(Cell read) {
    if (read == 0 || ((read & cell::many) == 0 && is_known(read))) return self.mine;
    if ((read & cell::many) == 0) {
        if (readers_count_ == readers_.size()) readers_.emplace_back();
        Readers& fresh = readers_[readers_count_++];
        fresh = {};
        fresh.of[cell::thread_of(read)] = read;
        read = static_cast<Cell>(cell::many | (readers_count_ - 1));
    }
    readers_[read & ~cell::many].of[cell::thread_of(self.mine)] = self.mine;
    return read;
}

/// A plain access to the memory of an atomic: what was written there must happen before it, and a write ends the atomic.
void Accesses::meet_object(std::uintptr_t address, bool writes, std::uintptr_t caller) {
    std::uintptr_t begin = 0;
    engine::Object* const object = front_end_.objects.around(address, begin);
    if (object == nullptr) return;
    if (const auto other = front_end_.witness().user_of(*object, false))
        front_end_.fail_between({.kind = engine::FailureKind::data_race,
                                 .object = object,
                                 .here = {.kind = access_of(writes)},
                                 .other = *other},
                                address, caller);
    if (writes) front_end_.objects.end(begin, engine::FailureKind::data_race, caller);
}

/// What still holds the pattern of memory that nobody has written has not been written by code without hooks either. Single
/// bytes are equal to it too often.
void Accesses::check_initialised(std::uintptr_t address, std::size_t size, std::uintptr_t caller) {
    constexpr std::size_t smallest = 4;
    if (size < smallest) return;
    for (std::size_t byte = 0; byte != size; ++byte) {
        if ((*shadow.written(address + byte) & cell::unwritten) == 0) return;
        if (*reinterpret_cast<const std::byte*>(address + byte) != pattern_byte(address + byte)) return;
    }
    front_end_.fail(engine::FailureKind::uninitialised_read, caller,
                    fmt::format("{} is read, and nobody has written it", front_end_.names.in_full(address)));
}

void Accesses::check_atomic(const engine::Operation& operation, std::uintptr_t address, std::size_t size,
                            std::uintptr_t caller) {
    shadow.renew(address, size);
    const Cell* const written = shadow.written(address);
    const Cell* const read = shadow.read(address);
    const unsigned all = Shadow::mask(size);
    const bool usual =
        (Shadow::equal(Shadow::eight(written), *written) & Shadow::equal(Shadow::eight(read), 0) & all) == all;
    if (usual && (*written & cell::freed) == 0 && is_known(*written)) return;
    const OutsideProgram outside;
    const bool writes = operation.kind == engine::OperationKind::store || engine::is_read_modify_write(operation.kind);
    atomic_ = &operation;
    for (std::size_t byte = 0; byte != size; ++byte) {
        check_written(written[byte], address + byte, writes, engine::FailureKind::data_race, caller);
        if (writes) check_read(read[byte], address + byte, engine::FailureKind::data_race, caller);
    }
    atomic_ = nullptr;
}

void Accesses::allocated(std::uintptr_t address, std::size_t size, bool initialised, std::uintptr_t caller) {
    if (size == 0) return;
    note(engine::OperationKind::construct, address, size, caller);
    shadow.renew(address, size);
    if (!initialised) fill_with_pattern(address, size);
    std::fill_n(shadow.written(address), size, static_cast<Cell>(self.mine | (initialised ? 0 : cell::unwritten)));
    std::fill_n(shadow.read(address), size, Cell{0});
}

void Accesses::freed(std::uintptr_t address, std::size_t size, std::uintptr_t caller) {
    if (size == 0) return;
    shadow.renew(address, size);
    if (const Cell first = *shadow.written(address); (first & cell::freed) != 0)
        fail_between(engine::FailureKind::double_free, engine::OperationKind::destroy, first, true, address, caller);
    for (std::size_t byte = 0; byte != size; ++byte) {
        while (size - byte >= Shadow::at_once && shadow.is_plain_of(address + byte, self.mine)) byte += Shadow::at_once;
        if (byte == size) break;
        end_byte(address + byte, caller);
    }
    std::fill_n(shadow.written(address), size, static_cast<Cell>(cell::freed | self.mine));
    std::fill_n(shadow.read(address), size, Cell{0});
    note(engine::OperationKind::destroy, address, size, caller);
}

/// Nobody may still use the byte.
void Accesses::end_byte(std::uintptr_t address, std::uintptr_t caller) {
    const Cell written = *shadow.written(address);
    const Cell read = *shadow.read(address);
    if ((written & cell::atomic_here) != 0)
        front_end_.objects.end(address, engine::FailureKind::use_after_free, caller);
    if (!is_known(written)) race(engine::FailureKind::use_after_free, written, true, address, true, caller);
    if (read != 0) check_read(read, address, engine::FailureKind::use_after_free, caller);
}

void Accesses::enter_frame(const Calls::Call& call) {
    if (call.frame_top - call.frame > most_frame_bytes) return;
    shadow.renew(call.frame, call.frame_top - call.frame);
    for (std::uintptr_t address = call.frame; address < call.frame_top; address += Shadow::at_once)
        shadow.take_again(address, self.mine);
}

void Accesses::leave_frame(const Calls::Call& call, std::uintptr_t caller) {
    if (call.frame_top - call.frame > most_frame_bytes) return;
    shadow.renew(call.frame, call.frame_top - call.frame);
    for (std::uintptr_t address = call.frame; address < call.frame_top; address += Shadow::at_once) {
        if (!shadow.is_plain_of(address, self.mine)) end_bytes(address, Shadow::at_once, caller);
        shadow.fill(address, cell::freed | self.mine);
    }
}

/// Of those bytes, nobody may still use those that others have used.
void Accesses::end_bytes(std::uintptr_t address, std::size_t size, std::uintptr_t caller) {
    const OutsideProgram outside;
    for (std::size_t byte = 0; byte != size; ++byte) {
        if ((*shadow.written(address + byte) & cell::freed) == 0) end_byte(address + byte, caller);
    }
}

void Accesses::check_end(std::uintptr_t address, std::size_t size, std::uintptr_t caller) {
    if (front_end_.wake_ups.is_trial()) return;
    shadow.renew(address, size);
    end_bytes(address, size, caller);
}

std::optional<engine::MemoryAccess> Accesses::known_access(Cell access, bool wrote, std::uintptr_t address) const {
    const auto is_it = [&](const Noted& noted) {
        return noted.cell == (access & cell::access) && (noted.kind != engine::OperationKind::read) == wrote &&
               address - noted.address < noted.size;
    };
    const auto found = std::find_if(noted_.rbegin(), noted_.rend(), is_it);
    if (found == noted_.rend()) return std::nullopt;
    return engine::MemoryAccess{cell::thread_of(access), cell::events_of(access), found->kind, found->site};
}

void Accesses::fail_between(engine::FailureKind kind, engine::OperationKind does, Cell other, bool other_wrote,
                            std::uintptr_t address, std::uintptr_t caller) {
    front_end_.fail_between({.kind = kind,
                             .here = atomic_ != nullptr ? *atomic_ : engine::Operation{.kind = does},
                             .other = cell::thread_of(other),
                             .access = known_access(other, other_wrote, address)},
                            address, caller);
}

void Accesses::race(engine::FailureKind kind, Cell other, bool other_wrote, std::uintptr_t address, bool writes,
                    std::uintptr_t caller) {
    const bool frees = kind == engine::FailureKind::use_after_free;
    if (!frees && front_end_.known_of(caller).is_of_locale_cache) return;
    fail_between(kind, frees ? engine::OperationKind::destroy : access_of(writes), other, other_wrote, address, caller);
}

}  // namespace heddle::unmodified

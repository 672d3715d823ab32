#include "memory_names.hpp"

#include "front_end.hpp"
#include "hooks/eventfd.hpp"
#include "hooks/futex_queue.hpp"
#include "hooks/thread_attributes.hpp"

namespace heddle::unmodified {

std::string MemoryNames::in_full(std::uintptr_t address) {
    const OutsideProgram outside;  // as in FrontEnd::known_of()
    std::string block = front_end_.heap.name_in_full(address);
    return block.empty() ? of(address) : block;
}

std::string MemoryNames::of(std::uintptr_t address) {
    const OutsideProgram outside;
    if (std::string block = front_end_.heap.name_of(address); !block.empty()) return block;
    if (std::string waiters = atomic_waits_.name_of(address); !waiters.empty()) return waiters;
    if (std::string shared = LibraryState::name_of(address); !shared.empty()) return shared;
    if (std::string symbol = front_end_.sites.places().symbol_of(address); !symbol.empty()) return symbol;
    if (std::string local = front_end_.threads.name_of_local(address); !local.empty()) return local;
    if (std::string futex = futex_queue.name_of(address); !futex.empty()) return futex;
    if (std::string counter = event_counters.name_of(address); !counter.empty()) return counter;
    if (std::string attribute = thread_attributes.name_of(address); !attribute.empty()) return attribute;
    return "memory that nothing is known of";
}

void MemoryNames::begin_run() {
    kept_.clear();
    atomic_waits_.begin_run();
}

void MemoryNames::note_atomic(std::uintptr_t address, std::size_t size, std::uintptr_t caller) {
    if (front_end_.witness().is_recording()) atomic_waits_.note_access(address, size, caller);
}

const char* MemoryNames::for_report(std::uintptr_t address, std::string_view before) {
    if (!front_end_.witness().is_recording()) return nullptr;
    return kept_.emplace_back(before).append(of(address)).c_str();
}

}  // namespace heddle::unmodified

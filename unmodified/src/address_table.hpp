// From addresses to what is known of them: a flat hash table that only grows, so that what it holds stays where it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace heddle::unmodified {

template <class T>
class AddressTable {
  public:
    /// Returns: null if nothing is known of the address.
    T* find(std::uintptr_t address) const {
        if (slots_.empty()) return nullptr;
        const Slot& found = slots_[slot_of(address)];
        return found.value.get();
    }
    /// What is known of the address; a new T, if nothing was. Requires: the address is not 0.
    T& operator[](std::uintptr_t address) {
        if (T* const found = find(address)) return *found;
        if (2 * ++count_ > slots_.size()) grow();
        Slot& fresh = slots_[slot_of(address)];
        fresh.address = address;
        fresh.value = std::make_unique<T>();
        return *fresh.value;
    }

  private:
    struct Slot {
        std::uintptr_t address = 0;
        std::unique_ptr<T> value;
    };

    /// Where the address is, or would be.
    std::size_t slot_of(std::uintptr_t address) const {
        constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;  // spreads neighbouring addresses
        std::size_t at = (address * golden) >> 32U & (slots_.size() - 1);
        while (slots_[at].address != 0 && slots_[at].address != address) at = (at + 1) & (slots_.size() - 1);
        return at;
    }
    void grow() {
        constexpr std::size_t smallest = 1024;
        std::vector<Slot> before(slots_.empty() ? smallest : 2 * slots_.size());
        slots_.swap(before);
        for (Slot& slot : before)
            if (slot.address != 0) slots_[slot_of(slot.address)] = std::move(slot);
    }

    std::vector<Slot> slots_;
    std::size_t count_ = 0;
};

}  // namespace heddle::unmodified

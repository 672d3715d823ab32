#include "atomic_waits.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

std::optional<std::size_t> AtomicWaits::word_at(std::uintptr_t address) const {
    constexpr std::string_view pool = "std::__detail::__waiter_pool_base::_S_for(void const*)::__w";
    const auto symbol = front_end_.sites.places().symbol_at(address);
    if (!symbol || symbol->name != pool) return std::nullopt;
    return symbol->past / (symbol->size / words_of_pool);
}

std::string AtomicWaits::name_of(Word& word) {
    std::string atomics;
    for (const std::uintptr_t atomic : word.atomics)
        atomics += (atomics.empty() ? "" : ", ") + front_end_.names.of(atomic);
    std::string name = fmt::format("waiters({})", atomics.empty() ? "std::atomic" : atomics);
    if (std::exchange(word.explained, name) != name)
        front_end_.witness().explain(name, fmt::format("where the standard library lets threads sleep that wait on {}",
                                                       atomics.empty() ? "an atomic" : atomics));
    return name;
}

std::string AtomicWaits::name_of(std::uintptr_t address) {
    const auto number = word_at(address);
    if (!number) return {};
    Word& word = words_[*number];
    word.address = address;
    // Whoever notifies has changed the atomic before, and does not look at it.
    const std::uintptr_t latest = self.latest_atomics.address();
    if (word.atomics.empty() && word_of(latest) == *number && !word_at(latest)) {
        word.atomics.push_back(latest);
        word.is_guessed = true;
    }
    return name_of(word);
}

void AtomicWaits::note_access(std::uintptr_t address, std::size_t size, std::uintptr_t caller) {
    const bool is_futex = size == sizeof(std::uint32_t);  // and waited on where it is
    if (is_futex || !front_end_.known_of(caller).is_of_atomic_wait) return;
    Word& word = words_[word_of(address)];
    if (std::exchange(word.is_guessed, false)) word.atomics.clear();
    if (std::find(word.atomics.begin(), word.atomics.end(), address) != word.atomics.end()) return;
    word.atomics.push_back(address);
    std::uintptr_t begin = 0;
    if (word.address == 0) return;
    if (engine::Object* const object = front_end_.objects.around(word.address, begin))
        object->name = front_end_.names.for_report(word.address);
}

}  // namespace heddle::unmodified

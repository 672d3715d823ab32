#include "footprint.hpp"

#include <algorithm>
#include <cstring>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {
constexpr std::size_t most_searched = 64;  // an iteration with more writes hardly puts all of them back
}

void Footprint::begin(const Frames& frames) {
    frames_ = frames;
    entered_ = self.calls.entered();
    written_.clear();
    const auto* const begin = reinterpret_cast<const std::byte*>(frames.begin);
    stack_.assign(begin, begin + (self.stack_end - frames.begin));
    is_left_ = false;
}

void Footprint::before_write(std::uintptr_t address, std::size_t size) {
    // The frames are compared as a whole. What is below was of none when the iteration began, and is of none when it ends.
    if (Threads::is_on_own_stack(address)) return;
    const bool is_noted = written_.size() < most_searched &&
                          std::any_of(written_.begin(), written_.end(),
                                      [&](const Before& one) { return one.address == address && one.size >= size; });
    if (is_noted) return;  // what counts is what was there at first
    Before before{address, static_cast<std::uint8_t>(size), {}};
    if (size > before.bytes.size()) {
        is_left_ = true;
        return;
    }
    std::memcpy(before.bytes.data(), reinterpret_cast<const void*>(address), size);
    written_.push_back(before);
}

/// What functions have on the stack that began in the iteration is made of what is above: where they have put nothing yet,
/// there is what others, hooks too, have left behind.
std::size_t Footprint::bytes_of_new_frames(const Frames& frames) const {
    const std::uintptr_t bytes = self.calls.top_of_first_after(entered_) - frames.begin;
    return bytes <= stack_.size() ? bytes : 0;
}

bool Footprint::is_left(const Frames& frames) const {
    if (frames.begin != frames_.begin || frames.registers != frames_.registers) return true;
    const std::size_t fresh = bytes_of_new_frames(frames);
    const auto* const older = reinterpret_cast<const std::byte*>(frames.begin + fresh);
    if (std::memcmp(older, stack_.data() + fresh, stack_.size() - fresh) != 0) return true;
    return has_changed_memory();
}

bool Footprint::has_changed_memory() const {
    return is_left_ || std::any_of(written_.begin(), written_.end(), [](const Before& one) {
               return std::memcmp(reinterpret_cast<const void*>(one.address), one.bytes.data(), one.size) != 0;
           });
}

Footprint& Footprints::of_running() { return by_thread_[front_end_.witness().thread()]; }

}  // namespace heddle::unmodified

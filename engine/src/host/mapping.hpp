// Address space that is expensive to get.
#pragma once

#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <utility>

namespace heddle::engine {

/// So much address space; pages are taken when they are used. What one exploration gives back, the next one in the same
/// OS thread gets: a mapping of its own would take a small program longer than to be explored.
template <std::size_t bytes>
class Mapping {
  public:
    /// None yet.
    Mapping() = default;
    Mapping(Mapping&& other) noexcept : begin_(std::exchange(other.begin_, nullptr)) {}
    Mapping& operator=(Mapping&& other) noexcept {
        std::swap(begin_, other.begin_);
        return *this;
    }
    ~Mapping() {
        if (begin_ != nullptr) spares_.give(begin_);
    }

    /// Returns: its first byte; null if nobody has asked for it.
    std::byte* peek() const { return begin_; }

    /// Returns: its first byte; null if there is no address space left.
    std::byte* get() {
        if (begin_ == nullptr) begin_ = spares_.take();
        return begin_;
    }

    bool holds(const void* memory) const noexcept {
        return begin_ != nullptr && static_cast<std::size_t>(static_cast<const std::byte*>(memory) - begin_) < bytes;
    }

  private:
    /// Of one OS thread. Not destroyed: what owns mappings may be destroyed after all else of its thread.
    class Spares {
      public:
        void give(std::byte* begin) {
            if (count_ == room_) munmap(begin, bytes);
            else spares_[count_++] = begin;
        }
        std::byte* take() {
            static thread_local const CloseAtThreadExit closes(*this);
            if (count_ != 0) return spares_[--count_];
            void* const fresh =
                mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            return fresh == MAP_FAILED ? nullptr : static_cast<std::byte*>(fresh);
        }

      private:
        struct CloseAtThreadExit {
            explicit CloseAtThreadExit(Spares& spares) : spares_(spares) {}
            ~CloseAtThreadExit() {
                spares_.room_ = 0;
                while (spares_.count_ != 0) munmap(spares_.spares_[--spares_.count_], bytes);
            }
            Spares& spares_;
        };

        std::array<std::byte*, 17> spares_{};  // as many as a program has threads
        std::size_t count_ = 0;
        std::size_t room_ = spares_.size();
    };

    inline static constinit thread_local Spares spares_;
    std::byte* begin_ = nullptr;
};

}  // namespace heddle::engine

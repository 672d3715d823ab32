// The exceptions in flight belong to the OS thread; each fiber takes its own along across a switch.
#pragma once

#include <cxxabi.h>

#include <cstddef>
#include <cstring>

namespace heddle::engine {

/// Saves the calling fiber's exceptions, and brings them back when it goes on at the end of the scope.
class ExceptionsOfThisFiber {
  public:
    /// Those of an OS thread: to find it takes longer than to save what it has.
    using OfThread = abi::__cxa_eh_globals*;
    static OfThread of_this_thread() { return abi::__cxa_get_globals(); }

    explicit ExceptionsOfThisFiber(OfThread globals = of_this_thread()) : globals_(globals) {
        std::memcpy(saved_, globals_, sizeof saved_);
    }
    ExceptionsOfThisFiber(const ExceptionsOfThisFiber&) = delete;
    ExceptionsOfThisFiber& operator=(const ExceptionsOfThisFiber&) = delete;
    ~ExceptionsOfThisFiber() { std::memcpy(globals_, saved_, sizeof saved_); }

    /// A fiber that starts has none.
    static void clear(OfThread globals = of_this_thread()) { std::memset(static_cast<void*>(globals), 0, size_bytes); }

  private:
    static constexpr std::size_t size_bytes = 16;  // Itanium C++ ABI: a pointer and a counter
    void* globals_;                                // a fiber stays on its OS thread
    alignas(void*) unsigned char saved_[size_bytes];
};

}  // namespace heddle::engine

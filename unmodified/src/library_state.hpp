// What the C library and libstdc++ keep for a program outside of its memory: every execution begins with what it was when
// exploring began.
#pragma once

#include <stdlib.h>

#include <exception>
#include <locale>
#include <memory_resource>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "modules.hpp"
#include "static_results.hpp"

namespace heddle::unmodified {

class LibraryState {
  public:
    /// Notes what it is now. Requires: called once, before the program's memory is noted.
    void take();
    /// Puts back what an execution has changed.
    void restore();

    /// The program has changed the locale, of the C library or of libstdc++.
    void locale_changes() { locale_is_changed_ = true; }
    /// Where the environment's texts are found from.
    static Range environment();
    /// How a report calls what is accessed for the program there; empty if it is none of this.
    static std::string name_of(std::uintptr_t address);

  private:
    // The C library may free an array that it has made itself when that grows: what executions begin with is another one, and
    // is there until the process ends.
    std::vector<char*> environment_;  ///< as it was
    char** array_ = nullptr;          ///< as executions change it
    drand48_data numbers_of_48_bits_{};
    StaticResults static_results_;
    std::pmr::memory_resource* default_resource_ = nullptr;
    std::string c_locale_;
    std::optional<std::locale> locale_;
    bool locale_is_changed_ = false;
    std::new_handler new_handler_ = nullptr;
    std::terminate_handler terminate_handler_ = nullptr;
};

}  // namespace heddle::unmodified

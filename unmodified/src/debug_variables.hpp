// The variables of functions, by where they are in their frames.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>

#include "calls.hpp"

namespace heddle::unmodified {

/// The variable of a function that is at an address, in the frame of a call of it, with the path to the member that is there;
/// empty if there is none.
std::string variable_of(Dwarf_Die& function, const Calls::Call& call, std::uintptr_t address);

}  // namespace heddle::unmodified

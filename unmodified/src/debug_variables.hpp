// The variables of functions, by where they are in their frames.
#pragma once

#include <elfutils/libdw.h>

#include <cstddef>
#include <string>

namespace heddle::unmodified {

/// The variable of a function that is at a distance from the top of the frame, with the path to the member that is
/// there; empty if there is none.
std::string variable_of(Dwarf_Die& function, std::ptrdiff_t from_frame);

}  // namespace heddle::unmodified

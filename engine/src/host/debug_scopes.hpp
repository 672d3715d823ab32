// The functions, blocks and inlined calls of one unit of debugging information, by the addresses of their code.
#pragma once

#include <elfutils/libdw.h>

#include <vector>

namespace heddle::engine {

/// A number that an attribute holds; 0 if there is none.
Dwarf_Word number_in(Dwarf_Die* die, unsigned attribute);

class Scopes {
  public:
    /// Reads the unit through: libdw's own search does not find what is written inside of another function, as a lambda.
    explicit Scopes(const Dwarf_Die& unit);

    /// Those that the code at an address is in, from the innermost block or inlined call to the function.
    std::vector<Dwarf_Die> at(Dwarf_Addr code) const;

  private:
    void add_functions_in(Dwarf_Die scope);

    std::vector<Dwarf_Die> functions_;
};

}  // namespace heddle::engine

// What the debug information of the modules of this process says of addresses in their code.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "debug_scopes.hpp"

namespace heddle::engine {

/// Reads of each module and unit what it is asked for, when it is asked: a large program has a hundred times more.
class DebugReader {
  public:
    DebugReader();
    DebugReader(const DebugReader&) = delete;
    DebugReader& operator=(const DebugReader&) = delete;
    ~DebugReader();

    /// One of the functions that have a piece of code: the one that it was written in, or one that this was inlined into.
    struct Level {
        std::string file;  ///< empty: not known
        std::uint32_t line = 0;
        std::optional<Dwarf_Die> function;
    };
    /// A module's code, and how much higher it was loaded than its debug information says.
    struct Code {
        Dwfl_Module* module = nullptr;
        Dwarf_Addr bias = 0;
        std::vector<Level> levels;  ///< the innermost first; never empty
    };
    /// Nothing for what is in no module.
    std::optional<Code> at(std::uintptr_t code);

    /// The function that has the code, not one that was inlined there.
    std::optional<Dwarf_Die> function_at(std::uintptr_t code);

    Dwfl_Module* module_of(std::uintptr_t address) { return dwfl_addrmodule(session_, address); }

  private:
    const Scopes& scopes_in(const Dwarf_Die& unit);

    Dwfl* session_;
    std::unordered_map<const void*, std::unique_ptr<Scopes>> scopes_;  ///< by the unit
};

}  // namespace heddle::engine

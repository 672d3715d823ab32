// Places in the source of addresses in the code, as the debugging information tells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calls.hpp"

namespace heddle::unmodified {

struct Place {
    std::string file;  ///< empty: not known
    std::uint32_t line = 0;
    std::string function;
    bool may_loop = true;  ///< the function, or what of it was inlined there: false if its code does not jump back

    /// Whether it is in the compiler's, the C library's or a package's headers.
    bool is_in_library() const;
};

/// Reads the debugging information of the modules of this process, when it is first asked.
class Places {
  public:
    Places();
    Places(const Places&) = delete;
    Places& operator=(const Places&) = delete;
    ~Places();

    /// Where the instruction before `return_address` is: the innermost function first, then those that it was inlined into.
    const std::vector<Place>& of(std::uintptr_t return_address);

    /// What a function calls the memory at an address, in the frame of a call of it, with the path to a member of it; empty if that
    /// is not known.
    std::string local_of(const Calls::Call& call, std::uintptr_t address);

    struct Symbol {
        std::string name;
        std::size_t size = 0;
        std::size_t past = 0;  ///< from its beginning to the address
    };
    /// The symbol of data that has the address; nothing if there is none.
    std::optional<Symbol> symbol_at(std::uintptr_t address);
    /// The same, as text; empty if there is none.
    std::string symbol_of(std::uintptr_t address);
    /// The thread_local variable at an offset into those of the module that has the address, as text; empty if there is none.
    std::string thread_local_of(std::uintptr_t in_module, std::size_t offset);

  private:
    struct Reader;
    Reader& reader();

    std::unique_ptr<Reader> reader_;
};

}  // namespace heddle::unmodified

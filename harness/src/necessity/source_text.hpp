// Operations that stand in source files, found in their text: what no check came by is known to nobody else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/engine/operation_site.hpp>

namespace heddle::harness {

/// A memory order, or a wake, and the statement that it is in.
struct SourceOperation {
    std::string file;  ///< as it was found
    std::uint32_t line = 0;
    std::uint32_t first_line = 0;  ///< of the statement
    std::uint32_t last_line = 0;
    std::string word;  ///< "acquire", "wake_all"

    /// Whether `site`, which is in the same file, may be this.
    bool may_be(const engine::OperationSite& site) const;
};

/// Returns: the file's text; nothing if it cannot be read.
std::optional<std::string> read_source(const std::string& path);

/// Returns: every memory order that is an argument, and every wake, of a C++ text, outside of comments.
std::vector<SourceOperation> operations_in(std::string_view text, const std::string& file);

/// Returns: the C++ files below a directory, or the file that it is. Errors: std::runtime_error if there are none.
std::vector<std::string> sources_below(const std::string& path);

}  // namespace heddle::harness

// What heddle says when it is wrong itself.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <heddle/engine/site.hpp>

namespace heddle::engine {

/// Prints "heddle: internal error at FILE:LINE: WHAT" and aborts. For what no program under check can bring about; what one
/// can is a failure, and has a FailureKind. Allocates nothing: it may be called on any fiber.
[[noreturn, gnu::cold]] inline void internal_error(std::string_view what, Site where = Site::current()) noexcept {
    std::fprintf(stderr, "heddle: internal error at %s:%u: %.*s\n", where.file_name(), where.line(),
                 static_cast<int>(what.size()), what.data());
    std::abort();
}

}  // namespace heddle::engine

// How calls of the C library fail that tell of it by errno.
#pragma once

#include <cerrno>

namespace heddle::unmodified {

/// Returns: -1, with errno set.
inline int fail_with(int error) {
    errno = error;
    return -1;
}

/// The same of what returns an error: 0, if there is none.
inline int told_by_errno(int error) { return error == 0 ? 0 : fail_with(error); }

}  // namespace heddle::unmodified

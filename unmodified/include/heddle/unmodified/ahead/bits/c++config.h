// Found ahead of libstdc++'s own, which it is made of, in code that is explored. Until C++17 a program takes the functions of
// std::string from the library's compiled part, which has no hooks: here it gets functions of its own, as it does in C++20.
// No guard: the library's header has one.
#include_next <bits/c++config.h>
#undef _GLIBCXX_EXTERN_TEMPLATE
// NOLINTNEXTLINE(bugprone-reserved-identifier): the library's own name
#define _GLIBCXX_EXTERN_TEMPLATE -1  // as the header has it for std::string that checks its arguments
// A std::shared_ptr looks at both of its counts at once, in one atomic of twice their size, unless a sanitizer is there. It does
// not where a program hides that (-U__SANITIZE_THREAD__), to have its libraries as they ship.
#undef _GLIBCXX_TSAN
#define _GLIBCXX_TSAN 1  // NOLINT(bugprone-reserved-identifier): as above

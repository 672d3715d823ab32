// Found ahead of libstdc++'s own, which it is made of, in code that is explored. Until C++17 a program takes the functions of
// std::string from the library's compiled part, which has no hooks: here it gets functions of its own, as it does in C++20.
// No guard: the library's header has one.
#include_next <bits/c++config.h>
#undef _GLIBCXX_EXTERN_TEMPLATE
// NOLINTNEXTLINE(bugprone-reserved-identifier): the library's own name
#define _GLIBCXX_EXTERN_TEMPLATE -1  // as the header has it for std::string that checks its arguments

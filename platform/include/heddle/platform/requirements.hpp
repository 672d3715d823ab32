// What heddle asks of a compiler, said before anything that would fail for want of it.
//
// ```cpp
// static_assert(__cplusplus >= 202002L);  // whoever included it, before anything else, knows
// ```
#pragma once

#if __cplusplus < 202002L
#    error "heddle needs C++20: compile with -std=c++20 or later"
#endif
#ifndef __cpp_exceptions
#    error "heddle reports errors by exceptions: compile without -fno-exceptions"
#endif

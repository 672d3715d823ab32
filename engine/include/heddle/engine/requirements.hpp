// What an engine asks of a compiler, said before anything that would fail for want of it. Engines know no other room, so
// this is not the platform's header of that name.
//
// ```cpp
// static_assert(__cplusplus >= 202002L);  // whoever included it, before anything else, knows
// ```
#pragma once

#if __cplusplus < 202002L
#    error "heddle needs C++20: compile with -std=c++20 or later"
#endif

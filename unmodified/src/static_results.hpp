// What functions of the C library give back in memory of their own, which the next call changes: a whole program shares it.
#pragma once

#include <array>
#include <ctime>

namespace heddle::unmodified {

struct StaticResults {
    std::tm time{};               ///< of localtime() and gmtime()
    std::array<char, 26> text{};  ///< of asctime() and ctime(), as long as POSIX says
    char* position = nullptr;     ///< of strtok(), in the text that it takes apart
};

extern StaticResults static_results;

}  // namespace heddle::unmodified

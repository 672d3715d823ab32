// What the example programs share: loops that only sleep, and the lines that they print.
#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>

namespace two_loops {

/// How long each loop takes, in seconds; where three run, the third is a second short one.
inline constexpr std::array<double, 2> pair_of_loops{4, 2};
inline constexpr std::array<double, 3> three_loops{4, 2, 2};

/// The first argument scales the seconds; 1 without one.
inline double scale_from(int argc, char** argv) {
    if (argc < 2) return 1.0;
    char* end = nullptr;
    const double scale = std::strtod(argv[1], &end);
    if (*end == '\0' && end != argv[1] && scale >= 0.0) return scale;
    std::fprintf(stderr, "usage: %s [SCALE], where SCALE multiplies the seconds; it is '%s'\n", argv[0], argv[1]);
    std::exit(2);
}

/// Date and time of day, as `%y-%m-%d %H:%M:%S`.
inline std::string date_and_time() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    localtime_r(&now, &parts);
    char text[sizeof "yy-mm-dd HH:MM:SS"];
    std::strftime(text, sizeof text, "%y-%m-%d %H:%M:%S", &parts);
    return text;
}

/// Sleeps for `seconds`, and says so. Returns: `seconds`.
inline double loop(int number, double seconds) {
    std::printf("start loop %d at: %s\n", number, date_and_time().c_str());
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    std::printf("loop %d done at: %s\n", number, date_and_time().c_str());
    return seconds;
}

inline void starting() { std::printf("starting at: %s\n", date_and_time().c_str()); }
inline void all_done() { std::printf("all DONE at: %s\n", date_and_time().c_str()); }

}  // namespace two_loops

// What the example programs share: two loops that only sleep, and the lines that they print.
#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <thread>

namespace two_loops {

/// How long each loop takes, in seconds.
inline constexpr std::array<double, 2> loops{4, 2};

/// The first argument scales the seconds; 1 without one.
inline double scale_from(int argc, char** argv) {
    if (argc < 2) return 1.0;
    char* end = nullptr;
    const double scale = std::strtod(argv[1], &end);
    if (*end == '\0' && end != argv[1] && scale >= 0.0) return scale;
    std::fprintf(stderr, "usage: %s [SCALE], where SCALE multiplies the seconds; it is '%s'\n", argv[0], argv[1]);
    std::exit(2);
}

inline std::string time_of_day() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    localtime_r(&now, &parts);
    char text[sizeof "HH:MM:SS"];
    std::strftime(text, sizeof text, "%H:%M:%S", &parts);
    return text;
}

/// Sleeps for `seconds`, and says so.
inline void loop(int number, double seconds) {
    std::printf("start loop %d at: %s\n", number, time_of_day().c_str());
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    std::printf("loop %d done at: %s\n", number, time_of_day().c_str());
}

inline void starting() { std::printf("starting at: %s\n", time_of_day().c_str()); }
inline void all_done() { std::printf("all DONE at: %s\n", time_of_day().c_str()); }

}  // namespace two_loops

#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace heddle::unmodified {

Options options;

namespace {

constexpr std::string_view spin_flag = "--spin";
constexpr unsigned most_spins = 100;  // a round is a few events, of which a thread has 250

unsigned count_in(std::string_view text) {
    unsigned count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size() || count == 0 || count > most_spins)
        throw std::invalid_argument(
            fmt::format("{} takes a number from 1 to {}, not '{}'", spin_flag, most_spins, text));
    return count;
}

}  // namespace

void Options::take(int& argc, char** argv) {
    int kept = 1;
    for (int at = 1; at < argc; ++at) {
        const std::string_view argument = argv[at];
        if (argument == "--strict-library") strict_library = true;
        else if (argument == "--no-time-outs") time_outs = false;
        else if (argument == "--no-weak-failures") weak_failures = false;
        else if (argument == spin_flag) spin = count_in(++at < argc ? argv[at] : "");
        else if (argument.starts_with(spin_flag) && argument[spin_flag.size()] == '=')
            spin = count_in(argument.substr(spin_flag.size() + 1));
        else argv[kept++] = argv[at];
    }
    argc = kept;
    argv[argc] = nullptr;
}

const char* Options::help() {
    return "Of ordinary C++:\n"
           "  --strict-library            std::atomic::wait, latch, barrier and semaphore keep the orders that they "
           "name\n"
           "  --no-time-outs              no wait ends with its time: it may hide that nobody wakes the thread\n"
           "  --no-weak-failures          a weak compare-exchange fails only where a strong one does\n"
           "  --spin N                    iterations that are explored of a loop that spins without a yield and leaves "
           "a trace\n";
}

std::string Options::bounds() const {
    return fmt::format(
        "waits of the standard library {}, {}, loops that spin without a yield and leave a trace <= {} iterations, "
        "turns in vain of loops that leave only a count once and to the end",
        strict_library ? "as it has them" : "seq_cst", time_outs ? "time-outs <= 2 at one place" : "no time-outs",
        spin);
}

}  // namespace heddle::unmodified

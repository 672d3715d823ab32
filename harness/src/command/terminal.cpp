#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace heddle::harness {

namespace {

bool is_set(const char* variable) {
    const char* const value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

bool is_dumb() {
    const char* const kind = std::getenv("TERM");
    return kind == nullptr || std::string_view(kind) == "dumb";
}

struct Colour {
    std::string_view begins;  // the line
    std::string_view code;
};

int why_lost = EIO;  // what errno was when standard output first failed

void note_loss() {
    static const int first = errno;
    why_lost = first;
}

constexpr std::array<Colour, 3> colours{{{"FAILED ", "31;1"}, {"FAIL ", "31;1"}, {"ok ", "32"}}};

}  // namespace

Terminal::Terminal()
    : can_erase_(isatty(STDOUT_FILENO) == 1 && !is_dumb()), has_colours_(can_erase_ && !is_set("NO_COLOR")) {}

std::size_t Terminal::width() const {
    constexpr std::size_t usual = 80;
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : usual;
}

std::string Terminal::painted(const std::string& lines) const {
    if (!has_colours_) return lines;
    std::string text;
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size() - 1) + 1;
        std::string_view line(lines.data() + at, end - at);
        for (const auto& [begins, code] : colours) {
            if (!line.starts_with(begins)) continue;
            const std::string_view word = begins.substr(0, begins.size() - 1);
            text += fmt::format("\033[{}m{}\033[0m", code, word);
            line.remove_prefix(word.size());
            break;
        }
        text += line;
        at = end;
    }
    return text;
}

void print(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_loss();
}

void flush_output() {
    if (std::fflush(stdout) != 0) note_loss();
}

void check_output() {
    flush_output();
    if (std::ferror(stdout) == 0) return;
    throw std::runtime_error(fmt::format("standard output cannot be written: {}", std::strerror(why_lost)));
}

}  // namespace heddle::harness

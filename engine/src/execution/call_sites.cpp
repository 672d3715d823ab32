#include "call_sites.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <map>
#include <string>

#include <unwind.h>

#include "host/debug_reader.hpp"
#include "host/watch.hpp"
#include "words.hpp"

namespace heddle::engine {

namespace {

/// A line of a file as debug information names it.
struct Line {
    std::string path;
    std::uint32_t number = 0;
};

constexpr std::size_t most_calls = 256;  // of a recursion that does not end; people read the first few

/// The lines of code by where calls of it return to.
class Lines {
  public:
    static Lines& of_this_process() {
        static Lines lines;
        return lines;
    }

    /// The call that returns to `address`, and those around it that are inlined there.
    const std::vector<Line>& at(std::uintptr_t address) {
        const auto [known, is_new] = known_.try_emplace(address);
        if (is_new) look_up(address - 1, known->second);
        return known->second;
    }

  private:
    void look_up(std::uintptr_t code, std::vector<Line>& lines) {
        const auto found = reader_.at(code);
        if (!found) return;
        for (const auto& level : found->levels)
            if (!level.file.empty() && level.line != 0)
                lines.push_back({std::filesystem::path(level.file).lexically_normal().string(), level.line});
    }

    DebugReader reader_;
    std::map<std::uintptr_t, std::vector<Line>> known_;
};

/// Standard library and system: their lines say what was called, and not why.
bool is_of_library(const std::string& path) {
    constexpr std::array<std::string_view, 3> folders{"/usr/include/", "/usr/lib/", "/usr/local/include/"};
    return path.find("/include/c++/") != std::string::npos ||
           std::any_of(folders.begin(), folders.end(), [&](auto folder) { return path.starts_with(folder); });
}

/// The front end's headers: they are no part of the program.
bool is_of_checker(const std::string& path) {
    constexpr std::array<std::string_view, 3> headers{"/heddle/engine/", "/heddle/harness/", "/heddle/checker/"};
    return std::any_of(headers.begin(), headers.end(),
                       [&](std::string_view part) { return path.find(part) != std::string::npos; });
}

/// The engines themselves, which calls lead to.
bool is_of_engine(const std::string& path) { return path.find("engine/src/") != std::string::npos; }

/// Where the engines call the program. By their ends: debug information has the same folder by several paths.
bool is_caller_of_program(const Line& line) {
    constexpr std::array<std::string_view, 3> files{"/src/exhaustive/program/exhaustive_run.cpp",
                                                    "/src/relacy/relacy_run.inl", "execution/guarded.hpp"};
    return std::any_of(files.begin(), files.end(), [&](std::string_view file) { return line.path.ends_with(file); });
}

/// What debug information knows of the calls, without the front end's.
std::vector<Line> lines_of(const Calls& calls) {
    std::vector<Line> lines;
    for (const std::uintptr_t call : calls)
        for (const Line& line : Lines::of_this_process().at(call))
            if (!is_of_checker(line.path)) lines.push_back(line);
    return lines;
}

}  // namespace

void learn_call_sites() { Lines::of_this_process().at(reinterpret_cast<std::uintptr_t>(&learn_call_sites) + 1); }

[[gnu::noinline]] Calls current_calls() {
    Calls calls;
    const auto add = [](_Unwind_Context* context, void* found) {
        Calls& all = *static_cast<Calls*>(found);
        all.push_back(_Unwind_GetIP(context));
        return all.size() == most_calls ? _URC_END_OF_STACK : _URC_NO_REASON;
    };
    Watch::reads([&] { _Unwind_Backtrace(add, &calls); });
    return calls;
}

CallSites call_sites(const Site& site, const Calls& calls) {
    CallSites sites{place_of(site), {}};
    const std::vector<Line> lines = lines_of(calls);
    const auto is_there = [&](const Line& line) { return place_of(line.path, line.number) == sites.place; };
    const auto is_near = [&](const Line& line) { return place_of(line.path, line.number).file == sites.place.file; };
    auto from = std::find_if(lines.begin(), lines.end(), is_there);
    if (from == lines.end()) from = std::find_if(lines.begin(), lines.end(), is_near);  // of a call in several lines
    if (from == lines.end() && is_of_checker(site.file_name()))  // nobody has passed on where the program is
        from = std::find_if(lines.begin(), lines.end(),
                            [](const Line& line) { return !is_of_engine(line.path) && !is_of_library(line.path); });
    auto end = std::find_if(from, lines.end(), is_caller_of_program);
    while (end != from && is_of_library(std::prev(end)->path)) --end;
    if (from == end) return sites;
    const auto shown = std::find_if(from, end, [](const Line& line) { return !is_of_library(line.path); });
    std::transform(from, end, std::back_inserter(sites.called),
                   [](const Line& line) { return place_of(line.path, line.number); });
    sites.called.front() = sites.place;
    if (shown != from) sites.place = place_of(shown->path, shown->number);
    return sites;
}

}  // namespace heddle::engine

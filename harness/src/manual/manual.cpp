// Writes the manual page of the command, or what bash completes of it: both say what the parser knows.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "command/options.hpp"
#include "command/selection.hpp"

using namespace heddle::harness;  // NOLINT: a main program of the room

namespace {

/// Text as troff takes it: its hyphens are those of a shell, and no line begins a request.
std::string troff(std::string_view text) {
    std::string result;
    for (const char byte : text) {
        const bool begins_line = result.empty() || result.back() == '\n';
        if (begins_line && (byte == '.' || byte == '\'')) result += "\\&";
        if (byte == '-' || byte == '\\') result += byte == '-' ? "\\-" : "\\e";
        else result += byte;
    }
    return result;
}

/// "--workers, --jobs"
std::string names_of(const CLI::Option& option) {
    std::string names;
    for (const std::string& name : option.get_snames()) names += fmt::format("{}-{}", names.empty() ? "" : ", ", name);
    for (const std::string& name : option.get_lnames()) names += fmt::format("{}--{}", names.empty() ? "" : ", ", name);
    return names;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() != 0; }

std::string options_of(const CLI::App& app) {
    std::string text;
    for (const CLI::Option* option : app.get_options()) {
        const std::string value = takes_value(*option) ? fmt::format(" \\fI{}\\fR", option->get_type_name()) : "";
        text += fmt::format(".TP\n\\fB{}\\fR{}\n{}", troff(names_of(*option)), value, troff(option->get_description()));
        if (!option->get_default_str().empty()) text += fmt::format(" (default: {})", troff(option->get_default_str()));
        text += '\n';
    }
    return text;
}

std::string environment_of(const CLI::App& app) {
    std::string text;
    for (const CLI::Option* option : app.get_options())
        if (!option->get_envname().empty())
            text += fmt::format(".TP\n\\fB{}\\fR\n{}, where the command line does not say it\n", option->get_envname(),
                                troff(names_of(*option)));
    const std::vector<std::pair<std::string, std::string>> others{
        {"HEDDLE_REPLAY", "the token of an execution that a GoogleTest program runs again"},
        {"NO_COLOR", "no colours, if it is set"},
        {"CXX, CXXFLAGS", "the compiler of heddle check, and what it is told"}};
    for (const auto& [name, meaning] : others) text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", name, troff(meaning));
    return text;
}

std::string statuses_page() {
    std::string text;
    std::istringstream lines(exit_statuses());
    for (std::string line; std::getline(lines, line);) {
        const auto begin = line.find_first_not_of(' ');
        const auto end = line.find(' ', begin);
        text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", line.substr(begin, end - begin),
                            troff(line.substr(line.find_first_not_of(' ', end))));
    }
    return text;
}

std::string manual(const CLI::App& app) {
    return fmt::format(R"(.TH HEDDLE 1 "" "heddle {}" "User Commands"
.SH NAME
heddle \- explores the executions of concurrent C++ that the memory model allows
.SH SYNOPSIS
.B heddle check
.I FILE.cpp
[\fIOPTION\fR]... [\-\- \fICOMPILER FLAG or FILE.cpp\fR]...
.br
.I PROGRAM
[\fIOPTION\fR]...
.SH DESCRIPTION
.B heddle check
compiles a file with tests of ordinary C++, and explores them. Each
.I PROGRAM
with models or tests of heddle takes the same options. A failure is told when it is found, with an execution that shows
it; a summary comes at the end.
.SH OPTIONS
{}.SH EXIT STATUS
{}.SH ENVIRONMENT
{})",
                       HEDDLE_VERSION, options_of(app), statuses_page(), environment_of(app));
}

/// What bash completes a value with, by what the value is called.
std::string words_for(const std::string& type) {
    if (type == "FILE" || type == "PATH") return "-f";
    if (type == "DIR") return "-d";
    if (type == "NAME") return fmt::format("-W '{}'", engine_names());
    return type == "FILTER" ? "-W \"$(_heddle_models \"$1\")\"" : "-W ''";
}

std::string completion(const CLI::App& app) {
    std::string all;
    std::map<std::string, std::string> by_words;  // the options
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            all += fmt::format("{}--{}", all.empty() ? "" : " ", name);
            if (!takes_value(*option)) continue;
            std::string& options = by_words[words_for(option->get_type_name())];
            options += fmt::format("{}--{}", options.empty() ? "" : " | ", name);
        }
    }
    std::string cases;
    for (const auto& [words, options] : by_words)
        cases += fmt::format("        {}) COMPREPLY=($(IFS=$', \\n'; compgen {} -- \"$current\")); return ;;\n",
                             options, words);
    return fmt::format(
        R"(# bash completion of heddle {0}, and of any program with models or tests: complete -o filenames -F _heddle PROGRAM
_heddle_models() {{
    [ "$1" = heddle ] || "$1" --list 2>/dev/null | sed '/^engines: /d; s/ .*//'
}}
_heddle() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
    case $previous in
{1}    esac
    if [[ $current == -* ]]; then COMPREPLY=($(compgen -W '{2}' -- "$current"))
    elif [ "$1" = heddle ] && [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W 'check' -- "$current"))
    else COMPREPLY=($(compgen -f -- "$current")); fi
}}
complete -o filenames -F _heddle heddle heddle-models
)",
        HEDDLE_VERSION, cases, all);
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    const auto app = command_line(arguments);
    const bool is_page = argc == 3 && std::strcmp(argv[1], "page") == 0;
    const bool is_completion = argc == 3 && std::strcmp(argv[1], "completion") == 0;
    if (!is_page && !is_completion) {
        std::fprintf(stderr, "usage: heddle-manual page FILE | heddle-manual completion FILE\n");
        return 2;
    }
    std::FILE* const file = std::fopen(argv[2], "w");
    if (file == nullptr) return 2;
    const std::string text = is_page ? manual(*app) : completion(*app);
    const bool is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    return std::fclose(file) == 0 && is_written ? 0 : 2;
}

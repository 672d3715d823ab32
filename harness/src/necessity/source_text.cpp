#include "source_text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "names.hpp"
#include "weaker_operation.hpp"

namespace heddle::harness {

using engine::OperationKind;

namespace {

/// The text with blanks in place of comments, so that lines and columns stay.
std::string without_comments(std::string_view text) {
    std::string code(text);
    for (std::size_t at = 0; at + 1 < code.size(); ++at) {
        if (code[at] != '/') continue;
        const bool is_line = code[at + 1] == '/';
        if (!is_line && code[at + 1] != '*') continue;
        const std::size_t found = is_line ? code.find('\n', at) : code.find("*/", at + 2);
        const std::size_t end = found == std::string::npos ? code.size() : found + (is_line ? 0 : 2);
        std::replace_if(
            code.begin() + static_cast<std::ptrdiff_t>(at), code.begin() + static_cast<std::ptrdiff_t>(end),
            [](char c) { return c != '\n'; }, ' ');
        at = end;
    }
    return code;
}

std::uint32_t line_of(std::string_view text, std::size_t at) {
    return 1 +
           static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

/// Where the statement begins and ends that stands at `at`; a block ends the one before it.
std::pair<std::size_t, std::size_t> statement_at(std::string_view code, std::size_t at) {
    const std::size_t before = code.find_last_of(";{}", at);
    std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    begin = std::min(code.find_first_not_of(" \n", begin), at);
    const std::size_t end = code.find_first_of(";{}", at);
    return {begin, end == std::string_view::npos ? code.size() : end};
}

/// `void f(std::memory_order order = std::memory_order_seq_cst)` and `constexpr auto order = std::memory_order_relaxed` are
/// no operations.
bool is_argument(std::string_view statement_so_far) {
    const std::size_t last = statement_so_far.find_last_not_of(' ');
    return statement_so_far.find('(') != std::string_view::npos && statement_so_far[last] != '=';
}

}  // namespace

bool SourceOperation::may_be(const engine::OperationSite& site) const {
    if (site.place.line < first_line || site.place.line > last_line) return false;
    if (site.kind == OperationKind::wake) return word == operation_text(site);
    return word == name_of(site.order) || word == name_of(site.failure_order);
}

std::optional<std::string> read_source(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return file ? std::optional(text.str()) : std::nullopt;
}

std::vector<SourceOperation> operations_in(std::string_view text, const std::string& file) {
    static const std::regex form(R"((?:std::)?memory_order(?:_|::)(\w+)|::(wake_one|wake_all)\()");
    const std::string code = without_comments(text);
    std::vector<SourceOperation> found;
    for (std::sregex_iterator match(code.begin(), code.end(), form), end; match != end; ++match) {
        const auto at = static_cast<std::size_t>(match->position());
        const auto [begin, last] = statement_at(code, at);
        const bool wakes = (*match)[2].matched;
        if (!wakes && !is_argument(std::string_view(code).substr(begin, at - begin))) continue;
        found.push_back({file, line_of(code, at), line_of(code, begin), line_of(code, last),
                         wakes ? (*match)[2].str() : (*match)[1].str()});
    }
    return found;
}

std::vector<std::string> sources_below(const std::string& path) {
    constexpr std::array<std::string_view, 7> extensions{".hpp", ".inl", ".cpp", ".h", ".hh", ".cc", ".cxx"};
    const std::filesystem::path root = std::filesystem::weakly_canonical(path);
    if (std::filesystem::is_regular_file(root)) return {root.string()};
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root, error))
        if (std::find(extensions.begin(), extensions.end(), entry.path().extension().string()) != extensions.end())
            files.push_back(entry.path().string());
    if (files.empty()) throw std::runtime_error(fmt::format("there are no C++ sources below '{}'", path));
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace heddle::harness

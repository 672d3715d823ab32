#include "source_files.hpp"

#include <fstream>

namespace heddle::harness {

namespace fs = std::filesystem;

fs::path SourceFiles::usual_root() {
    std::error_code error;
    fs::path here = fs::current_path(error);
    for (fs::path at = here; !at.empty(); at = at.parent_path()) {
        if (fs::exists(at / ".git", error)) return at;
        if (at == at.parent_path()) break;
    }
    return here;
}

void SourceFiles::look() const {
    looked_ = true;
    std::error_code error;
    fs::recursive_directory_iterator at(root_, fs::directory_options::skip_permission_denied, error);
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        std::error_code gone;  // a file may go while we look
        if (at->is_directory(gone)) {
            if (name.starts_with('.') || fs::exists(at->path() / "CMakeCache.txt", gone))
                at.disable_recursion_pending();
        } else {
            by_name_.emplace(name, at->path().lexically_relative(root_).generic_string());
        }
    }
}

std::optional<std::string> SourceFiles::find(const engine::Place& place) const {
    if (place.file.empty()) return std::nullopt;
    if (!looked_) look();
    const std::string name = fs::path(place.file).filename().string();
    std::optional<std::string> found;
    const auto [from, to] = by_name_.equal_range(name);
    for (auto candidate = from; candidate != to; ++candidate) {
        const std::string& path = candidate->second;
        if (path != place.file && !path.ends_with('/' + place.file)) continue;
        if (found) return std::nullopt;
        found = path;
    }
    return found;
}

const std::vector<std::string>& SourceFiles::lines(const engine::Place& place) const {
    const auto known = read_.find(place.file);
    if (known != read_.end()) return known->second;
    std::vector<std::string>& lines = read_[place.file];
    if (const auto path = find(place)) {
        std::ifstream file(root_ / *path);
        for (std::string line; std::getline(file, line);) lines.push_back(line);
    }
    return lines;
}

std::optional<std::string> SourceFiles::line(const engine::Place& place) const {
    const auto& all = lines(place);
    if (place.line == 0 || place.line > all.size()) return std::nullopt;
    const std::string& text = all[place.line - 1];
    const auto begin = text.find_first_not_of(" \t");
    return begin == std::string::npos ? "" : text.substr(begin);
}

}  // namespace heddle::harness

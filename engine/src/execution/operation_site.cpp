#include <heddle/engine/operation_site.hpp>

#include <algorithm>
#include <string_view>
#include <tuple>

#include <heddle/engine/run.hpp>

#include "words.hpp"

namespace heddle::engine {

namespace {

bool is_noted(OperationKind kind) { return kind <= OperationKind::fence || kind == OperationKind::wake; }

bool wakes_one(const Operation& op) { return op.kind == OperationKind::wake && op.value == 1; }

/// Whether that file's place has this name.
bool is_named(std::string_view file, std::string_view name) {
    if (!file.ends_with(name)) return false;
    file.remove_suffix(name.size());
    return file.empty() || file.ends_with('/');
}

auto tied(const OperationSite& site) {
    return std::tie(site.place.file, site.place.line, site.kind, site.order, site.failure_order, site.wakes_one);
}

}  // namespace

bool OperationSite::is_of(const Operation& op) const noexcept {
    return op.kind == kind && op.site.line() == place.line && op.order == order && op.failure_order == failure_order &&
           engine::wakes_one(op) == wakes_one && is_named(op.site.file_name(), place.file);
}

bool OperationSite::operator==(const OperationSite& other) const noexcept { return tied(*this) == tied(other); }

void OperationLog::note(const Operation& op) {
    if (!is_noted(op.kind)) return;
    const Key key{op.site.file_name(), op.site.line(), op.kind, op.order, op.failure_order, wakes_one(op)};
    Key& recent = recent_[key.line % remembered];
    if (recent == key) return;
    recent = key;
    const FrontEndAllocations ours;
    keys_.insert(key);
}

std::vector<OperationSite> OperationLog::sites() const {
    std::vector<OperationSite> sites;
    for (const Key& key : keys_)
        sites.push_back(
            {place_of({key.file, key.line}), key.kind, key.order, key.failure_order, key.wakes_one, key.file});
    std::sort(sites.begin(), sites.end(), [](const auto& a, const auto& b) { return tied(a) < tied(b); });
    // One file may have several names in the program.
    sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
    return sites;
}

}  // namespace heddle::engine

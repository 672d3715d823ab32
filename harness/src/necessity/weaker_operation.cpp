#include "weaker_operation.hpp"

#include <charconv>
#include <iterator>
#include <regex>
#include <stdexcept>

#include <fmt/format.h>

#include "names.hpp"

namespace heddle::harness {

using engine::OperationKind;
using engine::OperationSite;
using engine::Weakening;
using Orders = std::vector<std::memory_order>;

namespace {

/// The orders directly below one: a load cannot release, nor a store acquire.
Orders below(std::memory_order order, OperationKind kind) {
    switch (order) {
        case std::memory_order_seq_cst:
            if (kind == OperationKind::load) return {std::memory_order_acquire};
            if (kind == OperationKind::store) return {std::memory_order_release};
            return {std::memory_order_acq_rel};
        case std::memory_order_acq_rel:
            return {std::memory_order_acquire, std::memory_order_release};
        case std::memory_order_relaxed:
            return {};
        default:
            return {std::memory_order_relaxed};
    }
}

OperationSite with_orders(OperationSite site, std::memory_order order, std::memory_order failure_order) {
    site.order = order;
    site.failure_order = failure_order;
    return site;
}

WeakerOperation with_order(const OperationSite& site, std::memory_order order) {
    const bool is_gone = site.kind == OperationKind::fence && order == std::memory_order_relaxed;
    return {site, {.order = order}, is_gone ? "nothing" : operation_text(with_orders(site, order, site.failure_order))};
}

WeakerOperation with_failure_order(const OperationSite& site, std::memory_order order) {
    return {site, {.failure_order = order}, operation_text(with_orders(site, site.order, order))};
}

void add_weaker_wakes(std::vector<WeakerOperation>& found, const OperationSite& site) {
    if (!site.wakes_one) found.push_back({site, {.wakes_one_for_all = true}, "wake_one"});
    found.push_back({site, Weakening{.drops_wake_one = true, .drops_wake_all = true}, "nothing"});
}

OperationSite parse_site(std::string_view text) {
    static const std::regex form(R"((.+):(\d+) (\w+)(?:\((\w+)(?:, (\w+))?\))?)");
    std::match_results<std::string_view::const_iterator> parts;
    if (!std::regex_match(text.begin(), text.end(), parts, form))
        throw std::invalid_argument(
            fmt::format("'{}' is no operation (expected FILE:LINE OPERATION(ORDER), as --necessity prints it)", text));
    OperationSite site{.place = {parts[1], 0}};
    const std::string line = parts[2];
    std::from_chars(line.data(), line.data() + line.size(), site.place.line);
    const std::string kind = parts[3];
    const bool wakes = kind == "wake_one" || kind == "wake_all";
    site.kind = wakes ? OperationKind::wake : operation_kind_from(kind);
    site.wakes_one = kind == "wake_one";
    if (parts[4].matched) site.order = memory_order_from(parts[4].str());
    if (parts[5].matched) site.failure_order = memory_order_from(parts[5].str());
    return site;
}

}  // namespace

std::string operation_text(const OperationSite& site) {
    if (site.kind == OperationKind::wake) return site.wakes_one ? "wake_one" : "wake_all";
    return fmt::format("{}({}{}{})", name_of(site.kind), name_of(site.order),
                       is_compare_exchange(site.kind) ? ", " : "",
                       is_compare_exchange(site.kind) ? name_of(site.failure_order) : "");
}

std::string weakening_text(const WeakerOperation& weaker) {
    return fmt::format("{}:{} {} -> {}", weaker.site.place.file, weaker.site.place.line, operation_text(weaker.site),
                       weaker.becomes);
}

std::vector<WeakerOperation> one_step_weaker(const OperationSite& site) {
    std::vector<WeakerOperation> found;
    if (site.kind == OperationKind::wake) {
        add_weaker_wakes(found, site);
        return found;
    }
    for (const auto order : below(site.order, site.kind)) found.push_back(with_order(site, order));
    if (is_compare_exchange(site.kind))
        for (const auto order : below(site.failure_order, OperationKind::load))
            found.push_back(with_failure_order(site, order));
    if (site.kind == OperationKind::compare_exchange_strong) {
        OperationSite weak = site;
        weak.kind = OperationKind::compare_exchange_weak;
        found.push_back({site, {.fails_without_cause = true}, operation_text(weak)});
    }
    if (is_read_modify_write(site.kind)) found.push_back({site, {.tears_read_modify_writes = true}, "torn"});
    return found;
}

std::vector<WeakerOperation> still_weaker(const WeakerOperation& weaker) {
    std::vector<WeakerOperation> found;
    if (const auto order = weaker.weakening.order)
        for (const auto next : below(*order, weaker.site.kind)) found.push_back(with_order(weaker.site, next));
    if (const auto order = weaker.weakening.failure_order)
        for (const auto next : below(*order, OperationKind::load))
            found.push_back(with_failure_order(weaker.site, next));
    return found;
}

WeakerOperation parse_weaker_operation(std::string_view text) {
    constexpr std::string_view arrow = " -> ";
    const auto at = text.find(arrow);
    if (at == std::string_view::npos)
        throw std::invalid_argument(fmt::format("'{}' is no weakening (expected OPERATION -> WHAT IT BECOMES)", text));
    std::vector<WeakerOperation> known = one_step_weaker(parse_site(text.substr(0, at)));
    std::string others;
    for (std::size_t n = 0; n != known.size(); ++n) {
        if (known[n].becomes == text.substr(at + arrow.size())) return known[n];
        others += (others.empty() ? "" : ", ") + known[n].becomes;
        const auto next = still_weaker(known[n]);
        known.insert(known.end(), next.begin(), next.end());
    }
    throw std::invalid_argument(fmt::format("'{}' has no such weakening; it has: {}", text.substr(0, at), others));
}

}  // namespace heddle::harness

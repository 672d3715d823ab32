#include "filter.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "arguments.hpp"

namespace heddle::harness {

namespace {

std::vector<std::string> labels_of(const Check& check) {
    std::vector<std::string> labels{check.expected ? "broken" : "model"};
    std::istringstream ids(check.invariants + ' ' + check.breaks);
    for (std::string id; ids >> id;) labels.push_back(id);
    return labels;
}

}  // namespace

Filter::Filter(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        Terms terms;
        std::istringstream parts(text);
        for (std::string part; std::getline(parts, part, ',');) terms.push_back(term_of(part));
        if (terms.empty()) throw UsageError("--filter is empty");
        const bool only_negates =
            std::all_of(terms.begin(), terms.end(), [](const Term& one) { return one.is_negated; });
        (only_negates ? leaves_out_ : takes_).push_back(std::move(terms));
    }
}

Filter::Term Filter::term_of(std::string_view text) {
    Term term{.field = "name"};
    if (text.starts_with('!') || text.starts_with('-')) {
        term.is_negated = true;
        text.remove_prefix(1);
    }
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        term.field = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    if (term.field != "name" && term.field != "engine" && term.field != "label")
        throw UsageError(fmt::format("--filter: there is no '{}:'; there are name:, engine: and label:", term.field));
    if (text.empty()) throw UsageError("--filter: a term is empty");
    term.glob = text;
    return term;
}

bool Filter::holds(const Term& term, const Check& check, std::string_view engine) {
    const auto matches = [&](const std::string& what) { return fnmatch(term.glob.c_str(), what.c_str(), 0) == 0; };
    const auto labels = labels_of(check);
    const bool found = term.field == "name"     ? matches(check.name)
                       : term.field == "engine" ? matches(std::string(engine))
                                                : std::any_of(labels.begin(), labels.end(), matches);
    return found != term.is_negated;
}

bool Filter::hold(const Terms& terms, const Check& check, std::string_view engine) {
    return std::all_of(terms.begin(), terms.end(), [&](const Term& term) { return holds(term, check, engine); });
}

bool Filter::selects(const Check& check, std::string_view engine) const {
    const auto all_hold = [&](const Terms& terms) { return hold(terms, check, engine); };
    return (takes_.empty() || std::any_of(takes_.begin(), takes_.end(), all_hold)) &&
           std::all_of(leaves_out_.begin(), leaves_out_.end(), all_hold);
}

}  // namespace heddle::harness

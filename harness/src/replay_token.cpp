#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "replay_token.hpp"

namespace heddle::harness {

using engine::Search;

namespace {

constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";

/// A token may come from any file, and is shown on a terminal.
std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char byte) { return std::isprint(byte) == 0; }, '?');
    return text;
}

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
    throw std::invalid_argument(printable(
        fmt::format("'{}' is not a replay token: {} (expected engine:model:search:choices~check)", text, why)));
}

template <class Number>
Number number_from(std::string_view token, std::string_view text, int base, std::string_view what) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end != text.data() + text.size())
        refuse(token, fmt::format("{} is '{}', not a number", what, text));
    return number;
}

Search search_from(std::string_view token, std::string_view text) {
    constexpr std::string_view bound = "bound";
    if (text == "full") return engine::full_search();
    if (text == "random") return engine::random_search(1);
    if (text.starts_with(bound))
        return engine::context_bound(number_from<unsigned>(token, text.substr(bound.size()), 10, "the bound"));
    refuse(token, fmt::format("the search is '{}', not full, boundN or random", text));
}

std::vector<unsigned> choices_from(std::string_view token, std::string_view text) {
    std::vector<unsigned> choices;
    while (!text.empty()) {
        if (text.front() == '(') {
            const auto close = text.find(')');
            if (close == std::string_view::npos) refuse(token, "a '(' is not closed");
            choices.push_back(number_from<unsigned>(token, text.substr(1, close - 1), 10, "a choice"));
            text.remove_prefix(close + 1);
            continue;
        }
        const auto digit = digits.find(text.front());
        if (digit == std::string_view::npos) refuse(token, fmt::format("'{}' is not a choice", text.front()));
        choices.push_back(static_cast<unsigned>(digit));
        text.remove_prefix(1);
    }
    return choices;
}

std::string_view search_word(const Search& search) {
    switch (search.kind) {
        case Search::Kind::deepening:  // finds with a bound, or an engine has no choice
        case Search::Kind::full:
            return "full";
        case Search::Kind::context_bound:
            return "bound";
        case Search::Kind::random:
            return "random";
    }
    return "?";
}

}  // namespace

std::string ReplayToken::to_string() const {
    std::string text = fmt::format("{}:{}:{}", engine, check, search_word(replay.search));
    if (replay.search.kind == Search::Kind::context_bound) text += std::to_string(replay.search.preemptions);
    text += ':';
    for (const unsigned choice : replay.choices) {
        if (choice < digits.size()) text += digits[choice];
        else text += fmt::format("({})", choice);
    }
    return text + fmt::format("~{:08x}", replay.check);
}

ReplayToken ReplayToken::read(const std::string& text) {
    if (!text.starts_with('@')) return parse(text);
    std::ifstream file(text.substr(1));
    std::string token;
    if (!(file >> token))
        throw std::invalid_argument(fmt::format("no replay token can be read from '{}'", text.substr(1)));
    return parse(token);
}

ReplayToken ReplayToken::parse(std::string_view text) {
    const auto first = text.find(':');
    const auto last = text.rfind(':');
    if (first == std::string_view::npos || last == first) refuse(text, "it has too few parts");
    const auto middle = text.rfind(':', last - 1);
    if (middle == first || middle == std::string_view::npos) refuse(text, "it has too few parts");
    const std::string_view tail = text.substr(last + 1);
    const auto tilde = tail.find('~');
    if (tilde == std::string_view::npos) refuse(text, "the check is missing");
    ReplayToken token;
    token.engine = text.substr(0, first);
    token.check = text.substr(first + 1, middle - first - 1);
    token.replay.search = search_from(text, text.substr(middle + 1, last - middle - 1));
    token.replay.choices = choices_from(text, tail.substr(0, tilde));
    token.replay.check = number_from<std::uint32_t>(text, tail.substr(tilde + 1), 16, "the check");
    return token;
}

}  // namespace heddle::harness

// What a locale has found once it keeps, in the compiled part of the standard library: no execution is another one for it.
#include <atomic>
#include <cassert>
#include <locale>
#include <regex>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

void find(const auto& finder) {
    std::atomic<int> finders{0};
    const auto counted = [&] {
        finder();
        ++finders;
    };
    together(counted, counted);
    assert(finders == 2);
}
void narrow_in(const std::locale& locale) {
    const auto& letters = std::use_facet<std::ctype<char>>(locale);
    assert(letters.narrow('a', 'x') == 'a' && letters.narrow('\0', 'x') == '\0' && letters.widen('a') == 'a');
}
HEDDLE_TEST(LetterIsNarrowedByTwo) {
    find([] { narrow_in(std::locale::classic()); });
}
HEDDLE_TEST(LetterIsNarrowedByTwoInALocaleOfTheirs) {
    const std::locale locale("C.UTF-8");
    find([&] { narrow_in(locale); });
}
HEDDLE_TEST(ExpressionsAreMadeByTwo) {
    find([] { assert(std::regex_match("ab1", std::regex("a.[[:digit:]]"))); });
}
HEDDLE_BROKEN_TEST(LettersAreNarrowedIntoTheSameMemory, data_race) {
    char text[] = "ab";
    find([&] { std::use_facet<std::ctype<char>>(std::locale::classic()).narrow("xy", "xy" + 2, 'x', text); });
}

}  // namespace

// Until C++17 a program takes std::string from the compiled part of the standard library.
#include <cassert>
#include <string>

#include <heddle/unmodified.hpp>

#include "together.hpp"

static_assert(__cplusplus == 201703L, "as the test's command says");

HEDDLE_BROKEN_TEST(StringIsReadWhileItIsAssigned, data_race) {
    std::string text = "abc";
    together([&] { text = "xyz"; }, [&] { assert(text[0] != 'q'); });
}
HEDDLE_BROKEN_TEST(WideStringIsAskedWhileItGrows, data_race) {
    std::wstring text = L"abc";
    together([&] { text += L"def"; }, [&] { assert(text.size() != 7); });
}
HEDDLE_TEST(StringIsReadByTwo) {
    const std::string text = "abc";
    const auto reader = [&] { assert(text + text == "abcabc" && text.find('c') == 2); };
    together(reader, reader);
}

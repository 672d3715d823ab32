// What the C library and the compiled part of the standard library access of strings and bytes.
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

/// One thread writes the first letter, and a second one runs the reader.
void write_beside(auto& text, const auto& reader) {
    together([&] { text[0] = 'x'; }, [&] { reader(); });
}

// ---- std::string

HEDDLE_BROKEN_TEST(StringIsReadWhileItIsAssigned, data_race) {
    std::string text = "abc";
    together([&] { text = "xyz"; }, [&] { assert(text[0] != 'q'); });
}
HEDDLE_BROKEN_TEST(StringIsReadWhileItGrows, data_race) {
    std::string text = "abc";
    together([&] { text += "def"; }, [&] { assert(text[3] != 'q'); });
}
HEDDLE_TEST(BeginningOfAStringIsReadWhileItGrows) {
    std::string text = "abc";
    const char& first = text[0];
    together([&] { text += "def"; }, [&] { assert(first == 'a'); });
}
HEDDLE_BROKEN_TEST(StringIsComparedWhileItIsWritten, data_race) {
    std::string text = "abc";
    write_beside(text, [&] { [[maybe_unused]] const bool is = text == "abc"; });
}
HEDDLE_BROKEN_TEST(StringIsSearchedWhileItIsWritten, data_race) {
    std::string text = "abc";
    write_beside(text, [&] { [[maybe_unused]] const auto at = text.find('c'); });
}
HEDDLE_BROKEN_TEST(StringIsHashedWhileItIsWritten, data_race) {
    std::string text = "abc";
    write_beside(text, [&] { std::hash<std::string>()(text); });
}
HEDDLE_BROKEN_TEST(NumberIsReadWhileItsTextIsWritten, data_race) {
    std::string text = "123";
    together([&] { text[0] = '4'; }, [&] { [[maybe_unused]] const int number = std::stoi(text); });
}
HEDDLE_BROKEN_TEST(StringIsPrintedWhileItIsWritten, data_race) {
    std::string text = "abc";
    write_beside(text, [&] { std::ostringstream() << text; });
}
HEDDLE_BROKEN_TEST(ViewIsPrintedWhileItsTextIsWritten, data_race) {
    std::string text = "abc";
    write_beside(text, [&] { std::ostringstream() << std::string_view(text); });
}
HEDDLE_BROKEN_TEST(TextIsPrintedWhileItIsWritten, data_race) {
    char text[] = "abc";
    write_beside(text, [&] { std::ostringstream() << text; });
}
HEDDLE_BROKEN_TEST(BytesAreWrittenToAStreamWhileTheyChange, data_race) {
    char text[] = "abc";
    write_beside(text, [&] { std::ostringstream().write(text, 3); });
}
HEDDLE_BROKEN_TEST(BytesAreReadFromAStreamWhileTheyChange, data_race) {
    char text[] = "abc";
    write_beside(text, [&] { std::istringstream("xyz").read(text, 3); });
}
HEDDLE_TEST(BytesThatAStreamDoesNotHaveAreNotWritten) {
    char text[] = "abc";
    together([&] { text[2] = 'x'; }, [&] { std::istringstream("yz").read(text, 3); });
    assert(std::string_view(text) == "yzx");
}
HEDDLE_BROKEN_TEST(LineIsReadIntoAStringThatIsRead, data_race) {
    std::string line = "abc";
    std::istringstream lines("xyz\n");
    together([&] { std::getline(lines, line); }, [&] { assert(line[0] != 'q'); });
}
HEDDLE_BROKEN_TEST(WideStringIsCopiedWhileItIsWritten, data_race) {
    std::wstring text = L"abc";
    write_beside(text, [&] { const std::wstring copy = text; });  // NOLINT: the copy is the point
}
HEDDLE_TEST(StringsAreReadByTwo) {
    const std::string text = "12";
    const auto reader = [&] {
        std::ostringstream stream;
        stream << text << std::string_view(text) << text.c_str();
        assert(stream.str() == "121212" && std::stoi(text) == 12 && text != "21");
        assert(std::hash<std::string>()(text) == std::hash<std::string_view>()("12"));
    };
    together(reader, reader);
}

// ---- the C library

HEDDLE_BROKEN_TEST(BytesAreComparedWhileTheyAreWritten, data_race) {
    char text[] = "abc";
    write_beside(text, [&] { [[maybe_unused]] const int order = std::memcmp(text, "xyz", 3); });
}
HEDDLE_BROKEN_TEST(LengthIsAskedWhileATextIsWritten, data_race) {
    char text[] = "abc";
    write_beside(text, [&] { [[maybe_unused]] const std::size_t length = std::strlen(text); });
}
HEDDLE_BROKEN_TEST(TextIsComparedWhileItIsWritten, data_race) {
    char text[] = "abc";
    write_beside(text, [&] { [[maybe_unused]] const int order = std::strcmp(text, "xyz"); });
}
HEDDLE_BROKEN_TEST(TextIsCopiedOverOneThatIsRead, data_race) {
    char text[] = "abc";
    together([&] { std::strcpy(text, "xyz"); }, [&] { assert(text[3] == '\0'); });
}
// What comes after the end of a text, or after what was looked for, is not read.
HEDDLE_TEST(TextIsReadUpToItsEnd) {
    char text[] = "ab\0x";
    char copy[sizeof text] = "";
    together([&] { text[3] = 'y'; },
             [&] {
                 assert(std::strlen(text) == 2 && strnlen(text, 4) == 2);
                 assert(std::strcmp(text, "ab") == 0 && std::strncmp(text, "abc", 4) < 0);
                 assert(std::strchr(text, 'c') == nullptr && std::strrchr(text, 'b') == text + 1);
                 assert(std::strstr(text, "bc") == nullptr && std::strtol(text, nullptr, 16) == 0xab);
                 assert(std::strcpy(copy, text) == copy && std::strcat(copy, "c") == copy);
                 assert(std::strncpy(copy, "abd", 2) == copy && std::strcmp(copy, "abc") == 0);
             });
}
HEDDLE_TEST(TextIsReadUpToWhatIsFound) {
    char text[] = "abx";
    together([&] { text[2] = 'y'; },
             [&] {
                 assert(std::strchr(text, 'b') == text + 1 && std::strstr(text, "ab") == text);
                 assert(std::memchr(text, 'b', 3) == text + 1 && std::strcmp(text, "ac") < 0);
                 assert(std::strncmp(text, "ab", 2) == 0 && strnlen(text, 2) == 2);
             });
}

}  // namespace

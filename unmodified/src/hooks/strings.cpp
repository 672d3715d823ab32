// What the C library reads and writes in strings and blocks of memory: what --wrap makes of the functions of these names.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <cwchar>

#include "hooks/on_behalf.hpp"
#include "real.hpp"

using heddle::unmodified::OnBehalf;

namespace {

std::size_t bytes_between(const void* begin, const void* end) {
    return static_cast<std::size_t>(static_cast<const char*>(end) - static_cast<const char*>(begin));
}
/// With what ends it.
std::size_t size_of(const char* text) { return std::strlen(text) + 1; }

/// What comparing two texts reads of each: up to where they differ, or end.
std::size_t size_compared(const char* one, const char* other, std::size_t most) {
    std::size_t at = 0;
    while (at != most && one[at] == other[at] && one[at] != '\0') ++at;
    return std::min(at + 1, most);
}

class Strings : OnBehalf {
  public:
    using OnBehalf::OnBehalf;
    using OnBehalf::reads;
    using OnBehalf::writes;

    void compares(const void* one, const void* other, std::size_t size) const {
        reads(one, size);
        reads(other, size);
    }
    void copies(void* to, const void* from, std::size_t size) const {
        reads(from, size);
        writes(to, size);
    }
    /// Reads up to what it finds, of `size` bytes, or all.
    template <class T>
    T* searches(const void* from, T* found, std::size_t size) const {
        reads(from, found == nullptr ? size : bytes_between(from, found + 1));
        return found;
    }
    /// Reads the text up to where the number ends.
    template <class Number, class... Base>
    Number converts(Number (*real)(const char*, char**, Base...), const char* text, char** end, Base... base) const {
        char* stopped = nullptr;
        const Number number = real(text, &stopped, base...);
        reads(text, bytes_between(text, stopped + 1));
        if (end != nullptr) write(*end, stopped);
        return number;
    }
};

}  // namespace

#define HEDDLE_STRINGS Strings(HEDDLE_CALLER)

// ---- bytes and wide characters, by their number

HEDDLE_HOOK int __wrap_memcmp(const void* one, const void* other, std::size_t size) {
    HEDDLE_STRINGS.compares(one, other, size);
    return std::memcmp(one, other, size);
}
HEDDLE_HOOK int __wrap_bcmp(const void* one, const void* other, std::size_t size) {
    HEDDLE_STRINGS.compares(one, other, size);
    return std::memcmp(one, other, size);
}
HEDDLE_HOOK void* __wrap_memchr(const void* from, int byte, std::size_t size) {
    const void* const found = std::memchr(from, byte, size);
    HEDDLE_STRINGS.searches(from, static_cast<const char*>(found), size);
    return const_cast<void*>(found);
}
HEDDLE_HOOK int __wrap_wmemcmp(const wchar_t* one, const wchar_t* other, std::size_t count) {
    HEDDLE_STRINGS.compares(one, other, count * sizeof *one);
    return std::wmemcmp(one, other, count);
}
HEDDLE_HOOK wchar_t* __wrap_wmemchr(const wchar_t* from, wchar_t wide, std::size_t count) {
    return const_cast<wchar_t*>(HEDDLE_STRINGS.searches(from, std::wmemchr(from, wide, count), count * sizeof *from));
}
HEDDLE_HOOK wchar_t* __wrap_wmemcpy(wchar_t* to, const wchar_t* from, std::size_t count) {
    HEDDLE_STRINGS.copies(to, from, count * sizeof *to);
    return std::wmemcpy(to, from, count);
}
HEDDLE_HOOK wchar_t* __wrap_wmemmove(wchar_t* to, const wchar_t* from, std::size_t count) {
    HEDDLE_STRINGS.copies(to, from, count * sizeof *to);
    return std::wmemmove(to, from, count);
}
HEDDLE_HOOK wchar_t* __wrap_wmemset(wchar_t* to, wchar_t wide, std::size_t count) {
    HEDDLE_STRINGS.writes(to, count * sizeof *to);
    return std::wmemset(to, wide, count);
}

// ---- texts up to their ends

HEDDLE_HOOK std::size_t __wrap_strlen(const char* text) {
    const std::size_t length = std::strlen(text);
    HEDDLE_STRINGS.reads(text, length + 1);
    return length;
}
HEDDLE_HOOK std::size_t __wrap_strnlen(const char* text, std::size_t most) {
    const std::size_t length = strnlen(text, most);
    HEDDLE_STRINGS.reads(text, std::min(length + 1, most));
    return length;
}
HEDDLE_HOOK std::size_t __wrap_wcslen(const wchar_t* text) {
    const std::size_t length = std::wcslen(text);
    HEDDLE_STRINGS.reads(text, (length + 1) * sizeof *text);
    return length;
}
HEDDLE_HOOK int __wrap_strcmp(const char* one, const char* other) {
    HEDDLE_STRINGS.compares(one, other, size_compared(one, other, SIZE_MAX));
    return std::strcmp(one, other);
}
HEDDLE_HOOK int __wrap_strncmp(const char* one, const char* other, std::size_t most) {
    HEDDLE_STRINGS.compares(one, other, size_compared(one, other, most));
    return std::strncmp(one, other, most);
}
HEDDLE_HOOK char* __wrap_strchr(const char* text, int byte) {
    return const_cast<char*>(HEDDLE_STRINGS.searches(text, std::strchr(text, byte), size_of(text)));
}
HEDDLE_HOOK char* __wrap_strrchr(const char* text, int byte) {
    HEDDLE_STRINGS.reads(text, size_of(text));
    return const_cast<char*>(std::strrchr(text, byte));
}
HEDDLE_HOOK char* __wrap_strstr(const char* text, const char* wanted) {
    const char* const found = std::strstr(text, wanted);
    const std::size_t size = size_of(wanted);
    const Strings strings = HEDDLE_STRINGS;
    strings.reads(wanted, size);
    strings.reads(text, found == nullptr ? size_of(text) : bytes_between(text, found) + size - 1);
    return const_cast<char*>(found);
}

// ---- copies of texts

HEDDLE_HOOK char* __wrap_strcpy(char* to, const char* from) {
    HEDDLE_STRINGS.copies(to, from, size_of(from));
    return std::strcpy(to, from);
}
HEDDLE_HOOK char* __wrap_stpcpy(char* to, const char* from) {
    HEDDLE_STRINGS.copies(to, from, size_of(from));
    return stpcpy(to, from);
}
HEDDLE_HOOK char* __wrap_strncpy(char* to, const char* from, std::size_t size) {
    const Strings strings = HEDDLE_STRINGS;
    strings.reads(from, std::min(strnlen(from, size) + 1, size));
    strings.writes(to, size);
    return std::strncpy(to, from, size);
}
HEDDLE_HOOK char* __wrap_strcat(char* to, const char* from) {
    const Strings strings = HEDDLE_STRINGS;
    strings.reads(to, size_of(to));
    strings.copies(to + std::strlen(to), from, size_of(from));
    return std::strcat(to, from);
}

// ---- numbers in texts

#define HEDDLE_INTEGER_IN_TEXT(name, type)                                   \
    HEDDLE_HOOK type __wrap_##name(const char* text, char** end, int base) { \
        return HEDDLE_STRINGS.converts(&::name, text, end, base);            \
    }
#define HEDDLE_FRACTION_IN_TEXT(name, type) \
    HEDDLE_HOOK type __wrap_##name(const char* text, char** end) { return HEDDLE_STRINGS.converts(&::name, text, end); }
HEDDLE_INTEGER_IN_TEXT(strtol, long)
HEDDLE_INTEGER_IN_TEXT(strtoll, long long)
HEDDLE_INTEGER_IN_TEXT(strtoul, unsigned long)
HEDDLE_INTEGER_IN_TEXT(strtoull, unsigned long long)
HEDDLE_FRACTION_IN_TEXT(strtof, float)
HEDDLE_FRACTION_IN_TEXT(strtod, double)
HEDDLE_FRACTION_IN_TEXT(strtold, long double)

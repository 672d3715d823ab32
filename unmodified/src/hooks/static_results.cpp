// Functions of the C library with results in memory of its own.
#include "static_results.hpp"

#include <unistd.h>

#include <cstring>
#include <ctime>

#include "real.hpp"
#include "hooks/on_behalf.hpp"

namespace heddle::unmodified {

StaticResults static_results;

namespace {

class Results : OnBehalf {
  public:
    using OnBehalf::OnBehalf;

    std::tm* local_time(const std::time_t* time) const {
        reads(&environ, sizeof environ);  // for the time zone
        tzset();
        return time_of(&localtime_r, time);
    }
    std::tm* world_time(const std::time_t* time) const { return time_of(&gmtime_r, time); }

    char* text_of(const std::tm* time) const {
        reads(time, sizeof *time);
        writes(static_results.text.data(), static_results.text.size());
        return asctime_r(time, static_results.text.data());
    }

    char* next_token(char* text, const char* delimiters) const {
        reads(delimiters, std::strlen(delimiters) + 1);
        writes(&static_results.position, sizeof static_results.position);
        char* const begin = text == nullptr ? static_results.position : text;
        if (begin != nullptr) takes_token(begin, delimiters);
        return strtok_r(text, delimiters, &static_results.position);
    }

  private:
    std::tm* time_of(std::tm* (*real)(const std::time_t*, std::tm*), const std::time_t* time) const {
        reads(time, sizeof *time);
        writes(&static_results.time, sizeof static_results.time);
        return real(time, &static_results.time);
    }
    /// Reads up to what ends the token, and ends it with a zero.
    void takes_token(char* begin, const char* delimiters) const {
        char* const token = begin + std::strspn(begin, delimiters);
        char* const end = token + std::strcspn(token, delimiters);
        reads(begin, static_cast<std::size_t>(end - begin) + 1);
        if (*end != '\0') writes(end, 1);
    }
};

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_HOOK std::tm* localtime(const std::time_t* time) noexcept { return Results(HEDDLE_CALLER).local_time(time); }
HEDDLE_HOOK std::tm* gmtime(const std::time_t* time) noexcept { return Results(HEDDLE_CALLER).world_time(time); }
HEDDLE_HOOK char* asctime(const std::tm* time) noexcept { return Results(HEDDLE_CALLER).text_of(time); }
HEDDLE_HOOK char* ctime(const std::time_t* time) noexcept {
    const Results results(HEDDLE_CALLER);
    const std::tm* const local = results.local_time(time);
    return local == nullptr ? nullptr : results.text_of(local);
}
HEDDLE_HOOK char* strtok(char* text, const char* delimiters) noexcept {
    return Results(HEDDLE_CALLER).next_token(text, delimiters);
}

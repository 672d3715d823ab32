#include "library_state.hpp"

#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstring>
#include <ctime>
#include <memory>

#include "random_numbers.hpp"

namespace heddle::unmodified {

Range LibraryState::environment() {
    char** end = environ;
    while (end != nullptr && *end != nullptr) ++end;
    return {reinterpret_cast<std::uintptr_t>(environ), reinterpret_cast<std::uintptr_t>(end)};
}

void LibraryState::take() {
    const Range texts = environment();
    environment_.assign(environ, environ + texts.size() / sizeof *environ);
    environment_.push_back(nullptr);
    array_ = new char*[environment_.size()];
    std::copy(environment_.begin(), environment_.end(), array_);
    environ = array_;
    random_numbers.take();
    numbers_of_48_bits_ = numbers_of_48_bits;
    static_results_ = static_results;
    default_resource_ = std::pmr::get_default_resource();
    c_locale_ = std::setlocale(LC_ALL, nullptr);
    locale_.emplace();
    new_handler_ = std::get_new_handler();
    terminate_handler_ = std::get_terminate();
}

void LibraryState::restore() {
    if (environ != array_ || !std::equal(environment_.begin(), environment_.end(), array_)) {
        std::copy(environment_.begin(), environment_.end(), array_);
        environ = array_;
        tzset();
    }
    random_numbers.begin_run();
    if (std::memcmp(&numbers_of_48_bits, &numbers_of_48_bits_, sizeof numbers_of_48_bits) != 0)
        numbers_of_48_bits = numbers_of_48_bits_;
    static_results = static_results_;
    if (std::pmr::get_default_resource() != default_resource_) std::pmr::set_default_resource(default_resource_);
    if (std::get_new_handler() != new_handler_) std::set_new_handler(new_handler_);
    if (std::get_terminate() != terminate_handler_) std::set_terminate(terminate_handler_);
    if (!locale_is_changed_) return;
    locale_is_changed_ = false;
    // The memory of the last one may have gone with the execution: it must not be looked at again.
    alignas(std::locale) std::byte last[sizeof(std::locale)];
    new (last) std::locale(std::locale::global(*locale_));
    std::setlocale(LC_ALL, c_locale_.c_str());
}

std::string LibraryState::name_of(std::uintptr_t address) {
    const auto is_in = [address](const auto& object) {
        return address - reinterpret_cast<std::uintptr_t>(&object) < sizeof object;
    };
    if (is_in(environ)) return "the environment";
    if (is_in(static_results.time)) return "the result of localtime() and gmtime()";
    if (is_in(static_results.text)) return "the result of asctime() and ctime()";
    if (is_in(static_results.position)) return "the position of strtok()";
    if (is_in(numbers_of_48_bits)) return "the numbers of drand48()";
    return random_numbers.name_of(address);
}

}  // namespace heddle::unmodified

// What an exploration says that fails.
#pragma once

#include <stdexcept>
#include <string>

#include <heddle/unmodified.hpp>

template <class Body>
std::string report_of(const Body& body, const heddle::ExploreLimits& limits = {}) {
    try {
        heddle::explore(body, limits);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

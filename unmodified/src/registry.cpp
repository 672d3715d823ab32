// Tests as checks of the harness.
#include <cstdio>
#include <cstdlib>
#include <optional>

#include <heddle/harness/check.hpp>
#include <heddle/harness/command.hpp>
#include <heddle/unmodified.hpp>

#include "front_end.hpp"
#include "offer.hpp"

namespace heddle::unmodified {

bool add(const char* name, void (*body)(), const char* expected) {
    const OutsideProgram outside;
    harness::Check check{.name = name, .claim = "every execution ends as it should"};
    if (expected != nullptr) {
        check.expected = engine::failure_kind_from(expected);
        if (!check.expected) {
            std::fprintf(stderr, "heddle: misuse: %s must fail with '%s', which is no kind of failure\n", name,
                         expected);
            _Exit(EXIT_FAILURE);
        }
        check.claim = "it fails with " + std::string(expected);
    }
    check.offers.emplace("exhaustive", offer_of(body));
    return harness::register_check(std::move(check));
}

int run(int argc, char** argv) {
    constexpr int exit_usage = 2;
    if (const std::string& objection = front_end->modules.objection(); !objection.empty()) {
        std::fprintf(stderr, "heddle: this program cannot be explored: %s\n", objection.c_str());
        return exit_usage;
    }
    return harness::model_main(argc, argv);
}

}  // namespace heddle::unmodified

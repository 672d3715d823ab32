// Tests as checks of the harness.
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/harness/check.hpp>
#include <heddle/harness/command.hpp>
#include <heddle/unmodified.hpp>

#include "front_end.hpp"
#include "offer.hpp"
#include "options.hpp"

namespace heddle::unmodified {

namespace {

/// They become checks when it is known how they are to be explored.
struct Registered {
    harness::Check check;
    void (*body)() = nullptr;
};

std::vector<Registered>& tests() {
    static std::vector<Registered> all;
    return all;
}

constexpr int exit_usage = 2;

}  // namespace

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
    tests().push_back({std::move(check), body});
    return true;
}

int run(int argc, char** argv) {
    if (const std::string& objection = front_end->modules.objection(); !objection.empty()) {
        std::fprintf(stderr, "heddle: this program cannot be explored: %s\n", objection.c_str());
        return exit_usage;
    }
    try {
        options.take(argc, argv);
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "heddle: %s\n", error.what());
        return exit_usage;
    }
    for (Registered& test : tests()) {
        test.check.offers.emplace("exhaustive", offer_of(test.body));
        harness::register_check(std::move(test.check));
    }
    tests().clear();
    front_end->threads.end_program_with_test();
    // Objects that have ended with each execution end once more with the process, if that has explored.
    std::atexit([] { front_end->put_memory_back(); });
    const bool asks_help = argc == 2 && (std::string_view(argv[1]) == "--help" || std::string_view(argv[1]) == "-h");
    const int status = harness::model_main(argc, argv);  // which may take arguments away
    if (asks_help) std::printf("\n%s", Options::help());
    return status;
}

}  // namespace heddle::unmodified

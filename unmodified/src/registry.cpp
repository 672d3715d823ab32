// Tests as checks of the harness.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include <heddle/engine/program.hpp>
#include <heddle/harness/check.hpp>
#include <heddle/harness/command.hpp>
#include <heddle/unmodified.hpp>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

constexpr const char* bounds =
    "code compiled here only, loops that leave a trace <= 2 turns and then as many as they go round by themselves, "
    "readers "
    "of a lock ordered as by a mutex";

class Test final : public engine::Instance {
  public:
    explicit Test(void (*body)()) : body_(body) {}
    void thread(int) override { front_end->threads.run_first(body_); }
    void after() override {}

  private:
    void (*body_)();
};

harness::Offer offer_of(void (*body)()) {
    harness::Offer offer;
    offer.program.threads = 1;
    offer.program.spawned_threads = static_cast<int>(engine::most_adopted_threads) - 1;
    offer.program.make = [body] { return std::make_unique<Test>(body); };
    offer.program.adopter = front_end;
    offer.bounds = bounds;
    return offer;
}

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

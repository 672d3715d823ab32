#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <heddle/harness/check.hpp>

namespace heddle::harness {

namespace {

std::vector<Check>& registry() {
    static std::vector<Check> checks;
    return checks;
}

}  // namespace

const Offer& Check::offer(const engine::Engine& engine) const {
    static const Offer none{.program = {}, .declined = "the check has no program for this engine", .bounds = ""};
    const auto found = offers.find(engine.name());
    return found != offers.end() ? found->second : none;
}

bool register_check(Check check) {
    const auto same_name = [&](const Check& other) { return other.name == check.name; };
    if (std::any_of(registry().begin(), registry().end(), same_name)) {
        std::fprintf(stderr, "heddle: misuse: two models are named %s\n", check.name.c_str());
        std::abort();
    }
    registry().push_back(std::move(check));
    return true;
}

std::vector<Check> registered_checks() {
    std::vector<Check> checks = registry();
    std::sort(checks.begin(), checks.end(), [](const Check& a, const Check& b) { return a.name < b.name; });
    return checks;
}

}  // namespace heddle::harness

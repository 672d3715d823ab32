#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <heddle/harness/check.hpp>

namespace heddle::harness {

namespace {

/// Is never destroyed: that takes longer than many a check.
std::vector<Check>& registry() {
    static auto& checks = *new std::vector<Check>;
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

const std::vector<Check>& registered_checks() {
    const auto by_name = [](const Check& a, const Check& b) { return a.name < b.name; };
    if (!std::is_sorted(registry().begin(), registry().end(), by_name))
        std::sort(registry().begin(), registry().end(), by_name);
    return registry();
}

}  // namespace heddle::harness

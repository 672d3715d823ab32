#include <cstdio>
#include <cstdlib>
#include <new>

#include <heddle/engine/run.hpp>

#include "host/forget.hpp"
#include "threads/threads_engine.hpp"

namespace heddle {

namespace checker {

void Run::refuse(const char* what) noexcept {
    std::fprintf(stderr, "heddle: misuse: %s of a CheckingPlatform outside of a model that an engine runs\n", what);
    std::abort();
}

void* Globals::find(Factory factory) const {
    for (std::size_t i = 0; i != instances_.size(); ++i) {
        if (factories_[i] == factory) return instances_[i].get();
    }
    return nullptr;
}

void Globals::construct_all() {
    for (const Factory factory : factories_) instances_.push_back(factory());
}

void Globals::abandon_all() {
    for (auto& instance : instances_) forget(instance);
    instances_.clear();
}

void ThreadLocals::abandon() {
    forget(at_exit);
    at_exit = {};
    pointer = nullptr;
    ends_shared = 0;
}

}  // namespace checker

void check(bool condition, checker::Site site) { check(condition, "a check of the model is false", site); }

void check(bool condition, std::string_view message, checker::Site site) {
    if (condition) return;
    using namespace checker;
    if (Run* const run = Run::current()) run->fail(FailureKind::assertion, message, site);
    if (report_native_failure(FailureKind::assertion, message, site)) return;
    std::fprintf(stderr, "heddle: misuse: check() outside of a model\n");
    std::abort();
}

}  // namespace heddle

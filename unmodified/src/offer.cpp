#include "offer.hpp"

#include <memory>
#include <string>
#include <utility>

#include <heddle/engine/program.hpp>

#include "front_end.hpp"
#include "options.hpp"

// Of prelude.hpp, in code that GCC or Clang has compiled.
extern "C" [[gnu::weak, gnu::visibility("default")]] const char heddle_calls_are_unseen;
extern "C" [[gnu::weak, gnu::visibility("default")]] const char heddle_locals_are_unseen;
extern "C" [[gnu::weak, gnu::visibility("default")]] const char heddle_long_doubles_are_unseen;

namespace heddle::unmodified {

namespace {

constexpr const char* bounds =
    "code compiled here only, its inline assembly unseen, loops that yield and leave a trace <= 2 iterations and then "
    "as many as they go round by themselves, wake-ups without a cause only where the thread would not wait again, "
    "readers of a lock ordered as by a mutex, and held up by a writer that waits only where its kind says so, ";

/// What one compiler has hooks for, and the other only with a plugin or an option.
std::string bounds_of_compiler() {
    std::string unseen;
    if (&heddle_calls_are_unseen != nullptr)
        unseen += "objects passed by value or returned unseen (by GCC without heddle's plugin), ";
    if (&heddle_locals_are_unseen != nullptr)
        unseen += "members of locals unseen in the function that has them (by Clang without its option), ";
    if (&heddle_long_doubles_are_unseen != nullptr) unseen += "long double unseen (by Clang), ";
    return unseen;
}

class Test final : public engine::Instance {
  public:
    explicit Test(const std::function<void()>& body) : body_(body) {}
    void thread(int) override { front_end->threads.run_first(body_); }
    void after() override {}

  private:
    const std::function<void()>& body_;
};

}  // namespace

harness::Offer offer_of(std::function<void()> body) {
    harness::Offer offer;
    offer.program.threads = 1;
    offer.program.spawned_threads = static_cast<int>(engine::most_adopted_threads) - 1;
    const auto shared = std::make_shared<std::function<void()>>(std::move(body));
    offer.program.spurious_wakeups = 1;
    offer.program.weak_failures = options.weak_failures ? 1 : 0;
    offer.program.make = [shared] { return std::make_unique<Test>(*shared); };
    offer.program.adopter = front_end;
    offer.bounds = bounds + bounds_of_compiler() + options.bounds();
    return offer;
}

}  // namespace heddle::unmodified

// Random programs as models: generated_test.cpp has them as ordinary C++, with the same executions.
#include <functional>

#include <heddle/checker/model.hpp>
#include <heddle/harness/command.hpp>

#include "generated_run.hpp"

namespace {

struct Model : generated::Run<heddle::checker::CheckingPlatform> {
    using Run::Run;
    void after() { heddle::check(holds(), "what the program asserts"); }
};

}  // namespace

int main(int argc, char** argv) {
    const auto programs = generated::random_programs();
    for (std::size_t number = 0; number != programs.size(); ++number) {
        heddle::harness::Check check{.name = generated::name_of(number), .claim = text_of(programs[number])};
        check.offers["exhaustive"].program = heddle::checker::program_of<Model>(
            static_cast<int>(programs[number].threads.size()), std::cref(programs[number]));
        heddle::harness::register_check(std::move(check));
    }
    return heddle::harness::model_main(argc, argv);
}

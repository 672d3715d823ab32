// Random programs as ordinary C++: generated_models.cpp has them on a Platform, with the same executions.
#include <cassert>
#include <iterator>
#include <thread>
#include <utility>

#include <heddle/platform/std_platform.hpp>
#include <heddle/unmodified.hpp>

#include "generated_run.hpp"

namespace {

const std::vector<generated::Program>& programs() {
    // Never destroyed: at the end of each execution of each of them, that would take longer than all else.
    static const auto& all = *new auto(generated::random_programs());
    return all;
}

[[gnu::noinline]] void explore(const generated::Program& program) {
    generated::Run<heddle::StdPlatform> run(program);
    std::array<std::thread, generated::most_threads> threads;
    for (std::size_t index = 0; index != program.threads.size(); ++index)
        threads[index] = std::thread([&run, index] { run.thread(static_cast<int>(index)); });
    for (std::size_t index = 0; index != program.threads.size(); ++index) threads[index].join();
    assert(run.holds());
}

// A test is a function without an argument.
template <std::size_t number>
void explored() {
    explore(programs()[number]);
}

template <std::size_t... numbers>
bool add(std::index_sequence<numbers...>) {
    programs();
    void (*const bodies[])() = {&explored<numbers>...};
    for (std::size_t number = 0; number != std::size(bodies); ++number)
        heddle::unmodified::add(generated::name_of(number).c_str(), bodies[number]);
    return true;
}
[[maybe_unused]] const bool added = add(std::make_index_sequence<generated::programs_count>());

}  // namespace

#include "locations.hpp"

#include <fmt/format.h>

namespace heddle::harness {

using engine::FailureKind;

namespace {

Location location_of(const Trace& trace, std::size_t at) {
    const auto& step = trace.steps()[at];
    return {step.place, fmt::format("{}: {}", thread_name(step.thread), trace.action(at))};
}

}  // namespace

std::vector<Location> failure_locations(const Trace& trace) {
    const auto& found = trace.counterexample();
    std::vector<std::size_t> steps;
    std::vector<Location> locations;
    if (found.thread)
        if (const auto last = trace.last_step_of(*found.thread);
            last && (found.place.line == 0 || trace.steps()[*last].place == found.place))
            steps.push_back(*last);
    if (steps.empty())
        locations.push_back({found.place, (found.thread ? thread_name(*found.thread) + ": " : "") + found.message});
    if (found.other_step) steps.push_back(*found.other_step);
    if (found.kind == FailureKind::deadlock || found.kind == FailureKind::livelock)
        for (const std::uint64_t thread : trace.threads())
            if (const auto last = trace.last_step_of(thread); thread != found.thread && !trace.steps()[*last].finished)
                steps.push_back(*last);
    for (const std::size_t step : steps) locations.push_back(location_of(trace, step));
    std::erase_if(locations, [](const Location& location) { return location.place.line == 0; });
    return locations;
}

}  // namespace heddle::harness

#include "difference.hpp"

#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace heddle::harness {

namespace {

using Step = Trace::Step;
using Spot = std::pair<std::uint64_t, std::size_t>;  // a thread, and which of its steps

/// Names steps by what does not depend on the order of the threads.
class Spots {
  public:
    explicit Spots(const Trace& trace) : trace_(trace) {
        for (std::size_t at = 0; at != trace.steps().size(); ++at) {
            auto& steps = of_thread_[trace.steps()[at].thread];
            spots_.emplace_back(trace.steps()[at].thread, steps.size());
            steps.push_back(at);
        }
    }

    const Spot& of(std::size_t step) const { return spots_[step]; }

    std::optional<std::size_t> at(const Spot& spot) const {
        const auto steps = of_thread_.find(spot.first);
        if (steps == of_thread_.end() || spot.second >= steps->second.size()) return std::nullopt;
        return steps->second[spot.second];
    }

    /// What a step does and what comes of it, the step that it reads from included.
    auto content(std::size_t at) const {
        const Step& step = trace_.steps()[at];
        const auto source = step.reads_from ? std::optional(spots_[*step.reads_from]) : std::nullopt;
        return std::tuple(step.kind, step.part, trace_.object_name(step), step.value, step.expected, step.read,
                          step.success, step.finished, source);
    }

  private:
    const Trace& trace_;
    std::map<std::uint64_t, std::vector<std::size_t>> of_thread_;
    std::vector<Spot> spots_;
};

}  // namespace

std::optional<Difference> first_difference(const Trace& failing, const Trace& passing) {
    const Spots here(failing);
    const Spots there(passing);
    for (std::size_t step = 0; step != failing.steps().size(); ++step) {
        const auto other = there.at(here.of(step));
        if (!other || here.content(step) != there.content(*other)) return Difference{step, other};
    }
    return std::nullopt;
}

}  // namespace heddle::harness

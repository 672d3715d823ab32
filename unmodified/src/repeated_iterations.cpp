#include "repeated_iterations.hpp"

#include <bit>

#include "front_end.hpp"

namespace heddle::unmodified {

bool RepeatedIterations::goes_on() const {
    return self.iteration.repeats && self.iteration.position != 0 && !front_end_.witness().is_imagining();
}

/// Whether nothing is asked of the iteration, nor at its end. The first one is not like the last.
bool RepeatedIterations::is_like_the_last() const {
    const Iteration& iteration = self.iteration;
    const unsigned next = iteration.repeated + 1;
    return iteration.repeats && !self.is_compared() && !std::has_single_bit(next) && next < EndlessLoops::most_turns &&
           front_end_.witness().events() == iteration.events;
}

std::optional<std::uint64_t> RepeatedIterations::look_at_once(std::uint64_t site, std::uintptr_t address) const {
    Iteration& iteration = self.iteration;
    if (!is_like_the_last()) return std::nullopt;
    if (iteration.yielded_at == site) {  // most loops that spin look once in an iteration
        if (iteration.position == 0 || !iteration.looks[iteration.position - 1].is_at(site, address))
            return std::nullopt;
        ++iteration.repeated;
        return iteration.looks[iteration.position - 1].value;
    }
    const std::size_t next = iteration.position == 0 ? iteration.first - 1 : iteration.position;
    if (next >= iteration.looks.size() || !iteration.looks[next].is_at(site, address)) return std::nullopt;
    iteration.position = next + 1;
    return iteration.looks[next].value;
}

bool RepeatedIterations::yield_at_once(std::uint64_t site) const {
    Iteration& iteration = self.iteration;
    if (iteration.yielded_at != site || iteration.position == 0 || !is_like_the_last()) return false;
    ++iteration.repeated;
    iteration.position = 0;
    iteration.is_new = true;
    return true;
}

/// Returns: which look of the last iteration that is, counted from 1; more than there are, or 0, if it is none.
std::size_t RepeatedIterations::place_of(std::uint64_t site, std::uintptr_t address) const {
    const Iteration& iteration = self.iteration;
    const std::size_t count = iteration.looks.size();
    if (iteration.position == 0) {
        // What was looked at before the loop was is no part of its iteration.
        std::size_t latest = count;
        while (latest != 0 && !iteration.looks[latest - 1].is_at(site, address)) --latest;
        return latest;
    }
    // Of a loop that leaves a trace, some iterations may come round without a yield.
    if (iteration.position >= count && known_.is(LoopKind::leaves_trace, iteration.yielded_at)) return iteration.first;
    return iteration.position + 1;
}

std::optional<std::uint64_t> RepeatedIterations::look_again(std::uint64_t site, std::uintptr_t address,
                                                            std::uintptr_t caller) const {
    Iteration& iteration = self.iteration;
    const std::size_t place = place_of(site, address);
    if (place == 0 || place > iteration.looks.size()) return std::nullopt;
    const Look& look = iteration.looks[place - 1];
    if (!look.is_at(site, address) || !iteration.looks.would_find(address, look.value) ||
        front_end_.witness().events() != iteration.events)
        return std::nullopt;
    if (iteration.position == 0) {
        // What has found something new on its way is not repeated to its end. The engine hears of the yield before the first look.
        if (iteration.is_untold && !iteration.looks.are_in_vain_since(place - 1)) return std::nullopt;
        iteration.first = place;
    }
    iteration.position = place;
    if (++self.reads_in_vain == Accesses::most_reads_in_vain) endless_.cut_off(caller);
    return look.value;
}

}  // namespace heddle::unmodified

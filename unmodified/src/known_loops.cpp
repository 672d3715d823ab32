#include "known_loops.hpp"

#include "front_end.hpp"

namespace heddle::unmodified {

void KnownLoops::note(LoopKind kind, std::uint64_t loop) {
    if (!is(kind, loop)) loops_[static_cast<std::size_t>(kind)].push_back(loop);
}

void KnownLoops::learn(LoopKind kind, std::uint64_t loop) {
    if (is(kind, loop)) return;
    note(kind, loop);
    front_end_.run().restart();
}

engine::Site KnownLoops::site_of(std::uintptr_t caller) const {
    const Sites::Known& known = front_end_.sites.of(caller, self.calls);
    return is(LoopKind::leaves_trace, Sites::number(caller, self.calls)) ? known.again : known.loop;
}

}  // namespace heddle::unmodified

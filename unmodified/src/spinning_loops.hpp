// Loops that spin without a word, that is, without a yield. They are found by what they do: where a thread that has done
// nothing but look comes round to a look of before and has left no trace, it waits as if it had yielded there. A loop that has
// left a trace in each of many rounds is one that counts, as if it yielded there.
//
// A round goes from a look to where the thread comes to the same look again. Rounds of one look each, as of an inner loop, are
// followed within those of several.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arrival.hpp"
#include "endless_loops.hpp"
#include "footprint.hpp"
#include "known_loops.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// Used by WaitingLoops, for the running thread. State: ThreadState::spin and tight_spin, which only it changes. The looks that
/// WaitingLoops keeps in ThreadState::iteration are of one round: where another one begins, they are cleared.
class SpinningLoops {
  public:
    SpinningLoops(FrontEnd& front_end, KnownLoops& known, EndlessLoops& endless)
        : front_end_(front_end), known_(known), endless_(endless), rounds_(front_end), tight_rounds_(front_end) {}

    enum class Found : std::uint8_t {
        nothing,       ///< the look is a step
        waits,         ///< the loop waits, and is known to: the thread yields before the look
        leaves_trace,  ///< the thread goes round as often as it does, and the look is no step
    };
    /// The thread comes to a look, which is a step as far as is known otherwise. Does not return where the thread goes round
    /// for ever.
    Found come_to_look(const Arrival& here);
    /// A round begins with that look.
    void begin(const Arrival& here);
    /// The thread has looked.
    static void looked(const Look& look);
    /// The thread has written again what it had written: the round goes on, and is none that counts looks.
    static void stored_again();
    /// The thread takes a step that is no look, or comes to a yield: no round goes on.
    void end() {
        if (self.spin.site != 0) forget();
    }
    /// As WaitingLoops has them.
    void before_write(std::uintptr_t address, std::size_t size);
    void leave();

  private:
    void begin(Spin& spin, Footprint& round, const Arrival& here);
    Found end_round(Spin& spin, Footprint& round, unsigned most, const Arrival& here);
    void forget() const;

    FrontEnd& front_end_;
    KnownLoops& known_;
    EndlessLoops& endless_;
    Footprints rounds_;
    Footprints tight_rounds_;
};

}  // namespace heddle::unmodified

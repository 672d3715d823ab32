// Ctrl-C and SIGTERM: the run ends, and what it has found is told.
#pragma once

namespace heddle::harness {

/// While it lives, the first of these signals is noted, and a second one ends the process at once. Requires: there is one at
/// a time. A signal that whoever started the process has ignored stays so.
class Interruption {
  public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    /// The signal that came; 0: none.
    static int signal();
};

}  // namespace heddle::harness

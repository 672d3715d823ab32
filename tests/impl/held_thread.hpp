// A thread for tests that look at threads while they run.
#pragma once

#include <utility>

#include <heddle/lock.hpp>
#include <heddle/thread.hpp>

namespace heddle {

// A thread that runs until the test lets it go.
class HeldThread {
  public:
    explicit HeldThread(ThreadOptions options = {}) : thread(std::move(options), [this] { gate_.acquire(); }) {
        gate_.acquire();
    }
    ~HeldThread() {
        if (gate_.locked()) gate_.release();
        if (thread.ident()) thread.join();
    }
    void let_go() { gate_.release(); }

  private:
    Lock gate_;  // before the thread, which uses it

  public:
    Thread thread;
};

}  // namespace heddle

// Two loops in low-level threads. Nobody can join those: each loop releases a lock that main waits for.
#include <heddle/low_level.hpp>

#include "two_loops.hpp"

int main(int argc, char** argv) {
    const double scale = two_loops::scale_from(argc, argv);
    two_loops::starting();
    static std::array<heddle::Lock, two_loops::pair_of_loops.size()> locks;  // static: the threads may outlive main
    for (auto& lock : locks) lock.acquire();
    for (std::size_t i = 0; i != locks.size(); ++i) {
        heddle::start_new_thread([i, scale] {
            two_loops::loop(static_cast<int>(i), two_loops::pair_of_loops[i] * scale);
            locks[i].release();
        });
    }
    for (auto& lock : locks) lock.acquire();
    two_loops::all_done();
}

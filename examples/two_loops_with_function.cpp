// Two loops, each a Thread built from a function and its arguments.
#include <heddle/thread.hpp>

#include "two_loops.hpp"

int main(int argc, char** argv) {
    const double scale = two_loops::scale_from(argc, argv);
    two_loops::starting();
    heddle::Thread first(two_loops::loop, 0, two_loops::loops[0] * scale);
    heddle::Thread second(two_loops::loop, 1, two_loops::loops[1] * scale);
    first.start();
    second.start();
    first.join();
    second.join();
    two_loops::all_done();
}

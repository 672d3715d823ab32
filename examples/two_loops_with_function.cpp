// Three loops, each a Thread built from a function and its arguments.
#include <deque>

#include <heddle/thread.hpp>

#include "two_loops.hpp"

int main(int argc, char** argv) {
    const double scale = two_loops::scale_from(argc, argv);
    two_loops::starting();
    std::deque<heddle::Thread> threads;
    for (int number = 0; const double seconds : two_loops::three_loops)
        threads.emplace_back(two_loops::loop, number++, seconds * scale);
    for (auto& thread : threads) thread.start();
    for (auto& thread : threads) thread.join();
    two_loops::all_done();
}

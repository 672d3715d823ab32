// Two loops, each a Thread built from a callable object, which carries its arguments.
#include <heddle/thread.hpp>

#include "two_loops.hpp"

namespace {

class LoopCall {
  public:
    LoopCall(int number, double seconds) : number_(number), seconds_(seconds) {}
    void operator()() const { two_loops::loop(number_, seconds_); }

  private:
    int number_;
    double seconds_;
};

}  // namespace

int main(int argc, char** argv) {
    const double scale = two_loops::scale_from(argc, argv);
    two_loops::starting();
    heddle::Thread first(LoopCall(0, two_loops::loops[0] * scale));
    heddle::Thread second(LoopCall(1, two_loops::loops[1] * scale));
    first.start();
    second.start();
    first.join();
    second.join();
    two_loops::all_done();
}

// Two loops, each a class derived from Thread: run() keeps a result, which is fetched after join.
#include <heddle/thread.hpp>

#include "two_loops.hpp"

namespace {

class LoopThread : public heddle::Thread {
  public:
    LoopThread(int number, double seconds) : number_(number), seconds_(seconds) {}

    void run() override {
        two_loops::loop(number_, seconds_);
        result_ = seconds_;
    }

    /// The seconds slept. Requires: joined.
    double result() const { return result_; }

  private:
    int number_;
    double seconds_;
    double result_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const double scale = two_loops::scale_from(argc, argv);
    two_loops::starting();
    LoopThread first(0, two_loops::loops[0] * scale);
    LoopThread second(1, two_loops::loops[1] * scale);
    first.start();
    second.start();
    first.join();
    std::printf("loop 0 result: %g\n", first.result());
    second.join();
    std::printf("loop 1 result: %g\n", second.result());
    two_loops::all_done();
}

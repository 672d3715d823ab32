// Three loops, each a class derived from Thread: run() keeps a result, which is fetched after join.
#include <deque>
#include <string>

#include <heddle/thread.hpp>

#include "two_loops.hpp"

namespace {

class LoopThread : public heddle::Thread {
  public:
    LoopThread(int number, double seconds)
        : heddle::Thread({.name = "loop " + std::to_string(number)}), number_(number), seconds_(seconds) {}

    void run() override { result_ = two_loops::loop(number_, seconds_); }

    /// What the loop returned: the seconds slept. Requires: joined.
    double get_result() const { return result_; }

  private:
    int number_;
    double seconds_;
    double result_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const double scale = two_loops::scale_from(argc, argv);
    two_loops::starting();
    std::deque<LoopThread> threads;
    for (int number = 0; const double seconds : two_loops::three_loops) threads.emplace_back(number++, seconds * scale);
    for (auto& thread : threads) thread.start();
    for (auto& thread : threads) {
        thread.join();
        std::printf("%s result: %g\n", thread.name().c_str(), thread.get_result());
    }
    two_loops::all_done();
}

// Two loops, each a Thread built from a callable object, which carries a function, its arguments and a name.
#include <deque>
#include <string>
#include <tuple>
#include <utility>

#include <heddle/thread.hpp>

#include "two_loops.hpp"

namespace {

template <class Function, class... Arguments>
class NamedCall {
  public:
    NamedCall(Function function, std::tuple<Arguments...> arguments, std::string name)
        : function_(std::move(function)), arguments_(std::move(arguments)), name_(std::move(name)) {}

    void operator()() const { std::apply(function_, arguments_); }

    const std::string& name() const { return name_; }

  private:
    Function function_;
    std::tuple<Arguments...> arguments_;
    std::string name_;
};

}  // namespace

int main(int argc, char** argv) {
    const double scale = two_loops::scale_from(argc, argv);
    two_loops::starting();
    std::deque<heddle::Thread> threads;
    for (int number = 0; const double seconds : two_loops::pair_of_loops) {
        const NamedCall call(&two_loops::loop, std::tuple(number, seconds * scale), "loop " + std::to_string(number));
        threads.emplace_back(heddle::ThreadOptions{.name = call.name()}, call);
        ++number;
    }
    for (auto& thread : threads) thread.start();
    for (auto& thread : threads) thread.join();
    two_loops::all_done();
}

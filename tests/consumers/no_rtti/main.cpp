#include <chrono>
#include <memory>

#include <heddle/queue.hpp>
#include <heddle/thread.hpp>
#include <heddle/timer.hpp>

namespace {

/// What derives from Thread runs on its object, which the thread keeps.
class Summer : public heddle::Thread {
  public:
    explicit Summer(heddle::Queue<int>& sums) : sums_(sums) {}
    void run() override { sums_.put(part_ + 2); }

  private:
    heddle::Queue<int>& sums_;
    int part_ = 40;
};

}  // namespace

int main() {
    heddle::Queue<int> sums(1);
    std::make_shared<Summer>(sums)->start();
    if (sums.get() != 42) return 1;
    // A plain Thread or Timer may be dropped while it runs: an object that it needed would be misuse.
    heddle::Queue<int> dropped(1);
    const auto answer = [&sums, &dropped] { sums.put(dropped.get()); };
    heddle::Thread(answer).start();
    dropped.put(1);
    if (sums.get() != 1) return 2;
    heddle::Timer(std::chrono::duration<double>(0), answer).start();
    dropped.put(2);
    return sums.get() == 2 ? 0 : 3;
}

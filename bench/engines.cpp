// How fast the engines explore: executions per second and time to exhaust, on the same models in the same run, over
// growing numbers of events, threads and locations. Prints one JSON object per measurement.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <heddle/engine/engine.hpp>
#include <heddle/checker/mutex.hpp>
#include <heddle/lock.hpp>

namespace heddle::bench {
namespace {

using checker::CheckingPlatform;

/// A family of models with one number to grow.
struct Size {
    int threads;
    int locations;
    int rounds;
};

// Each thread writes and reads relaxed, going round the locations.
class Accesses final : public checker::Program {
  public:
    explicit Accesses(const Size& size) : size_(size) {
        for (int n = 0; n != size.locations; ++n) atomics_.emplace_back(0);
    }
    void thread(int index) override {
        for (int round = 0; round != size_.rounds; ++round) {
            auto& mine = atomics_[static_cast<std::size_t>((index + round) % size_.locations)];
            auto& next = atomics_[static_cast<std::size_t>((index + round + 1) % size_.locations)];
            mine.store(index + 1, std::memory_order_release);
            next.load(std::memory_order_acquire);
        }
    }
    void after() override {}

  private:
    Size size_;
    std::deque<CheckingPlatform::atomic<int>> atomics_;
};

// Threads that take and release a lock: the real one, over its futex.
class Locking final : public checker::Program {
  public:
    explicit Locking(const Size& size) : size_(size) {}
    void thread(int) override {
        for (int round = 0; round != size_.rounds; ++round) {
            lock_.acquire();
            count_.write(count_.read() + 1);
            lock_.release();
        }
    }
    void after() override { check(count_.read() == size_.threads * size_.rounds); }

  private:
    Size size_;
    BasicLock<CheckingPlatform> lock_;
    CheckingPlatform::plain<int> count_{0};
};

// One thread at a time: no interleaving to speak of, only events. What an event costs.
class Straight final : public checker::Program {
  public:
    explicit Straight(const Size& size) : size_(size) {}
    void thread(int index) override {
        if (index == 1) {
            for (int load = 0; load != contended_steps; ++load) contended_.load(std::memory_order_relaxed);
            return;
        }
        for (int round = 0; round != size_.rounds; ++round) own_.store(round, std::memory_order_relaxed);
        for (int round = 0; round != contended_steps; ++round) contended_.store(round, std::memory_order_relaxed);
    }
    void after() override {}

  private:
    static constexpr int contended_steps = 6;
    Size size_;
    CheckingPlatform::atomic<int> own_{0};
    CheckingPlatform::atomic<int> contended_{0};
};

// As many producers as consumers, over a queue for one item: a mutex and two condition variables.
class Bounded final : public checker::Program {
  public:
    explicit Bounded(const Size& size) : size_(size) {}
    void thread(int index) override {
        for (int item = 0; item != size_.rounds; ++item) {
            std::unique_lock guard(mutex_);
            if (index % 2 == 0) {
                while (full_) not_full_.wait(guard);
                full_ = true;
                not_empty_.notify_one();
            } else {
                while (!full_) not_empty_.wait(guard);
                full_ = false;
                not_full_.notify_one();
            }
        }
    }
    void after() override { check(!full_); }

  private:
    Size size_;
    bool full_ = false;
    checker::mutex<CheckingPlatform> mutex_;
    checker::condition_variable<CheckingPlatform> not_empty_;
    checker::condition_variable<CheckingPlatform> not_full_;
};

template <class Program>
checker::Model model_of(const Size& size) {
    checker::Model model;
    model.name = "bench";
    model.threads = size.threads;
    model.checked = [size] { return std::make_unique<Program>(size); };
    return model;
}

struct Family {
    const char* name;
    checker::Model (*model)(const Size&);
    std::vector<Size> sizes;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// What came of exploring a model again and again.
struct Measured {
    checker::Verdict verdict;   ///< of the first exploration, which had the whole budget
    double seconds = 0;         ///< of one exploration, on average over the first round
    std::vector<double> rates;  ///< executions a second, round by round
};

/// Explores until `at_least` seconds have gone by, each time for at most `budget` seconds.
void explore(const checker::Model& model, const checker::Engine& engine, double budget, double at_least,
             Measured& measured) {
    checker::ExploreOptions options;
    options.budget = std::chrono::duration<double>(budget);
    double seconds = 0;
    double executions = 0;
    int explorations = 0;
    do {
        const auto verdict = checker::check_model(model, engine, options);
        if (measured.rates.empty() && explorations == 0) measured.verdict = verdict;
        seconds += verdict.seconds;
        executions += static_cast<double>(verdict.executions);
        ++explorations;
    } while (seconds < at_least);
    if (measured.rates.empty()) measured.seconds = seconds / explorations;
    measured.rates.push_back(executions / seconds);
}

/// Both engines, turn by turn: what else the machine does slows both down, and the ratio of a pair says more than either.
void measure(const Family& family, const Size& size, double budget) {
    constexpr int rounds = 11;
    constexpr double slice = 0.1;
    const checker::Model model = family.model(size);
    std::map<std::string_view, Measured> all;
    std::vector<double> ratios;
    for (int round = 0; round != rounds; ++round) {
        for (const checker::Engine* const engine : checker::engines())
            if (engine->name() != "threads")
                explore(model, *engine, round == 0 ? budget : slice, slice, all[engine->name()]);
        ratios.push_back(all["exhaustive"].rates.back() / all["relacy"].rates.back());
    }
    const auto [worst, best] = std::minmax_element(ratios.begin(), ratios.end());
    for (const auto& [engine, measured] : all) {
        const checker::Verdict& verdict = measured.verdict;
        fmt::print(
            R"({{"family": "{}", "engine": "{}", "threads": {}, "locations": {}, "rounds": {}, "events": {}, "executions": {}, "seconds": {:.6f}, "exhausted": {}, "rate": {:.0f}, "ratio": {:.3f}, "worst": {:.3f}, "best": {:.3f}}})"
            "\n",
            family.name, engine, size.threads, size.locations, size.rounds, verdict.longest_execution,
            verdict.executions, measured.seconds, verdict.outcome == checker::Outcome::exhausted,
            median(measured.rates), median(ratios), *worst, *best);
    }
    std::fflush(stdout);
}

}  // namespace
}  // namespace heddle::bench

int main(int argc, char** argv) {
    using namespace heddle;
    using namespace heddle::bench;
    const double budget = argc > 1 ? std::stod(argv[1]) : 2.0;
    const std::vector<Family> families{
        {"events of one execution", &model_of<Straight>, {{2, 1, 3}, {2, 1, 10}, {2, 1, 20}, {2, 1, 50}, {2, 1, 107}}},
        {"rounds of two threads", &model_of<Accesses>, {{2, 2, 1}, {2, 2, 2}, {2, 2, 3}, {2, 2, 4}}},
        {"threads", &model_of<Accesses>, {{2, 2, 1}, {3, 2, 1}, {4, 2, 1}, {5, 2, 1}}},
        {"locations", &model_of<Accesses>, {{3, 1, 2}, {3, 2, 2}, {3, 3, 2}, {3, 6, 2}}},
        {"a lock over its futex", &model_of<Locking>, {{2, 1, 1}, {2, 1, 2}, {3, 1, 1}, {2, 1, 3}}},
        {"a bounded queue", &model_of<Bounded>, {{2, 1, 1}, {2, 1, 2}, {4, 1, 1}, {4, 1, 2}}},
    };
    for (const Family& family : families)
        for (const Size& size : family.sizes) measure(family, size, budget);
}

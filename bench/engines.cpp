// How fast the engines explore: executions per second and time to exhaust, on the same models in the same run, over
// growing numbers of events, threads and locations. Prints one JSON object per measurement.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <heddle/checker/model.hpp>
#include <heddle/engine/engine.hpp>
#include <heddle/lock.hpp>

#include "programs.hpp"
#include "retrying.hpp"

namespace heddle::bench {
namespace {

// Threads that take and release a lock: the real one, over its futex.
class Locking {
  public:
    explicit Locking(const Size& size) : size_(size) {}
    void thread(int) {
        for (int round = 0; round != size_.rounds; ++round) {
            lock_.acquire();
            count_.write(count_.read() + 1);
            lock_.release();
        }
    }
    void after() { check(count_.read() == size_.threads * size_.rounds); }

  private:
    Size size_;
    BasicLock<CheckingPlatform> lock_;
    CheckingPlatform::plain<int> count_{0};
};

// One thread at a time: no interleaving to speak of, only events. What an event costs.
class Straight {
  public:
    explicit Straight(const Size& size) : size_(size) {}
    void thread(int index) {
        if (index == 1) {
            for (int load = 0; load != contended_steps; ++load) contended_.load(std::memory_order_relaxed);
            return;
        }
        for (int round = 0; round != size_.rounds; ++round) own_.store(round, std::memory_order_relaxed);
        for (int round = 0; round != contended_steps; ++round) contended_.store(round, std::memory_order_relaxed);
    }
    void after() {}

  private:
    static constexpr int contended_steps = 6;
    Size size_;
    CheckingPlatform::atomic<int> own_{0};
    CheckingPlatform::atomic<int> contended_{0};
};

// As many producers as consumers, over a queue for one item: a mutex and two condition variables.
class Bounded {
  public:
    explicit Bounded(const Size& size) : size_(size) {}
    void thread(int index) {
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
    void after() { check(!full_); }

  private:
    Size size_;
    bool full_ = false;
    checker::mutex<CheckingPlatform> mutex_;
    checker::condition_variable<CheckingPlatform> not_empty_;
    checker::condition_variable<CheckingPlatform> not_full_;
};

template <class Model>
engine::Program program_of(const Size& size) {
    engine::Program program = checker::program_of<Model>(size.threads, size);
    program.self_contained = true;  // a size is nothing that is shared
    return program;
}

struct Family {
    const char* name;
    engine::Program (*program)(const Size&);
    std::vector<Size> sizes;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// What came of exploring a model again and again.
struct Measured {
    engine::Exploration found;  ///< of the first exploration, which had the whole budget
    double seconds = 0;         ///< of one exploration, on average over the first round
    std::vector<double> rates;  ///< executions a second, round by round
};

/// Explores until `at_least` seconds have gone by, each time for at most `budget` seconds.
void explore(const engine::Program& program, const engine::Engine& engine, double budget, double at_least,
             Measured& measured) {
    // Of the processor: the engines run on this thread alone, and the machine may be busy.
    const auto now = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
    const engine::Limits limits{.budget = std::chrono::duration<double>(budget),
                                .search = {.kind = engine::Search::Kind::full}};
    double seconds = 0;
    double executions = 0;
    int explorations = 0;
    // Ever more of them between two readings of the clock: one takes as long as a small exploration.
    for (int batch = 1; seconds < at_least; batch *= 2) {
        const double start = now();
        for (int each = 0; each != batch; ++each) {
            const auto found = engine.explore(program, limits);
            if (measured.rates.empty() && explorations == 0) measured.found = found;
            executions += static_cast<double>(found.executions);
            ++explorations;
        }
        seconds += now() - start;
    }
    if (measured.rates.empty()) measured.seconds = seconds / explorations;
    measured.rates.push_back(executions / seconds);
}

/// Both engines, turn by turn: what else the machine does slows both down, and the ratio of a pair says more than either.
void measure(const Family& family, const Size& size, double budget) {
    constexpr int rounds = 11;
    constexpr double slice = 0.1;
    const engine::Program program = family.program(size);
    std::map<std::string_view, Measured> all;
    std::vector<double> ratios;
    for (int round = 0; round != rounds; ++round) {
        for (const engine::Engine* const engine : engine::engines())
            if (engine->name() != "threads")
                explore(program, *engine, round == 0 ? budget : slice, slice, all[engine->name()]);
        ratios.push_back(all["exhaustive"].rates.back() / all["relacy"].rates.back());
    }
    const auto [worst, best] = std::minmax_element(ratios.begin(), ratios.end());
    for (const auto& [engine, measured] : all) {
        const engine::Exploration& found = measured.found;
        fmt::print(
            R"({{"family": "{}", "engine": "{}", "threads": {}, "locations": {}, "rounds": {}, "events": {}, "executions": {}, "seconds": {:.6f}, "exhausted": {}, "rate": {:.0f}, "ratio": {:.3f}, "worst": {:.3f}, "best": {:.3f}}})"
            "\n",
            family.name, engine, size.threads, size.locations, size.rounds, found.longest_execution, found.executions,
            measured.seconds, found.outcome == engine::Outcome::exhausted, median(measured.rates), median(ratios),
            *worst, *best);
    }
    std::fflush(stdout);
}

const engine::Engine& exhaustive() {
    for (const engine::Engine* const engine : engine::engines())
        if (engine->name() == "exhaustive") return *engine;
    throw std::logic_error("this build has no exhaustive engine");
}

/// A program that other explorers have been measured with.
struct Published {
    const char* name;
    engine::Program (*program)(const Size&);
    Size size;
    double genmc = 0;    ///< seconds of GenMC 0.11, where it took 4.1 for fib_bench; 0: not measured
    bool learns = true;  ///< otherwise each execution is run (decision 0020)
};

engine::Program program_of(const Published& published) {
    engine::Program program = published.program(published.size);
    program.self_contained = published.learns;
    return program;
}

/// The exhaustive engine alone: the others do not get through.
void measure(const Published& published, double budget) {
    constexpr int rounds = 5;
    constexpr double slice = 0.1;
    const engine::Program program = program_of(published);
    Measured measured;
    for (int round = 0; round != rounds; ++round) explore(program, exhaustive(), budget, slice, measured);
    const engine::Exploration& found = measured.found;
    fmt::print(
        R"({{"program": "{}", "threads": {}, "rounds": {}, "events": {}, "executions": {}, "blocked": {}, "exhausted": {}, "rate": {:.0f}, "genmc": {}}})"
        "\n",
        published.name, published.size.threads, published.size.rounds, found.longest_execution, found.executions,
        found.blocked, found.outcome == engine::Outcome::exhausted, median(measured.rates), published.genmc);
    std::fflush(stdout);
}

const std::vector<Family>& families() {
    static const std::vector<Family> all{
        {"events of one execution",
         &program_of<Straight>,
         {{2, 1, 3}, {2, 1, 10}, {2, 1, 20}, {2, 1, 50}, {2, 1, 107}}},
        {"rounds of two threads",
         &program_of<Accesses<release, acquire>>,
         {{2, 2, 1}, {2, 2, 2}, {2, 2, 3}, {2, 2, 4}}},
        {"threads", &program_of<Accesses<release, acquire>>, {{2, 2, 1}, {3, 2, 1}, {4, 2, 1}, {5, 2, 1}}},
        {"locations", &program_of<Accesses<release, acquire>>, {{3, 1, 2}, {3, 2, 2}, {3, 3, 2}, {3, 6, 2}}},
        {"a lock over its futex", &program_of<Locking>, {{2, 1, 1}, {2, 1, 2}, {3, 1, 1}, {2, 1, 3}}},
        {"a bounded queue", &program_of<Bounded>, {{2, 1, 1}, {2, 1, 2}, {4, 1, 1}, {4, 1, 2}}},
    };
    return all;
}

const std::vector<Published>& published() {
    static const std::vector<Published> all{
        {"fib_bench, each execution run", &program_of<Fibonacci>, {3, 2, 5}, 4.1, false},
        {"fib_bench", &program_of<Fibonacci>, {3, 2, 5}, 4.1},
        {"store buffering with fences", &program_of<SeqCstFences>, {2, 2, 4}, 0.02},
        {"store buffering with fences", &program_of<SeqCstFences>, {2, 2, 5}, 0.24},
        {"store buffering with fences", &program_of<SeqCstFences>, {2, 2, 6}, 2.17},
        {"work stealing", &program_of<WorkStealing>, {3, 1, 2}},
        {"work stealing", &program_of<WorkStealing>, {3, 1, 3}},
        {"work stealing", &program_of<WorkStealing>, {4, 1, 2}},
        {"accesses, seq_cst", &program_of<Accesses<seq_cst, seq_cst>>, {3, 2, 3}},
        {"accesses, release and acquire", &program_of<Accesses<release, acquire>>, {3, 2, 3}},
        {"accesses, release and acquire", &program_of<Accesses<release, acquire>>, {6, 2, 1}, 0.91},
        {"SafeStack, seq_cst", &program_of<SafeStack>, {3, 3, 1}},
        {"ticket lock", &program_of<TicketLock>, {6, 1, 1}, 0.14},
        {"ticket lock", &program_of<TicketLock>, {7, 1, 1}, 1.26},
        {"Treiber stack", &program_of<TreiberStack<std::memory_order_consume>>, {5, 1, 2}},
        {"Treiber stack", &program_of<TreiberStack<std::memory_order_consume>>, {6, 1, 3}, 1.63},
        {"Michael-Scott queue", &program_of<MichaelScottQueue>, {4, 1, 2}, 0.25},
        {"test-and-test-and-set lock", &program_of<TestAndTestAndSet<true>>, {4, 1, 1}},
        {"rotation by compare-exchange", &program_of<Rotation>, {9, 1, 1}, 0.08},
        {"readers", &program_of<Readers<false>>, {14, 1, 1}},
        {"readers with an exception", &program_of<Readers<true>>, {14, 1, 1}, 0.41},
        {"frees", &program_of<Frees>, {1, 1, 1024}},
        {"frees", &program_of<Frees>, {1, 1, 16384}},
    };
    return all;
}

/// What is compared with another build: the exhaustive engine's rows, by names that stay.
std::map<std::string, engine::Program> rows() {
    std::map<std::string, engine::Program> all;
    const auto add = [&](const char* name, const Size& size, const engine::Program& program) {
        all.emplace(fmt::format("{} {}/{}/{}", name, size.threads, size.locations, size.rounds), program);
    };
    for (const Family& family : families())
        for (const Size& size : family.sizes) add(family.name, size, family.program(size));
    for (const Published& each : published()) add(each.name, each.size, program_of(each));
    return all;
}

/// One short measurement: two builds are measured by turns, so that a change of the machine's pace is in both.
void measure_pace(const std::string& row, double seconds) {
    Measured measured;
    explore(rows().at(row), exhaustive(), 60, seconds, measured);
    fmt::print(R"({{"executions": {}, "exhausted": {}, "rate": {:.0f}}})"
               "\n",
               measured.found.executions, measured.found.outcome == engine::Outcome::exhausted, measured.rates.front());
}

}  // namespace
}  // namespace heddle::bench

int main(int argc, char** argv) {
    using namespace heddle::bench;
    CLI::App app("Measures what exploring costs. Prints one JSON object per measurement.");
    double budget = 2;
    app.add_option("--seconds", budget, "At most so long for each exploration.");
    bool lists = false;
    app.add_flag("--list", lists, "Only names the rows of the exhaustive engine.");
    std::string row;
    app.add_option("--row", row, "Only this row of the exhaustive engine, once, for about --seconds.");
    CLI11_PARSE(app, argc, argv);
    if (lists) {
        for (const auto& [name, program] : rows()) fmt::print("{}\n", name);
    } else if (!row.empty()) {
        if (!rows().contains(row)) return fmt::print(stderr, "heddle-bench-engines: no row '{}': see --list\n", row), 2;
        measure_pace(row, budget);
    } else {
        for (const Family& family : families())
            for (const Size& size : family.sizes) measure(family, size, budget);
        for (const Published& each : published()) measure(each, budget);
    }
}

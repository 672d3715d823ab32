// What blocks on a futex is visited once too. The oracle knows no futex, so this compares the visited graphs alone.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include <heddle/lock.hpp>

#include "explored.hpp"

namespace heddle::oracle {
namespace {

using checker::CheckingPlatform;
using checker::exhaustive::EventId;
using checker::exhaustive::Graph;

/// Threads that lock and unlock so many times.
class Locking final : public checker::Program {
  public:
    explicit Locking(int rounds) : rounds_(rounds) {}
    void thread(int) override {
        for (int round = 0; round != rounds_; ++round) {
            lock_.acquire();
            lock_.release();
        }
    }
    void after() override { check(!lock_.locked()); }

  private:
    int rounds_;
    BasicLock<CheckingPlatform> lock_;
};

// All that distinguishes two graphs: the events of each thread, who reads from whom, and every coherence order.
std::string text_of(const Graph& graph) {
    std::string text;
    const auto add = [&text](EventId id) { text += std::to_string(id.thread) + '.' + std::to_string(id.index) + ' '; };
    for (std::uint16_t thread = 0; thread != graph.threads(); ++thread) {
        for (std::uint16_t index = 0; index != graph.size(thread); ++index) {
            const auto& event = graph[EventId{thread, index}];
            text += std::to_string(static_cast<int>(event.kind)) + '=' + std::to_string(event.value) + '<';
            add(event.reads_from);
        }
        text += '\n';
    }
    for (checker::exhaustive::LocationId location = 0; location != graph.locations(); ++location) {
        for (const EventId id : graph.at(location).coherence) add(id);
        text += '\n';
    }
    return text;
}

struct Size {
    int threads;
    int rounds;
    std::size_t executions;  // the first is known from elsewhere, the others pin what was measured
};
void PrintTo(const Size& size, std::ostream* out) { *out << size.threads << " by " << size.rounds; }
class FutexLock : public testing::TestWithParam<Size> {};

TEST_P(FutexLock, has_each_execution_visited_once) {
    checker::Model model;
    model.threads = GetParam().threads;
    model.checked = [rounds = GetParam().rounds] { return std::make_unique<Locking>(rounds); };
    std::set<std::string> seen;
    visit_executions(
        model, [&seen](const Graph& graph) { EXPECT_TRUE(seen.insert(text_of(graph)).second) << "visited twice"; });
    EXPECT_EQ(seen.size(), GetParam().executions);
}

INSTANTIATE_TEST_SUITE_P(Sizes, FutexLock, testing::Values(Size{2, 1, 10}, Size{2, 2, 472}, Size{3, 1, 2700}),
                         [](const auto& size) {
                             return std::to_string(size.param.threads) + "_by_" + std::to_string(size.param.rounds);
                         });

}  // namespace
}  // namespace heddle::oracle

// Join ordering: whatever threads start and join, what a thread did is seen after it was joined.
#include <heddle/thread.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include <heddle/properties/property.hpp>

namespace heddle::properties {
namespace {

// A tree of threads: each starts its children and joins them in the given order.
struct Plan {
    std::vector<Plan> children;
    bool joins_backwards = false;
};

std::ostream& operator<<(std::ostream& out, const Plan& plan) {
    out << (plan.joins_backwards ? "backwards(" : "forwards(");
    for (const Plan& child : plan.children) out << child << ' ';
    return out << ')';
}

rc::Gen<Plan> plans(int depth) {
    auto children = depth == 0 ? rc::gen::just(std::vector<Plan>{})
                               : rc::gen::resize(3, rc::gen::container<std::vector<Plan>>(plans(depth - 1)));
    return rc::gen::build<Plan>(rc::gen::set(&Plan::children, std::move(children)),
                                rc::gen::set(&Plan::joins_backwards));
}

/// The pure specification: how many threads a plan runs, itself included.
int size_of(const Plan& plan) {
    return std::accumulate(plan.children.begin(), plan.children.end(), 1,
                           [](int sum, const Plan& child) { return sum + size_of(child); });
}

/// What running a plan showed.
struct Observed {
    int threads = 1;
    bool alive_after_join = false;
};

// Runs a plan; plain data carries the results, so a join that returns too early gives wrong sums.
template <class AnyThread>
Observed run(const Plan& plan) {
    struct Child {
        explicit Child(const Plan& plan)
            : thread([this, &plan] {
                  std::this_thread::yield();  // gives a join that is too early the time to show it
                  observed = run<AnyThread>(plan);
              }) {}
        Observed observed{.threads = 0};
        AnyThread thread;
    };
    std::vector<std::unique_ptr<Child>> children;
    for (const Plan& child : plan.children) {
        children.push_back(std::make_unique<Child>(child));
        children.back()->thread.start();
    }
    if (plan.joins_backwards) std::reverse(children.begin(), children.end());
    Observed all;
    for (auto& child : children) {
        child->thread.join();
        all.threads += child->observed.threads;
        all.alive_after_join |= child->observed.alive_after_join || child->thread.is_alive();
    }
    return all;
}

template <class AnyThread>
void joins_in_order() {
    const Plan plan = *plans(3);
    const Observed observed = run<AnyThread>(plan);
    RC_ASSERT(observed.threads == size_of(plan));
    RC_ASSERT(!observed.alive_after_join);
}

// A thread whose join does not wait: the body waits behind a gate until the destructor, which joins for real.
class HastyThread {
  public:
    template <class F>
    explicit HastyThread(F function)
        : thread_([this, function] {
              gate_.acquire();
              function();
          }) {
        gate_.acquire();
    }
    ~HastyThread() {
        gate_.release();
        thread_.join();
    }
    void start() { thread_.start(); }
    void join() { thread_.join(Seconds(0)); }
    bool is_alive() const { return false; }

  private:
    Lock gate_;
    Thread thread_;
};

TEST(ThreadProperty, join_returns_after_all_that_the_thread_did) {
    expect_holds("after join, everything that the thread and its children did is seen", &joins_in_order<Thread>);
}

TEST(ThreadProperty_broken, a_join_that_returns_early_is_caught) {
    expect_caught("after join, everything that the thread and its children did is seen", &joins_in_order<HastyThread>,
                  {.counterexample_contains = "wards(forwards()"});
}

// The scope is that of a thread of the standard library: the main one may not end before the tests do.
template <class Guard>
void waits_for_all() {
    struct Started {
        ~Started() {
            for (auto& thread : all) thread->join();
        }
        std::size_t ended = 0;
        Lock lock;
        std::vector<std::unique_ptr<Thread>> all;
    } threads;
    const auto count = *rc::gen::inRange<std::size_t>(0, 4);
    std::thread([&] {
        [[maybe_unused]] const Guard guard{};
        for (std::size_t n = 0; n != count; ++n) {
            threads.all.push_back(std::make_unique<Thread>([&threads] {
                std::this_thread::yield();
                const std::scoped_lock guarded(threads.lock);
                ++threads.ended;
            }));
            threads.all.back()->start();
        }
    }).join();
    const std::scoped_lock guarded(threads.lock);
    RC_ASSERT(threads.ended == count);
}

TEST(ExitGuardProperty, waits_for_every_thread_that_was_started) {
    expect_holds("when a scope with an ExitGuard is left, every thread has ended", &waits_for_all<ExitGuard>);
}

struct NoGuard {};

TEST(ExitGuardProperty_broken, one_that_does_not_wait_is_caught) {
    expect_caught("when a scope with an ExitGuard is left, every thread has ended", &waits_for_all<NoGuard>);
}

}  // namespace
}  // namespace heddle::properties

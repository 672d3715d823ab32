// The threads engine: runs a program on the machine itself, many times. What it finds is real; what it does not find
// says little, so its green is "sampled". Under ThreadSanitizer each run also looks for races.
#include "threads_engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engines.hpp"
#include "execution/guarded.hpp"
#include "host/watch.hpp"

namespace heddle::engine {

namespace {

constexpr std::uint64_t most_executions = 2000;
#if defined(__has_feature)  // how Clang says what GCC defines a name for
constexpr bool is_under_sanitizer = __has_feature(thread_sanitizer) || __has_feature(address_sanitizer);
#elif defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool is_under_sanitizer = true;
#else
constexpr bool is_under_sanitizer = false;
#endif
// Under a sanitizer the same programs run ten times slower.
constexpr std::chrono::milliseconds sample_time{is_under_sanitizer ? 1500 : 500};
constexpr std::chrono::seconds hang_after{20};  // one execution takes microseconds

// One program's runs. It outlives explore() if an execution hangs: its threads then still use it.
class Sampling {
  public:
    explicit Sampling(const Program& program) : program_(program) {}

    /// Runs the program until the sample is complete or a run fails.
    void run() {
        const auto end = std::chrono::steady_clock::now() + sample_time;
        while (executions_ < most_executions && std::chrono::steady_clock::now() < end && !failure()) {
            one_execution();
            executions_.fetch_add(1, std::memory_order_relaxed);  // relaxed: a progress counter
        }
        const std::lock_guard guard(mutex_);
        finished_ = true;
        changed_.notify_all();
    }

    /// Waits until run() is over, or cannot be any more. Returns: false if an execution did not end in time.
    bool wait() {
        std::unique_lock guard(mutex_);
        for (std::uint64_t before = executions();; before = executions()) {
            if (changed_.wait_for(guard, hang_after, [this] { return finished_ || halted_; })) return true;
            if (executions() == before) return false;
        }
    }

    void report(FailureKind kind, std::string message) {
        const std::lock_guard guard(mutex_);
        if (!failure_) failure_ = {kind, std::move(message)};
    }

    /// A thread does not go on after what was reported.
    void halt() {
        const std::lock_guard guard(mutex_);
        halted_ = true;
        changed_.notify_all();
    }

    std::optional<std::pair<FailureKind, std::string>> failure() {
        const std::lock_guard guard(mutex_);
        return failure_;
    }

    std::uint64_t executions() const { return executions_.load(std::memory_order_relaxed); }

  private:
    void one_execution() {
        const auto instance = program_.make();
        std::atomic<int> ready{0};
        std::vector<std::jthread> threads;
        for (int index = 0; index != program_.threads; ++index) {
            threads.emplace_back([this, &instance, &ready, index] {
                // Relaxed: only brings the threads close together in time.
                ready.fetch_add(1, std::memory_order_relaxed);
                while (ready.load(std::memory_order_relaxed) != program_.threads) std::this_thread::yield();
                guarded([&] { instance->thread(index); });
            });
        }
        threads.clear();  // joins
        guarded([&] { instance->after(); });
    }

    template <class Body>
    void guarded(Body body) {
        if (auto uncaught = exception_leaving(body)) report(FailureKind::exception, std::move(uncaught->message));
    }

    const Program program_;
    std::atomic<std::uint64_t> executions_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool finished_ = false;
    bool halted_ = false;
    std::optional<std::pair<FailureKind, std::string>> failure_;
};

// check() on real threads has no other way to its run: threads that the program starts know nothing of it.
std::atomic<Sampling*> active{nullptr};

constexpr unsigned most_threads = 1000;  // of the operating system, which it has for everything

// A thread that explores is not the program's.
constinit thread_local bool explores = false;

class ThreadsEngine final : public Engine {
  public:
    std::string_view name() const override { return "threads"; }
    std::string search(const Limits& /*limits*/) const override { return "sample"; }
    std::string bounds(const Program& /*program*/, const Limits& /*limits*/) const override {
        return "what the machine happened to show";
    }

    Exploration explore(const Program& program, const Limits& limits) const override {
        static std::mutex one_at_a_time;
        const std::lock_guard guard(one_at_a_time);
        if (auto refused = refuse_threads(program, "engine threads", most_threads)) return *refused;
        Exploration found;
        if (limits.replay) {
            found.message = "executions on real threads cannot be replayed";
            return found;
        }
#ifndef HEDDLE_WITHOUT_FIBERS
        Watch::begin();  // a sanitizer has handlers of its own
#endif
        const auto sampling = std::make_shared<Sampling>(program);
        explores = true;
        active = sampling.get();
        std::thread([sampling] { sampling->run(); }).detach();
        const bool ended = sampling->wait();
        found.executions =
            std::max<std::uint64_t>(1, sampling->executions());  // the first one may not have come to its end
        found.declared_sampled = true;
        if (!ended) {
            found.outcome = Outcome::failed;
            found.kind = FailureKind::deadlock;
            found.message =
                "an execution on real threads has not ended for " + std::to_string(hang_after.count()) + " s";
        } else if (const auto failure = sampling->failure()) {
            found.outcome = Outcome::failed;
            found.kind = failure->first;
            found.message = failure->second;
        } else {
            found.outcome = Outcome::sampled;
        }
        return found;
    }
};

}  // namespace

bool report_native_failure(FailureKind kind, std::string_view message, Site site) {
    Sampling* const sampling = active;
    if (sampling == nullptr) return false;
    sampling->report(kind, std::string(message) + " (" + site.file_name() + ":" + std::to_string(site.line()) + ")");
    return true;
}

void fail_native_program(FailureKind kind, std::string_view message, Site site) {
    Sampling* const sampling = active;
    if (sampling == nullptr || explores) return;
    const std::string place =
        site.line() == 0 ? "" : std::string(" (") + site.file_name() + ":" + std::to_string(site.line()) + ")";
    sampling->report(kind, std::string(message) + place);
    sampling->halt();
    for (;;) pause();
}

const Engine& threads_engine() {
    static const ThreadsEngine engine;
    return engine;
}

}  // namespace heddle::engine

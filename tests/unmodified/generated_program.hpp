// Random programs of a few threads, and their text. The same on both front ends: nothing here depends on a Platform.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace generated {

enum class Kind : std::uint8_t {
    load,
    store,
    exchange,
    add,
    compare_exchange,
    compare_exchange_weak,
    await,  ///< a loop that yields until it loads `expected`
    fence,
    read,  ///< plain data
    write,
    lock,
    try_lock,  ///< of mutex 0, to read datum 0 if it was free
    unlock,
    wait_while,  ///< on condition 0 with mutex 0, until the plain datum is another than `expected`
    notify_one,
    notify_all,
    skip  ///< the next step, unless what was read last is `expected`
};

struct Step {
    Kind kind = Kind::load;
    std::size_t object = 0;
    std::memory_order order = std::memory_order_relaxed;
    std::memory_order failure = std::memory_order_relaxed;  ///< of a compare_exchange
    int value = 0;                                          ///< written or added; below 0: one more than was read last
    int expected = 0;
};

struct Program {
    std::vector<std::vector<Step>> threads;
    bool asserts = false;  ///< that the first atomic does not hold `forbidden` in the end
    int forbidden = 0;
};

inline constexpr std::size_t most_threads = 3;
inline constexpr std::size_t most_atomics = 3;
inline constexpr std::size_t data = 2;
inline constexpr std::size_t mutexes = 2;
inline constexpr std::size_t programs_count = 1000;

class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    Program next() {
        do make();
        while (!shares());
        return program_;
    }

  private:
    using Thread = std::vector<Step>;
    static constexpr std::size_t most_operations = 4;

    void make() {
        program_ = {};
        program_.threads.resize(2 + below(most_threads - 1));
        atomics_ = 1 + below(most_atomics);
        has_locks_ = below(2) == 0;
        has_races_ = below(8) == 0;
        has_waits_ = below(6) == 0;
        for (auto& thread : program_.threads) {
            tries_ = false;
            for (std::size_t left = 1 + below(most_operations); left != 0; --left) add_operation(thread);
        }
        program_.asserts = below(4) == 0;
        program_.forbidden = small();
    }

    /// Whether there is something to be explored: an object that two threads use, whatever they skip.
    bool shares() const {
        unsigned seen = 0;
        for (const Thread& thread : program_.threads) {
            const unsigned used = objects_of(thread);
            if ((seen & used) != 0) return true;
            seen |= used;
        }
        return false;
    }

    static unsigned objects_of(const Thread& thread) {
        unsigned objects = 0;  // a bit for each
        for (std::size_t at = 0; at != thread.size(); ++at) {
            const Step& step = thread[at];
            if (step.kind == Kind::skip) ++at;
            else if (step.kind <= Kind::await) objects |= 1U << step.object;
            else if (step.kind == Kind::read || step.kind == Kind::write) objects |= 1U << (most_atomics + step.object);
            else if (step.kind != Kind::fence) objects |= 1U << (most_atomics + data + step.object);
        }
        return objects;
    }
    static constexpr std::array loads{std::memory_order_relaxed, std::memory_order_acquire, std::memory_order_seq_cst};
    static constexpr std::array stores{std::memory_order_relaxed, std::memory_order_release, std::memory_order_seq_cst};
    static constexpr std::array updates{std::memory_order_relaxed, std::memory_order_acquire, std::memory_order_release,
                                        std::memory_order_acq_rel, std::memory_order_seq_cst};
    static constexpr std::array fences{std::memory_order_acquire, std::memory_order_release, std::memory_order_acq_rel,
                                       std::memory_order_seq_cst};

    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
    int small() { return static_cast<int>(below(3)); }
    std::memory_order any_of(const auto& orders) { return orders[below(orders.size())]; }

    void add_operation(Thread& thread) {
        const std::size_t which = below(has_locks_ ? 14 : 9);
        if (which < 7) {
            if (!thread.empty() && below(8) == 0) thread.push_back({.kind = Kind::skip, .expected = small()});
            thread.push_back(atomic_step());
        } else if (which == 7) {
            thread.push_back({.kind = Kind::fence, .order = any_of(fences)});
        } else if (which == 8) {
            thread.push_back(has_races_ ? plain_step(below(data)) : atomic_step());
        } else {
            add_section(thread);
        }
    }

    Step atomic_step() {
        Step step{.object = below(atomics_), .value = static_cast<int>(below(4)) - 1, .expected = small()};
        const std::size_t which = below(40);
        if (which < 11) {
            step.order = any_of(loads);
        } else if (which < 22) {
            step.kind = Kind::store;
            step.order = any_of(stores);
        } else if (which < 29) {
            step.kind = below(2) == 0 ? Kind::exchange : Kind::add;
            step.order = any_of(updates);
        } else if (which < 39) {
            step.kind = below(3) == 0 ? Kind::compare_exchange_weak : Kind::compare_exchange;
            step.order = any_of(updates);
            step.failure = any_of(loads);
        } else {
            step.kind = Kind::await;
            step.order = any_of(loads);
        }
        return step;
    }

    Step plain_step(std::size_t datum) {
        return {.kind = below(2) == 0 ? Kind::read : Kind::write, .object = datum, .value = small()};
    }

    /// What a thread does with mutexes and the condition. It gives back what it has taken; mutex n protects datum n.
    void add_section(Thread& thread) {
        const std::size_t mutex = below(mutexes);
        switch (below(has_waits_ ? 8 : 4)) {
            case 0:
                // A second failure at one place is taken for a loop.
                if (std::exchange(tries_, true)) return;
                thread.push_back({.kind = Kind::try_lock});
                return;
            case 1:
            case 2:
                thread.push_back({.kind = Kind::lock, .object = mutex});
                thread.push_back(plain_step(mutex));
                thread.push_back({.kind = Kind::unlock, .object = mutex});
                return;
            case 3:
                thread.push_back({.kind = Kind::lock, .object = mutex});
                thread.push_back(atomic_step());
                thread.push_back({.kind = Kind::unlock, .object = mutex});
                return;
            case 4:
                thread.push_back({.kind = Kind::lock});
                thread.push_back({.kind = Kind::wait_while});
                thread.push_back({.kind = Kind::unlock});
                return;
            case 5:
            case 6:
                thread.push_back({.kind = Kind::lock});
                thread.push_back({.kind = Kind::write, .value = 1 + small()});
                thread.push_back({.kind = below(2) == 0 ? Kind::notify_one : Kind::notify_all});
                thread.push_back({.kind = Kind::unlock});
                return;
            default:
                thread.push_back({.kind = Kind::lock, .object = mutex});
                thread.push_back({.kind = Kind::lock, .object = 1 - mutex});
                thread.push_back({.kind = Kind::unlock, .object = below(mutexes)});
                thread.push_back({.kind = Kind::unlock, .object = 1 - thread.back().object});
        }
    }

    std::mt19937_64 random_;
    Program program_;
    std::size_t atomics_ = 0;
    bool has_locks_ = false;  // and what is protected by them
    bool has_races_ = false;
    bool has_waits_ = false;  // and lock orders that may deadlock
    bool tries_ = false;
};

inline std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// All of this run: of HEDDLE_SEED.
inline std::vector<Program> random_programs() {
    Generator generator(setting("HEDDLE_SEED", 1));
    std::vector<Program> programs(programs_count);
    std::generate(programs.begin(), programs.end(), [&] { return generator.next(); });
    return programs;
}

inline std::string name_of(std::size_t number) { return "Program" + std::to_string(number); }

inline std::string text_of(std::memory_order order) {
    constexpr std::array<const char*, 6> names{"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
    return names.at(static_cast<std::size_t>(order));
}

inline std::string text_of(const Step& step) {
    const std::string object = std::to_string(step.object);
    const std::string value = step.value < 0 ? "last + 1" : std::to_string(step.value);
    const std::string expected = std::to_string(step.expected);
    const std::string order = text_of(step.order);
    switch (step.kind) {
        case Kind::load:
            return "a" + object + ".load(" + order + ")";
        case Kind::store:
            return "a" + object + ".store(" + value + ", " + order + ")";
        case Kind::exchange:
            return "a" + object + ".exchange(" + value + ", " + order + ")";
        case Kind::add:
            return "a" + object + ".fetch_add(" + value + ", " + order + ")";
        case Kind::compare_exchange:
        case Kind::compare_exchange_weak:
            return "a" + object + (step.kind == Kind::compare_exchange ? ".strong(" : ".weak(") + expected + " -> " +
                   value + ", " + order + ", " + text_of(step.failure) + ")";
        case Kind::await:
            return "while (a" + object + ".load(" + order + ") != " + expected + ") yield()";
        case Kind::fence:
            return "fence(" + order + ")";
        case Kind::read:
            return "read d" + object;
        case Kind::write:
            return "d" + object + " = " + value;
        case Kind::lock:
            return "m" + object + ".lock()";
        case Kind::try_lock:
            return "if (m0.try_lock()) read d0";
        case Kind::unlock:
            return "m" + object + ".unlock()";
        case Kind::wait_while:
            return "while (d0 == " + expected + ") wait()";
        case Kind::notify_one:
            return "notify_one()";
        case Kind::notify_all:
            return "notify_all()";
        case Kind::skip:
            return "if (last == " + expected + ")";
    }
    return "";
}

inline std::string text_of(const Program& program) {
    std::string text;
    for (const auto& thread : program.threads) {
        text += text.empty() ? "" : " || ";
        for (const Step& step : thread) text += text_of(step) + (&step == &thread.back() ? "" : "; ");
    }
    return program.asserts ? text + " ||| assert(a0 != " + std::to_string(program.forbidden) + ")" : text;
}

}  // namespace generated

// Small straight-line programs over atomics, mutexes and conditions: what the engine and the oracle are both given.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace heddle::oracle {

enum class Kind : std::uint8_t {
    load,
    store,
    add,
    compare_exchange,
    compare_exchange_weak,
    await,   ///< a loop that yields until it loads `expected`
    spin,    ///< a loop that yields until its compare_exchange has stored
    retry,   ///< a loop that loads, and adds by a compare_exchange, until that has stored
    add_on,  ///< the same, but that loads only once, and goes on with what the compare_exchange has read that failed
    wait,    ///< futex: sleeps if it loads `expected`, until it is woken
    timed_wait,  ///< the same, or until its time is out
    wait_while,  ///< a loop that loads, and waits while that is `expected`; only engines know it
    wake,        ///< futex: lets the `value` longest waiting go
    enlist,      ///< condition: begins to wait
    sleep,       ///< condition: until a notify has chosen the thread, which is enlisted
    notify_one,  ///< condition: any one of those who wait
    notify_all,
    fence,
    lock,
    try_lock,
    unlock
};

struct Instruction {
    Kind kind = Kind::load;
    std::size_t location = 0;
    std::memory_order order = std::memory_order_relaxed;
    std::memory_order failure = std::memory_order_relaxed;  // compare_exchange, spin, retry, add_on
    std::memory_order load = std::memory_order_relaxed;     // retry, add_on, wait_while
    std::uint64_t value = 0;                                // stored, added, exchanged; wake: how many
    std::uint64_t expected = 0;                             // compare_exchange, await, spin, the waits

    bool compares() const { return kind == Kind::compare_exchange || kind == Kind::compare_exchange_weak; }
    /// Goes on when it reads `expected`, and is one step then, however often it has looked.
    bool waits() const { return kind == Kind::await || kind == Kind::spin || kind == Kind::lock; }
};

using Thread = std::vector<Instruction>;

struct Program {
    std::size_t locations = 1;
    std::size_t mutexes = 0;     // the first locations are
    std::size_t conditions = 0;  // the next
    std::vector<Thread> threads;
};

/// A lock is taken by whoever reads 0 and writes 1; a thread that cannot waits, and so may its whole program. An
/// execution in which a thread waits for ever is none of the program's.

/// An execution, as a text that is the same however it was found: who reads from whom, and each coherence order.
using Canonical = std::string;

inline std::string order_name(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed:
            return "rlx";
        case std::memory_order_acquire:
            return "acq";
        case std::memory_order_release:
            return "rel";
        case std::memory_order_acq_rel:
            return "acqrel";
        default:
            return "sc";
    }
}

inline std::ostream& operator<<(std::ostream& out, const Program& program) {
    for (const Thread& thread : program.threads) {
        out << "  thread:";
        for (const Instruction& i : thread) {
            const char location = static_cast<char>('x' + i.location);
            switch (i.kind) {
                case Kind::load:
                    out << " R(" << location << ',' << order_name(i.order) << ')';
                    break;
                case Kind::store:
                    out << " W(" << location << ',' << i.value << ',' << order_name(i.order) << ')';
                    break;
                case Kind::add:
                    out << " ADD(" << location << ',' << i.value << ',' << order_name(i.order) << ')';
                    break;
                case Kind::compare_exchange:
                case Kind::compare_exchange_weak:
                    out << (i.kind == Kind::compare_exchange ? " CAS(" : " WEAK(") << location << ',' << i.expected
                        << "->" << i.value << ',' << order_name(i.order) << ',' << order_name(i.failure) << ')';
                    break;
                case Kind::await:
                    out << " AWAIT(" << location << ',' << i.expected << ',' << order_name(i.order) << ')';
                    break;
                case Kind::spin:
                    out << " SPIN(" << location << ',' << i.expected << "->" << i.value << ',' << order_name(i.order)
                        << ',' << order_name(i.failure) << ')';
                    break;
                case Kind::retry:
                case Kind::add_on:
                    out << (i.kind == Kind::retry ? " RETRY(" : " ADD_ON(") << location << ",+" << i.value << ','
                        << order_name(i.load) << ',' << order_name(i.order) << ',' << order_name(i.failure) << ')';
                    break;
                case Kind::wait_while:
                    out << " WAIT_WHILE(" << location << ',' << i.expected << ',' << order_name(i.load) << ')';
                    break;
                case Kind::wait:
                case Kind::timed_wait:
                    out << (i.kind == Kind::wait ? " WAIT(" : " TIMED(") << location << ',' << i.expected << ')';
                    break;
                case Kind::wake:
                    out << " WAKE(" << location << ',' << i.value << ')';
                    break;
                case Kind::enlist:
                    out << " ENLIST(" << location << ')';
                    break;
                case Kind::sleep:
                    out << " SLEEP(" << location << ')';
                    break;
                case Kind::notify_one:
                case Kind::notify_all:
                    out << (i.kind == Kind::notify_one ? " NOTIFY_ONE(" : " NOTIFY_ALL(") << location << ')';
                    break;
                case Kind::fence:
                    out << " F(" << order_name(i.order) << ')';
                    break;
                case Kind::lock:
                    out << " LOCK(" << location << ')';
                    break;
                case Kind::try_lock:
                    out << " TRY(" << location << ')';
                    break;
                case Kind::unlock:
                    out << " UNLOCK(" << location << ')';
                    break;
            }
        }
        out << '\n';
    }
    return out;
}

/// What a thread may do with a mutex. Memory orders are those of the operations.
inline Instruction random_step_of_a_mutex(std::size_t location, std::size_t which) {
    constexpr Kind kinds[] = {Kind::lock, Kind::lock, Kind::unlock, Kind::unlock, Kind::try_lock, Kind::load};
    const Kind kind = kinds[which % std::size(kinds)];
    Instruction i{.kind = kind, .location = location};
    if (kind == Kind::unlock) i.order = std::memory_order_release;
    if (kind == Kind::lock || kind == Kind::try_lock) i.order = std::memory_order_acquire;
    return i;
}

/// What a thread may do with a futex.
inline Instruction random_step_of_a_futex(std::size_t location, std::size_t which) {
    constexpr Kind kinds[] = {Kind::wait, Kind::timed_wait, Kind::wake, Kind::wake};
    return {.kind = kinds[which % 4], .location = location, .value = 1 + which / 4 % 2, .expected = which / 8 % 2};
}

/// Lets a thread wait on a condition (for that it gives up a mutex, if there is one), or notify.
inline void add_step_of_a_condition(Thread& thread, std::size_t location, bool mutex, std::size_t which) {
    if (which % 4 < 2) {
        thread.push_back({.kind = which % 4 == 0 ? Kind::notify_one : Kind::notify_all, .location = location});
        return;
    }
    thread.push_back({.kind = Kind::enlist, .location = location});
    if (mutex) thread.push_back({.kind = Kind::unlock, .location = 0, .order = std::memory_order_release});
    thread.push_back({.kind = Kind::sleep, .location = location});
}

/// A program with up to about `most` instructions in 2 to 4 threads over 1 to 3 locations, of which some are mutexes and
/// conditions.
inline Program random_program(std::mt19937_64& random, std::size_t most) {
    const auto below = [&random](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    constexpr std::memory_order loads[] = {std::memory_order_relaxed, std::memory_order_acquire,
                                           std::memory_order_seq_cst};
    constexpr std::memory_order stores[] = {std::memory_order_relaxed, std::memory_order_release,
                                            std::memory_order_seq_cst};
    constexpr std::memory_order both[] = {std::memory_order_relaxed, std::memory_order_acquire,
                                          std::memory_order_release, std::memory_order_acq_rel,
                                          std::memory_order_seq_cst};
    constexpr std::memory_order fences[] = {std::memory_order_acquire, std::memory_order_release,
                                            std::memory_order_acq_rel, std::memory_order_seq_cst};
    Program program;
    program.locations = 1 + below(3);
    program.threads.resize(2 + below(3));
    program.mutexes = below(3) == 0 ? 1 + below(program.locations) : 0;
    program.conditions = program.mutexes != program.locations && below(4) == 0 ? 1 : 0;
    const bool has_futexes = below(3) == 0;
    // Their order is seldom at stake where there are few of them.
    const bool mostly_seq_cst = below(3) == 0;
    const auto any_of = [&](const auto& orders) {
        return mostly_seq_cst && below(4) != 0 ? std::memory_order_seq_cst : orders[below(std::size(orders))];
    };
    for (std::size_t left = program.threads.size() + below(most - program.threads.size() + 1); left != 0; --left) {
        Instruction i;
        i.location = below(program.locations);
        i.value = 1 + below(2);
        if (i.location < program.mutexes) {
            program.threads[below(program.threads.size())].push_back(random_step_of_a_mutex(i.location, random()));
            continue;
        }
        if (i.location < program.mutexes + program.conditions) {
            add_step_of_a_condition(program.threads[below(program.threads.size())], i.location, program.mutexes != 0,
                                    random());
            continue;
        }
        if (has_futexes && below(2) == 0) {
            program.threads[below(program.threads.size())].push_back(random_step_of_a_futex(i.location, random()));
            continue;
        }
        switch (below(10)) {
            case 0:
            case 1:
            case 2:
                i.kind = Kind::load;
                i.order = any_of(loads);
                break;
            case 3:
            case 4:
                i.kind = Kind::store;
                i.order = any_of(stores);
                break;
            case 5:
                i.kind = Kind::add;
                i.order = any_of(both);
                break;
            case 6:
                i.kind = below(3) == 0 ? Kind::compare_exchange_weak : Kind::compare_exchange;
                i.order = any_of(both);
                i.failure = any_of(loads);
                i.expected = below(3);
                break;
            case 7:
                i.kind = below(2) == 0 ? Kind::await : Kind::spin;
                i.order = i.kind == Kind::await ? any_of(loads) : any_of(both);
                i.failure = any_of(loads);
                i.expected = below(3);
                break;
            case 8:
                i.kind = below(2) == 0 ? Kind::retry : Kind::add_on;
                i.load = any_of(loads);
                i.order = any_of(both);
                i.failure = i.kind == Kind::retry ? any_of(loads) : i.load;  // a weaker one is a step in each turn
                break;
            default:
                i.kind = Kind::fence;
                i.order = any_of(fences);
                break;
        }
        program.threads[below(program.threads.size())].push_back(i);
    }
    return program;
}

}  // namespace heddle::oracle

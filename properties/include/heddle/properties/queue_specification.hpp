// What a Queue does, as a function.
//
// ```cpp
// using heddle::properties::QueueSpecification;
// const auto [result, after] = QueueSpecification::step({.maxsize = 1}, {QueueSpecification::Kind::put, 42});
// EXPECT_EQ(result, "done");
// EXPECT_TRUE(after.full());
// ```
#pragma once

#include <heddle/platform/requirements.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <ostream>
#include <string>
#include <utility>

namespace heddle::properties {

/// Which item of a queue comes next. Requires: there is one; they are in the order in which they came. Returns: its index.
/// Errors: none. Visibility: none. Source: Python 3.13 queue.Queue.
inline std::size_t oldest(const std::deque<int>&) { return 0; }
/// As oldest(), of a LifoQueue.
inline std::size_t latest(const std::deque<int>& items) { return items.size() - 1; }
/// As oldest(), of a PriorityQueue.
inline std::size_t least(const std::deque<int>& items) {
    return static_cast<std::size_t>(std::min_element(items.begin(), items.end()) - items.begin());
}

/// The container, its bound, the unfinished tasks and the shutdown flag; every call is one that does not wait.
/// `next` says which of the items, oldest first, a get takes. Source: Python 3.13 queue.
template <std::size_t (*next)(const std::deque<int>&)>
struct QueueSpecificationBy {
    enum class Kind { put, get, task_done, qsize, full, set_maxsize, shutdown, shutdown_now };
    struct Operation {
        Kind kind;
        int argument;  // the item, or the bound
    };
    struct State {
        std::ptrdiff_t maxsize = 0;
        std::deque<int> items{};
        std::size_t unfinished = 0;
        bool shut_down = false;

        /// Requires: nothing. Returns: whether there is no room. Errors: none. Visibility: none. Source: Python 3.13 queue.
        bool full() const { return maxsize > 0 && std::cmp_greater_equal(items.size(), maxsize); }
    };
    using Result = std::string;

    /// Requires: nothing. Returns: what the operation gives, and the state then. Errors: std::bad_alloc. Visibility: none.
    /// Source: Python 3.13 queue.
    static std::pair<Result, State> step(const State& before, const Operation& operation) {
        State state = before;
        return {apply(state, operation), state};
    }

    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"put_nowait", "get_nowait",  "task_done", "qsize",
                                                "full",       "set_maxsize", "shutdown",  "shutdown(immediate)"};
        out << names[static_cast<int>(operation.kind)];
        const bool has_argument = operation.kind == Kind::put || operation.kind == Kind::set_maxsize;
        if (has_argument) out << '(' << operation.argument << ')';
        return out;
    }
    friend std::ostream& operator<<(std::ostream& out, const State& state) {
        return out << "maxsize " << state.maxsize << ", " << state.items.size() << " items";
    }

  private:
    static Result apply(State& state, const Operation& operation) {
        switch (operation.kind) {
            case Kind::put:
                if (state.shut_down) return "ShutDown";
                if (state.full()) return "Full";
                state.items.push_back(operation.argument);
                ++state.unfinished;
                return "done";
            case Kind::get: {
                if (state.items.empty()) return state.shut_down ? "ShutDown" : "Empty";
                const auto taken = state.items.begin() + static_cast<std::ptrdiff_t>(next(state.items));
                const int item = *taken;
                state.items.erase(taken);
                return std::to_string(item);
            }
            case Kind::task_done:
                if (state.unfinished == 0) return "ValueError";
                --state.unfinished;
                return "done";
            case Kind::qsize:
                return std::to_string(state.items.size());
            case Kind::full:
                return state.full() ? "true" : "false";
            case Kind::set_maxsize:
                state.maxsize = operation.argument;
                return "done";
            case Kind::shutdown:
                state.shut_down = true;
                return "done";
            case Kind::shutdown_now:
                state.shut_down = true;
                state.unfinished -= std::min(state.unfinished, state.items.size());
                state.items.clear();
                return "done";
        }
        return "?";
    }
};

using QueueSpecification = QueueSpecificationBy<oldest>;
using LifoQueueSpecification = QueueSpecificationBy<latest>;
using PriorityQueueSpecification = QueueSpecificationBy<least>;

}  // namespace heddle::properties

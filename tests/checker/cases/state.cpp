// State that is not the model's: variables of threads, and what outlives an execution.
#include <string>

#include <heddle/checker/model.hpp>

#include "checker/library.hpp"

namespace heddle::cases {

/// Each thread of a model has thread_local variables of its own, which begin anew with it.
template <Platform P>
struct ThreadLocalOfEach {
    static constexpr auto claim = "a thread_local variable is the thread's own";
    static constexpr int threads = 2;
    static inline thread_local int mine = 7;
    typename P::template atomic<int> step{0, "step"};
    void thread(int index) {
        check(mine == 7, "it is new in each thread");
        mine = index;
        step.fetch_add(1, std::memory_order_relaxed);
        check(mine == index, "no other thread has changed it");
    }
    void after() { check(mine == 7, "this thread has not changed it"); }
};
HEDDLE_MODEL(ThreadLocalOfEach);

/// So it is where the variable is a shared library's.
template <Platform P>
struct ThreadLocalOfLibrary {
    static constexpr auto claim = "a thread_local variable of a library is the thread's own";
    static constexpr int threads = 2;
    typename P::template atomic<int> step{0, "step"};
    void thread(int index) {
        check(variable_of_library() == 7, "it is new in each thread");
        variable_of_library() = index;
        step.fetch_add(1, std::memory_order_relaxed);
        check(variable_of_library() == index, "no other thread has changed it");
    }
    void after() { check(variable_of_library() == 7, "this thread has not changed it"); }
};
HEDDLE_MODEL(ThreadLocalOfLibrary);

/// One of which other threads have the address is shared.
template <Platform P>
struct ThreadLocalByAddress {
    static constexpr auto claim =
        "a thread sees what another one writes through a pointer to its variable (it may not yet)";
    static constexpr int threads = 2;
    struct Slot {
        int value = 0;
    };
    static inline thread_local Slot mine;
    typename P::template atomic<int> written{0, "written"};
    void thread(int index) {
        if (index == 0) {
            mine.value = 1;
            written.store(1, std::memory_order_release);
        } else {
            written.load(std::memory_order_acquire);
            check(mine.value == 1, "it is one for all");
        }
    }
};
HEDDLE_BROKEN_MODEL(ThreadLocalByAddress, failure::assertion);

/// Its constructor and its destructor run in each thread.
template <Platform P>
struct ThreadLocalEnds {
    static constexpr auto claim = "thread_local objects end with their threads";
    static constexpr int threads = 2;
    using Count = typename P::template atomic<int>;
    struct Counted {
        Count* count = nullptr;
        std::string text = std::string(100, 'x');  // a leak, if it does not end
        ~Counted() {
            if (count != nullptr) count->fetch_add(1, std::memory_order_relaxed);
        }
    };
    static inline thread_local Counted counted;
    Count ended{0, "ended"};
    void thread(int index) {
        counted.count = &ended;
        if (index == 0) check(ended.load(std::memory_order_relaxed) <= 1);
    }
    void after() { check(ended.load(std::memory_order_relaxed) == 2, "both have ended"); }
};
HEDDLE_MODEL(ThreadLocalEnds);

/// What outlives an execution makes the next one another program.
template <Platform P>
struct Outlives {
    static constexpr int threads = 2;
    typename P::template atomic<int> one{0, "one"};
    typename P::template atomic<int> other{0, "other"};
};
template <Platform P>
struct CountsItsExecutions : Outlives<P> {
    static constexpr auto claim = "a model may depend on how often it has run (it may not)";
    static inline int executions = 0;
    CountsItsExecutions() { ++executions; }
    void thread(int index) {
        auto& word = executions % 2 == 0 ? this->one : this->other;
        if (index == 0) word.store(1, std::memory_order_relaxed);
        else word.load(std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(CountsItsExecutions, failure::nondeterminism);
template <Platform P>
struct StoresHowOftenItRan : Outlives<P> {
    static constexpr auto claim = "a value may depend on how often a model has run (it may not)";
    static inline int executions = 0;
    StoresHowOftenItRan() { ++executions; }
    void thread(int index) {
        if (index == 0) this->one.store(executions, std::memory_order_relaxed);
        else this->one.load(std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(StoresHowOftenItRan, failure::nondeterminism);
template <Platform P>
struct InitialisesWithHowOftenItRan {
    static constexpr auto claim = "a first value may depend on how often a model has run (it may not)";
    static constexpr int threads = 2;
    static inline int executions = 0;
    typename P::template atomic<int> one{executions++, "one"};
    void thread(int index) {
        if (index == 0) one.store(1, std::memory_order_relaxed);
        else one.load(std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(InitialisesWithHowOftenItRan, failure::nondeterminism);

}  // namespace heddle::cases

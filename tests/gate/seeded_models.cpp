// A program for each way in which a gate must turn red: its parts run one of these models each.
#include <csignal>

#include <heddle/checker/model.hpp>

#include "needed/publishes.hpp"
#include "too_much/orders_too_much.hpp"

namespace heddle::fixtures {

template <Platform P>
struct Races {
    static constexpr auto claim = "two threads may write one plain variable (they may not)";
    static constexpr int threads = 2;
    typename P::template plain<int> data{0, "data"};
    void thread(int) { data.write(1); }
};
HEDDLE_MODEL(Races);

template <Platform P>
struct Deadlocks {
    static constexpr auto claim = "somebody wakes who sleeps (nobody does)";
    static constexpr int threads = 2;
    typename P::template atomic<FutexWord> word{0, "word"};
    void thread(int index) {
        if (index == 0) word.store(0, std::memory_order_relaxed);
        else
            while (word.load(std::memory_order_relaxed) == 0) P::wait(word, 0, Deadline::never());
    }
};
HEDDLE_MODEL(Deadlocks);

template <Platform P>
struct Hangs {
    static constexpr auto claim = "a loop ends (it does not)";
    static constexpr int threads = 1;
    void thread(int) {
        for (volatile int forever = 1; forever != 0;) continue;
    }
};
HEDDLE_MODEL(Hangs);

template <Platform P>
struct Crashes {
    static constexpr auto claim = "nothing crashes (it does)";
    static constexpr int threads = 1;
    void thread(int) { std::raise(SIGSEGV); }
};
HEDDLE_MODEL(Crashes);

// What it touches no other thread touches.
template <Platform P>
struct LooksAtNothing {
    static constexpr auto claim = "two threads that share nothing are checked (they are not)";
    static constexpr int threads = 2;
    typename P::template atomic<int> own[2]{typename P::template atomic<int>(0), typename P::template atomic<int>(0)};
    void thread(int index) { own[index].store(1, std::memory_order_relaxed); }
};
HEDDLE_MODEL(LooksAtNothing);

template <Platform P>
struct TwinThatPasses : Publishes<P> {};
HEDDLE_BROKEN_MODEL(TwinThatPasses, failure::data_race);

template <Platform P>
struct TwinThatFailsElsewhere : Races<P> {
    static constexpr auto fails_at = "message";
};
HEDDLE_BROKEN_MODEL(TwinThatFailsElsewhere, failure::data_race);

}  // namespace heddle::fixtures

// Models for --necessity: what each operation of the headers beside this file is needed for.
#include <heddle/checker/model.hpp>

#include "necessity/needed.hpp"
#include "necessity/redundant.hpp"
#include "necessity/stronger.hpp"
#include "necessity/unreached.hpp"

namespace heddle::necessity {
namespace {

template <Platform P>
struct SignalPublishes {
    static constexpr auto claim = "what came before raise() is seen after wait()";
    static constexpr int threads = 2;
    Signal<P> signal;
    typename P::template plain<int> data{0, "data"};

    void thread(int index) {
        if (index == 0) {
            data.write(1);
            signal.raise();
        } else {
            signal.wait();
            check(data.read() == 1);
        }
    }
};
HEDDLE_MODEL(SignalPublishes);

template <Platform P>
struct CounterCounts {
    static constexpr auto claim = "no add() is lost";
    static constexpr int threads = 2;
    Counter<P> counter;

    void thread(int) { counter.add(); }
    void after() { check(counter.value() == 2); }
};
HEDDLE_MODEL(CounterCounts);

template <Platform P>
struct PairMeets {
    static constexpr auto claim = "one of two sees the other";
    static constexpr int threads = 2;
    Pair<P> pair;
    bool seen[2]{};

    void thread(int index) { seen[index] = pair.raise_and_look(index); }
    void after() { check(seen[0] || seen[1], "one of two sees the other"); }
};
HEDDLE_MODEL(PairMeets);

/// Takes longer than no time at all: the budget is looked at now and then.
template <Platform P>
struct LongCount {
    static constexpr auto claim = "no add() is lost";
    static constexpr int threads = 4;
    Counter<P> counter;

    void thread(int) {
        counter.add();
        counter.add();
    }
    void after() { check(counter.value() == 8); }
};
HEDDLE_MODEL(LongCount);

/// What Pair is without its fence: each may miss the other, which no interleaving of the two explains.
template <Platform P>
struct PairMayMiss {
    static constexpr auto claim = "both see a flag, or none";
    static constexpr int threads = 2;
    typename P::template atomic<bool> flags[2]{typename P::template atomic<bool>(false, "first"),
                                               typename P::template atomic<bool>(false, "second")};

    void thread(int index) {
        flags[index].store(true, std::memory_order_relaxed);
        (void)flags[1 - index].load(std::memory_order_relaxed);
    }
};
HEDDLE_MODEL(PairMayMiss);

/// What any flag promises.
template <Platform P, class Flag>
struct FlagPublishes {
    static constexpr auto claim = "what came before raise() is seen by who sees the flag";
    static constexpr int threads = 2;
    Flag flag;
    typename P::template plain<int> data{0, "data"};

    void thread(int index) {
        if (index == 0) {
            data.write(1);
            flag.raise();
        } else if (flag.is_up()) {
            check(data.read() == 1);
        }
    }
};

template <Platform P>
struct LoudFlagPublishes : FlagPublishes<P, LoudFlag<P>> {};
HEDDLE_MODEL(LoudFlagPublishes);
template <Platform P>
struct CautiousFlagPublishes : FlagPublishes<P, CautiousFlag<P>> {};
HEDDLE_MODEL(CautiousFlagPublishes);
template <Platform P>
struct LonelyFlagPublishes : FlagPublishes<P, LonelyFlag<P>> {};
HEDDLE_MODEL(LonelyFlagPublishes);

template <Platform P>
struct WrongCount {
    static constexpr auto claim = "two threads add up to three (they do not)";
    static constexpr int threads = 2;
    Counter<P> counter;

    void thread(int) { counter.add(); }
    void after() { check(counter.value() == 3); }
};
HEDDLE_MODEL(WrongCount);

template <Platform P>
struct CounterTwin : CounterCounts<P> {
    void after() { check(this->counter.value() == 1); }
};
HEDDLE_BROKEN_MODEL(CounterTwin, failure::assertion);

}  // namespace
}  // namespace heddle::necessity

// What must hold of the stack. `--necessity` says for each of its memory orders which of these models needs it, and why.
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>

#include "hazard_stack.hpp"

using heddle::check;
using heddle::Platform;

template <Platform P>
struct HazardStackGivesEachOnce {
    static constexpr auto claim = "two threads that pop get different numbers, and no node is freed under them";
    static constexpr int threads = 2;
    static constexpr auto search = heddle::checker::context_bound(3);
    mine::BasicHazardStack<P, 2> stack;
    std::optional<int> popped[2];

    HazardStackGivesEachOnce() {
        stack.push(1);
        stack.push(2);
    }
    void thread(int me) { popped[me] = stack.pop(static_cast<std::size_t>(me)); }
    void after() { check(popped[0] && popped[1] && *popped[0] + *popped[1] == 3, "each number was popped once"); }
};
HEDDLE_MODEL(HazardStackGivesEachOnce);

template <Platform P>
struct HazardStackHandsOver {
    static constexpr auto claim = "what one thread pushes another one pops, and nothing is lost";
    static constexpr int threads = 2;
    mine::BasicHazardStack<P, 2> stack;
    std::optional<int> popped;

    HazardStackHandsOver() { stack.push(1); }
    void thread(int me) {
        if (me == 0) stack.push(2);
        else popped = stack.pop(1);
    }
    void after() { check(popped && *popped + stack.pop(0).value_or(0) == 3, "each number was popped once"); }
};
HEDDLE_MODEL(HazardStackHandsOver);

template <Platform P>
struct HazardStackKeepsBoth {
    static constexpr auto claim = "two threads that push lose nothing";
    static constexpr int threads = 2;
    mine::BasicHazardStack<P, 2> stack;

    void thread(int me) { stack.push(me + 1); }
    void after() { check(stack.pop(0).value_or(0) + stack.pop(0).value_or(0) == 3, "both numbers are there"); }
};
HEDDLE_MODEL(HazardStackKeepsBoth);

template <Platform>
struct HazardStackReleasedRelaxed : HazardStackHandsOver<heddle::checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(HazardStackReleasedRelaxed, heddle::failure::data_race);

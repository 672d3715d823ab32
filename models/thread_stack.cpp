// The stack that threads are asked to have.
#include <cstddef>
#include <cstdint>
#include <utility>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

// What stands there at first may be of an execution before, on real threads.
template <Platform P>
struct StackSizeIsToldOnce {
    static constexpr auto claim = "of two settings of the stack size, one returns the other";
    static constexpr auto invariants = "INV-T-STACK";
    static constexpr int threads = 2;
    static constexpr std::size_t sizes[] = {stack_bytes_min, 2 * stack_bytes_min};
    typename P::template plain<std::size_t> before[2]{typename P::template plain<std::size_t>(0),
                                                      typename P::template plain<std::size_t>(0)};

    void thread(int index) { before[index].write(stack_size<P>(sizes[index])); }
    void after() { check(before[0].read() == sizes[1] || before[1].read() == sizes[0], "the first one is replaced"); }
};
HEDDLE_MODEL(StackSizeIsToldOnce);

template <Platform>
struct StackSizeIsToldTwice : StackSizeIsToldOnce<checker::TornReadModifyWrites> {
    static constexpr auto breaks = "INV-T-STACK";
    static constexpr auto fails_at = "the first one is replaced";
};
HEDDLE_BROKEN_MODEL(StackSizeIsToldTwice, failure::assertion);

// A platform that notes how large a stack it was asked for last.
template <Platform P>
struct NotesStacks : P {
    struct Noted {
        std::size_t bytes = 0;
    };
    static std::size_t noted() { return P::template global<Noted>().bytes; }
    template <class Body, class Epilogue>
    static std::uint64_t spawn(Body body, Epilogue epilogue, std::size_t stack_bytes) {
        P::template global<Noted>().bytes = stack_bytes;
        return P::spawn(std::move(body), std::move(epilogue), stack_bytes);
    }
};

template <Platform P, class Q = NotesStacks<P>>
struct StacksOfThreads {
    static constexpr auto claim = "a thread that is started, of either kind, is given the stack that was set";
    static constexpr auto invariants = "INV-T-STACK";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 2;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(2);
    BasicLock<Q> done;

    void thread(int) {
        stack_size<Q>(2 * stack_bytes_min);
        BasicThread<Q> worker([] {});
        worker.start();
        worker.join();
        check(Q::noted() == 2 * stack_bytes_min, "a Thread has the stack that was set");

        check(stack_size<Q>(3 * stack_bytes_min) == 2 * stack_bytes_min, "the setting stays");
        done.acquire();
        start_new_thread<Q>([this] { done.release(); });
        done.acquire();
        check(Q::noted() == 3 * stack_bytes_min, "a low-level thread has the stack that was set");
        stack_size<Q>(0);
    }
};

template <Platform P>
struct StackSizeIsThatOfThreads : StacksOfThreads<P> {};
HEDDLE_MODEL(StackSizeIsThatOfThreads);

// Has stacks of one size.
template <Platform P>
struct NotesNoSize : NotesStacks<P> {
    template <class Body, class Epilogue>
    static std::uint64_t spawn(Body body, Epilogue epilogue, std::size_t) {
        return NotesStacks<P>::spawn(std::move(body), std::move(epilogue), 0);
    }
};
template <Platform P>
struct StackSizeIsIgnored : StacksOfThreads<P, NotesNoSize<P>> {
    static constexpr auto breaks = "INV-T-STACK";
    static constexpr auto fails_at = "a Thread has the stack that was set";
};
HEDDLE_BROKEN_MODEL(StackSizeIsIgnored, failure::assertion);

}  // namespace heddle::models

// What others see of a thread while it is being started.
#include <array>
#include <cstddef>
#include <optional>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

template <Platform P>
struct SeenWhileStarting {
    static constexpr auto claim = "whoever sees that a thread is alive, or one of its ids, sees both and may join it";
    static constexpr auto invariants = "HB-STARTED INV-T-IDENT";
    static constexpr int threads = 2;
    static constexpr int dynamic_threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(3);
    BasicThread<P> worker{[] {}};

    void thread(int index) {
        if (index == 0) {
            worker.start();
            worker.join();
        } else if (worker.ident().has_value() || worker.is_alive()) {
            check(worker.ident().value_or(0) != 0 && worker.native_id().value_or(0) != 0, "its ids are known");
            worker.join();
        }
    }
};

template <Platform P>
struct ThreadIsAliveWithItsIds : SeenWhileStarting<P> {};
HEDDLE_MODEL(ThreadIsAliveWithItsIds);

template <Platform>
struct ThreadIsAliveWithoutIds : SeenWhileStarting<checker::LocksBySpecification<checker::ReleasesRelaxed>> {
    static constexpr auto breaks = "HB-STARTED";
    static constexpr auto fails_at = "its ids are known";
};
HEDDLE_BROKEN_MODEL(ThreadIsAliveWithoutIds, failure::assertion);

// Says how often a thread may ask who it is: shutdown() does so whenever it finds another thread.
template <Platform P>
struct CountsQuestions : P {
    static constexpr std::size_t threads = 4;
    struct Asked {
        std::array<std::optional<int>, threads> left{};  // each changed by one thread; nullopt: any number
    };
    static void*& local() {
        if (left()) check((*left())-- > 0, "it sleeps until the thread that it has found has ended");
        return P::local();
    }
    static std::optional<int>& left() { return P::template global<Asked>().left[P::thread_id() % threads]; }
};

template <Platform P>
struct ExitDuringAStart {
    static constexpr auto claim = "a shutdown during another thread's start returns, and so does the start";
    static constexpr auto invariants = "INV-X-JOINALL";
    static constexpr int threads = 2;
    static constexpr int dynamic_threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(3);
    using Q = CountsQuestions<P>;
    BasicThread<Q> worker{[] {}};

    void thread(int index) {
        if (index == 0) return worker.start();
        Q::left() = 1;
        shutdown<Q>();
        Q::left().reset();
    }
    void after() { worker.join(); }
};

template <Platform P>
struct ShutdownDuringAStart : ExitDuringAStart<P> {};
HEDDLE_MODEL(ShutdownDuringAStart);

template <Platform>
struct ShutdownIsWokenInsteadOfStart : ExitDuringAStart<checker::LocksBySpecification<checker::WakeAllWakesOne>> {
    static constexpr auto breaks = "INV-X-JOINALL";
    static constexpr auto fails_at = "Thread.phase";
};
HEDDLE_BROKEN_MODEL(ShutdownIsWokenInsteadOfStart, failure::deadlock);

}  // namespace heddle::models

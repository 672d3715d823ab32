// Local: one value for each thread, from its first use to the end of the thread.
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/local.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

// A value that tells when it is destroyed.
template <Platform P>
struct Traced {
    explicit Traced(typename P::template plain<int>& count) : destroyed(count) {}
    ~Traced() { destroyed.write(destroyed.read() + 1); }
    typename P::template plain<int>& destroyed;
    int value = 0;
};

template <Platform P, class AnyLocal = BasicLocal<P, std::unique_ptr<Traced<P>>>>
struct LocalOfAThread {
    static constexpr auto claim = "a thread's value of a Local is destroyed before join returns";
    static constexpr auto invariants = "INV-TL-DTOR INV-TL-INIT HB-JOIN";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> destroyed{0, "destroyed"};
    typename P::template plain<int> made{0, "made"};
    AnyLocal local{[this] {
        made.write(made.read() + 1);
        return std::make_unique<Traced<P>>(destroyed);
    }};

    void thread(int) {
        BasicThread<P> worker([this] {
            local.get()->value = 1;
            check(local.get()->value == 1, "the value stays");
        });
        worker.start();
        worker.join();
        check(made.read() == 1, "the value was made once");
        check(destroyed.read() == 1, "the value is gone");
    }
};

template <Platform P>
struct LocalEndsWithItsThread : LocalOfAThread<P> {};
HEDDLE_MODEL(LocalEndsWithItsThread);

template <Platform>
struct LocalEndsUnordered : LocalOfAThread<checker::LocksBySpecification<checker::ReleasesRelaxed>> {
    static constexpr auto breaks = "HB-JOIN";
    static constexpr auto fails_at = "made";
};
HEDDLE_BROKEN_MODEL(LocalEndsUnordered, failure::data_race);

// Makes the value again at each call.
template <Platform P>
class MadeAnew : public BasicLocal<P, std::unique_ptr<Traced<P>>> {
  public:
    using Base = BasicLocal<P, std::unique_ptr<Traced<P>>>;
    using Base::Base;
    auto& get() {
        this->reset();
        return Base::get();
    }
};
template <Platform P>
struct LocalMadeTwice : LocalOfAThread<P, MadeAnew<P>> {
    static constexpr auto breaks = "INV-TL-INIT";
    static constexpr auto fails_at = "the value stays";
};
HEDDLE_BROKEN_MODEL(LocalMadeTwice, failure::assertion);

// Keeps the value of a thread that has ended.
template <Platform P>
class KeepsValues {
  public:
    explicit KeepsValues(std::function<std::unique_ptr<Traced<P>>()> make) : make_(std::move(make)) {}
    auto& get() {
        if (value_ == nullptr) value_ = make_();
        return value_;
    }

  private:
    std::function<std::unique_ptr<Traced<P>>()> make_;
    std::unique_ptr<Traced<P>> value_;
};
template <Platform P>
struct LocalOutlivesItsThread : LocalOfAThread<P, KeepsValues<P>> {
    static constexpr auto breaks = "INV-TL-DTOR";
    static constexpr auto fails_at = "the value is gone";
};
HEDDLE_BROKEN_MODEL(LocalOutlivesItsThread, failure::assertion);

// A value whose destructor uses the Local that it was in.
template <Platform P>
struct AsksItsLocal {
    explicit AsksItsLocal(std::function<void()> question) : ask(std::move(question)) {}
    ~AsksItsLocal() { ask(); }
    std::function<void()> ask;
};
template <Platform P, template <Platform, class> class AnyLocal = BasicLocal>
struct AskedByItsValue {
    static constexpr auto claim = "who makes a value, and its destructor, may use the Local, which has it not";
    static constexpr auto invariants = "INV-TL-DTOR";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    using Value = std::unique_ptr<AsksItsLocal<P>>;
    int asked = 0;
    AnyLocal<P, Value> local{[this] {
        check(local.find() == nullptr, "the value is not there before it is made");
        return std::make_unique<AsksItsLocal<P>>([this] {
            ++asked;
            check(local.find() == nullptr, "the value is not found any more");
        });
    }};

    void thread(int) {
        check(local.get() != nullptr && asked == 0, "the thread has a value");
        local.reset();
        check(asked == 1, "the value is gone");
    }
};

template <Platform P>
struct LocalMayBeUsedByItsValues : AskedByItsValue<P> {};
HEDDLE_MODEL(LocalMayBeUsedByItsValues);

// Keeps a lock while it destroys a value.
template <Platform P, class T>
class LockedWhileItDestroys : public BasicLocal<P, T> {
  public:
    using BasicLocal<P, T>::BasicLocal;
    T* find() {
        const std::scoped_lock guard(lock_);
        return BasicLocal<P, T>::find();
    }
    void reset() {
        const std::scoped_lock guard(lock_);
        BasicLocal<P, T>::reset();
    }

  private:
    BasicLock<P> lock_;
};
template <Platform P>
struct LocalLockedByItsValues : AskedByItsValue<P, LockedWhileItDestroys> {
    static constexpr auto breaks = "INV-TL-DTOR";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(LocalLockedByItsValues, failure::deadlock);

// The thread goes on when its Local ends.
template <Platform P, bool is_left = true>
struct EndOfALocal {
    static constexpr auto claim = "the values of a Local end with it, whatever becomes of their threads";
    static constexpr auto invariants = "INV-TL-DTOR";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    typename P::template plain<int> destroyed{0, "destroyed"};

    void thread(int) {
        auto local = std::make_unique<BasicLocal<P, std::unique_ptr<Traced<P>>>>(
            [this] { return std::make_unique<Traced<P>>(destroyed); });
        local->get()->value = 1;
        check(destroyed.read() == 0, "the value is there");
        if (is_left) local.reset();
        check(destroyed.read() == 1, "the value is gone");
    }
};

template <Platform P>
struct LocalEndsWithItsValues : EndOfALocal<P> {};
HEDDLE_MODEL(LocalEndsWithItsValues);

template <Platform P>
struct LocalStaysWithItsValues : EndOfALocal<P, false> {
    static constexpr auto breaks = "INV-TL-DTOR";
    static constexpr auto fails_at = "the value is gone";
};
HEDDLE_BROKEN_MODEL(LocalStaysWithItsValues, failure::assertion);

template <Platform P, class AnyLocal = BasicLocal<P, std::unique_ptr<Traced<P>>>>
struct MadeAtTheEnd {
    static constexpr auto claim = "what the end of a value makes in another Local ends with the thread, too";
    static constexpr auto invariants = "INV-TL-DTOR";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(2);
    typename P::template plain<int> destroyed{0, "destroyed"};
    AnyLocal late{[this] { return std::make_unique<Traced<P>>(destroyed); }};
    BasicLocal<P, std::unique_ptr<AsksItsLocal<P>>> early{
        [this] { return std::make_unique<AsksItsLocal<P>>([this] { late.get()->value = 1; }); }};

    void thread(int) {
        BasicThread<P> worker([this] { (void)early.get(); });
        worker.start();
        worker.join();
        check(destroyed.read() == 1, "the late value is gone");
    }
};

template <Platform P>
struct LocalMadeAtTheEndEnds : MadeAtTheEnd<P> {};
HEDDLE_MODEL(LocalMadeAtTheEndEnds);

template <Platform P>
struct LocalMadeAtTheEndStays : MadeAtTheEnd<P, KeepsValues<P>> {
    static constexpr auto breaks = "INV-TL-DTOR";
    static constexpr auto fails_at = "the late value is gone";
};
HEDDLE_BROKEN_MODEL(LocalMadeAtTheEndStays, failure::assertion);

template <Platform P>
struct SharedByAll {  // one value for all threads
    int& get() {
        touched.write();
        return value;
    }
    void reset() { get() = 0; }
    typename P::region touched{"local"};
    int value = 0;
};
template <Platform P, class AnyLocal = BasicLocal<P, int>>
struct TwoThreadsOneLocal {
    static constexpr auto claim = "each thread has its own value of a Local";
    static constexpr auto invariants = "INV-TL-ISO";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    AnyLocal local;

    void thread(int index) {
        local.get() = index + 1;
        check(local.get() == index + 1, "the value is the thread's own");
    }
};

template <Platform P>
struct LocalIsolates : TwoThreadsOneLocal<P> {};
HEDDLE_MODEL(LocalIsolates);

template <Platform P>
struct LocalShared : TwoThreadsOneLocal<P, SharedByAll<P>> {
    static constexpr auto breaks = "INV-TL-ISO";
    static constexpr auto fails_at = "local";
};
HEDDLE_BROKEN_MODEL(LocalShared, failure::data_race);

template <Platform P, class AnyLocal = BasicLocal<P, int>>
struct TwoThreadsReset {
    static constexpr auto claim = "a reset takes the thread's own value, whatever others do with theirs";
    static constexpr auto invariants = "INV-TL-ISO";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyLocal local;

    void thread(int index) {
        local.get() = index + 1;
        if (index == 0) local.reset();
        check(local.get() == 2 * index, "only the value that was reset begins anew");
    }
};

template <Platform P>
struct LocalResetIsolates : TwoThreadsReset<P> {};
HEDDLE_MODEL(LocalResetIsolates);

template <Platform P>
struct LocalResetForAll : TwoThreadsReset<P, SharedByAll<P>> {
    static constexpr auto breaks = "INV-TL-ISO";
    static constexpr auto fails_at = "local";
};
HEDDLE_BROKEN_MODEL(LocalResetForAll, failure::data_race);

}  // namespace heddle::models

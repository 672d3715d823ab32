// Counters of owners that decide what a thread does.
#include <memory>

#include <heddle/checker/model.hpp>

namespace heddle::cases {

/// One owner that lets go, and something that tells when.
template <Platform P>
struct Owned {
    static constexpr int threads = 2;
    std::shared_ptr<int> owner = P::template make_shared<int>(1);
    typename P::template atomic<int> step{0, "step"};
    void let_go() {
        step.store(1, std::memory_order_seq_cst);
        owner.reset();
    }
};

template <Platform P>
struct WeakPtrDecides : Owned<P> {
    static constexpr auto claim = "the last owner has always gone first";
    std::weak_ptr<int> weak = this->owner;
    void thread(int index) {
        if (index == 0) return this->let_go();
        this->step.load(std::memory_order_seq_cst);
        check(weak.lock() == nullptr, "the object is gone");
    }
};
HEDDLE_BROKEN_MODEL(WeakPtrDecides, failure::assertion);

template <Platform P>
struct WeakPtrIsStillThere : Owned<P> {
    static constexpr auto claim = "the last owner never goes first";
    std::weak_ptr<int> weak = this->owner;
    void thread(int index) {
        if (index == 0) return this->let_go();
        this->step.load(std::memory_order_seq_cst);
        check(!weak.expired(), "the object is there");
    }
};
HEDDLE_BROKEN_MODEL(WeakPtrIsStillThere, failure::assertion);

template <Platform P>
struct UseCountDecides : Owned<P> {
    static constexpr auto claim = "the other owner has always gone first";
    std::shared_ptr<int> other = this->owner;
    void thread(int index) {
        if (index == 0) return this->let_go();
        this->step.load(std::memory_order_seq_cst);
        check(other.use_count() == 1, "the other owner is gone");
    }
};
HEDDLE_BROKEN_MODEL(UseCountDecides, failure::assertion);

/// use_count() orders nothing: what the other owner did before it let go need not be seen.
template <Platform P>
struct UseCountOrdersNothing {
    static constexpr auto claim = "the only owner left may write without a lock (it may not)";
    static constexpr int threads = 2;
    struct Object {
        typename P::template plain<int> data{0, "data"};
    };
    std::shared_ptr<Object> owners[2]{P::template make_shared<Object>(), nullptr};
    UseCountOrdersNothing() { owners[1] = owners[0]; }
    void thread(int index) {
        if (index == 1 || owners[0].use_count() == 1) owners[index]->data.write(index);
        owners[index].reset();
    }
};
HEDDLE_BROKEN_MODEL(UseCountOrdersNothing, failure::data_race);

/// What lock() gives lives as long as it is held, whoever else lets go.
template <Platform P>
struct LockedOwnersHold {
    static constexpr auto claim = "an object lives while somebody owns it, and ends once";
    static constexpr int threads = 2;
    struct Object {
        explicit Object(typename P::template atomic<int>& count) : ended(count) {}
        Object(const Object&) = delete;
        Object& operator=(const Object&) = delete;
        ~Object() { ended.fetch_add(1, std::memory_order_relaxed); }
        typename P::template plain<int> data{7, "data"};
        typename P::template atomic<int>& ended;
    };
    typename P::template atomic<int> ended{0, "ended"};
    std::shared_ptr<Object> owner = P::template make_shared<Object>(ended);
    std::weak_ptr<Object> weak = owner;
    void thread(int index) {
        if (index == 0) return owner.reset();
        if (const auto alive = weak.lock()) check(alive->data.read() == 7, "it lives");
    }
    void after() { check(ended.load(std::memory_order_relaxed) == 1, "it has ended once"); }
};
HEDDLE_MODEL(LockedOwnersHold);

/// Its counter is not an atomic of the execution: that is said.
template <Platform P>
struct OwnersOfAnotherMake {
    static constexpr auto claim = "there is one owner at least";
    static constexpr int threads = 2;
    std::shared_ptr<int> owner = std::make_shared<int>(1);
    typename P::template atomic<long> owners{0, "owners"};
    void thread(int) {
        const std::shared_ptr<int> mine = owner;
        owners.fetch_add(mine.use_count() != 0 ? 1 : 0, std::memory_order_relaxed);
    }
    void after() { check(owners.load(std::memory_order_relaxed) == 2); }
};
HEDDLE_MODEL(OwnersOfAnotherMake);

template <Platform P>
struct SharesItself {
    static constexpr auto claim = "an object that shares itself lives until both have let go";
    static constexpr int threads = 2;
    struct Object : std::enable_shared_from_this<Object> {
        typename P::template atomic<int> uses{0, "uses"};
    };
    std::shared_ptr<Object> owner = P::template make_shared<Object>();
    Object* const object = owner.get();
    void thread(int) {
        const auto mine = object->shared_from_this();
        mine->uses.fetch_add(1, std::memory_order_relaxed);
    }
    void after() { check(owner.use_count() == 1 && object->uses.load(std::memory_order_relaxed) == 2); }
};
HEDDLE_MODEL(SharesItself);

}  // namespace heddle::cases

// Models of faults that people make, each with more than one step to it: a lock, a queue, a lifetime. Their reports are read
// by people and opened in a browser, so that it shows whether they can be understood.
#include <memory>
#include <mutex>

#include <heddle/checker/model.hpp>

namespace heddle::fixtures {

/// A ring with room for one item. The producer announces the item with a relaxed store.
template <Platform P>
struct QueueHandsOver {
    static constexpr auto claim = "who takes an item sees all of it";
    static constexpr int threads = 2;
    typename P::template plain<int> item{0, "item"};
    typename P::template atomic<unsigned> put{0, "put"};
    typename P::template atomic<unsigned> taken{0, "taken"};

    bool try_put(int value) {
        const unsigned ticket = put.load(std::memory_order_relaxed);
        if (ticket != taken.load(std::memory_order_acquire)) return false;
        item.write(value);
        put.store(ticket + 1, std::memory_order_relaxed);
        return true;
    }
    bool try_take(int& value) {
        const unsigned ticket = taken.load(std::memory_order_relaxed);
        if (ticket == put.load(std::memory_order_acquire)) return false;
        value = item.read();
        taken.store(ticket + 1, std::memory_order_release);
        return true;
    }
    void thread(int index) {
        int value = 0;
        if (index == 0) try_put(1) && try_put(2);
        else if (try_take(value)) check(value == 1);
    }
};
HEDDLE_MODEL(QueueHandsOver);

/// Three accounts; each transfer locks the one that it takes from first.
template <Platform P>
struct TransfersGoRound {
    static constexpr auto claim = "money may be sent round in a circle";
    static constexpr int threads = 3;
    struct Account {
        Account(const char* owner, const char* amount) : mutex(owner), balance(10, amount) {}
        checker::mutex<P> mutex;
        typename P::template plain<int> balance;
    };
    Account ann{"ann", "ann's money"};
    Account bob{"bob", "bob's money"};
    Account cay{"cay", "cay's money"};
    Account* const circle[4]{&ann, &bob, &cay, &ann};

    void thread(int index) {
        Account& from = *circle[index];
        Account& to = *circle[index + 1];
        const std::lock_guard first(from.mutex);
        from.balance.write(from.balance.read() - 1);
        const std::lock_guard second(to.mutex);
        to.balance.write(to.balance.read() + 1);
    }
};
HEDDLE_MODEL(TransfersGoRound);

/// A counted reference. It is given back with a relaxed decrement, and whoever was last destroys what it refers to.
template <Platform P>
struct LastOneDestroys {
    static constexpr auto claim = "the last reference destroys, and nobody uses it then";
    static constexpr int threads = 2;
    struct Document {
        typename P::template atomic<int> references{2, "references"};
        typename P::template plain<int> text{7, "text"};
    };
    Document* document = new Document;

    void thread(int) {
        check(document->text.read() == 7);
        if (document->references.fetch_sub(1, std::memory_order_relaxed) == 1) delete document;
    }
};
HEDDLE_MODEL(LastOneDestroys);

}  // namespace heddle::fixtures

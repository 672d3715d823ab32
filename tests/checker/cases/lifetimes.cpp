// Objects that are used, freed or forgotten at the wrong time.
#include <cstring>
#include <memory>
#include <vector>

#include <heddle/checker/model.hpp>

namespace heddle::cases {

/// A pointer to an object on another thread's stack is used after that frame has ended, and perhaps been overwritten.
template <Platform P, bool overwritten>
struct StackObject {
    static constexpr auto claim = "a waiter on the stack is not used after its frame";
    static constexpr int threads = 2;
    struct Waiter {
        typename P::template atomic<int> flag{0, "flag"};
    };
    typename P::template atomic<Waiter*> waiter{nullptr, "waiter"};

    [[gnu::noinline]] void wait_too_short() {
        Waiter mine;
        waiter.store(&mine, std::memory_order_release);
    }
    [[gnu::noinline]] void go_on() {
        volatile char frame[512];
        for (volatile char& byte : frame) byte = 0x11;
    }
    void thread(int index) {
        if (index == 0) {
            wait_too_short();
            if (overwritten) go_on();
        } else if (Waiter* const other = waiter.load(std::memory_order_acquire)) {
            other->flag.store(1, std::memory_order_release);
        }
    }
};
template <Platform P>
struct StackObjectOutlived : StackObject<P, false> {};
HEDDLE_BROKEN_MODEL(StackObjectOutlived, failure::use_after_free);
template <Platform P>
struct StackObjectOverwritten : StackObject<P, true> {};
HEDDLE_BROKEN_MODEL(StackObjectOverwritten, failure::use_after_free);

/// Memory of zeros is no object, whatever was there.
template <Platform P>
struct Zeroed {
    static constexpr auto claim = "an atomic is one of zeros (it is not)";
    static constexpr int threads = 2;
    using Atomic = typename P::template atomic<int>;
    Atomic word{0, "word"};
    Atomic other{0, "other"};
    Atomic* volatile again = &other;
};
template <Platform P>
struct ZeroedAtomic : Zeroed<P> {
    void thread(int index) {
        this->word.load(std::memory_order_relaxed);
        if (index == 0) return;
        std::memset(static_cast<void*>(this->again), 0, sizeof(this->other));
        this->again->store(1, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(ZeroedAtomic, failure::use_after_free);
template <Platform P>
struct AtomicThatNeverWas : Zeroed<P> {
    void thread(int index) {
        this->word.load(std::memory_order_relaxed);
        if (index == 0) return;
        const std::unique_ptr<char[]> memory(new char[sizeof(this->other)]());
        this->again = reinterpret_cast<typename Zeroed<P>::Atomic*>(memory.get());
        this->again->store(1, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(AtomicThatNeverWas, failure::use_after_free);

template <Platform P>
struct DeletedTwice {
    static constexpr auto claim = "an object is deleted once";
    static constexpr int threads = 1;
    struct Object {
        typename P::template plain<int> data{0, "data"};
    };
    void thread(int) {
        Object* volatile object = new Object;  // or the compiler would see it
        delete object;
        delete object;
    }
};
HEDDLE_BROKEN_MODEL(DeletedTwice, failure::double_free);

template <Platform P>
struct DeletedByBoth {
    static constexpr auto claim = "who sees the other one gone deletes";
    static constexpr int threads = 2;
    struct Object {
        typename P::template atomic<int> users{2, "users"};
    };
    Object* const object = new Object;
    void thread(int) {
        object->users.fetch_sub(1, std::memory_order_acq_rel);
        if (object->users.load(std::memory_order_acquire) == 0) delete object;
    }
};
HEDDLE_BROKEN_MODEL(DeletedByBoth, failure::use_after_free);

template <Platform P>
struct Freed {
    static constexpr auto claim = "nobody uses what is freed";
    static constexpr int threads = 2;
    struct Object {
        typename P::template plain<int> data{0, "data"};
        typename P::template atomic<int> counter{0, "counter"};
    };
    Object* const object = new Object;
    typename P::template atomic<int> done{0, "done"};
    void wait_and_free(std::memory_order order) {
        while (done.load(order) == 0) P::yield();
        delete object;
    }
};
template <Platform P>
struct PlainUseAfterTheRelease : Freed<P> {
    void thread(int index) {
        if (index == 1) return this->wait_and_free(std::memory_order_acquire);
        this->done.store(1, std::memory_order_release);
        this->object->data.write(1);
    }
};
HEDDLE_BROKEN_MODEL(PlainUseAfterTheRelease, failure::use_after_free);
template <Platform P>
struct PlainUseThenRelaxed : Freed<P> {
    void thread(int index) {
        if (index == 1) return this->wait_and_free(std::memory_order_relaxed);
        this->object->data.write(1);
        this->done.store(1, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(PlainUseThenRelaxed, failure::use_after_free);
template <Platform P>
struct AtomicUseThenRelaxed : Freed<P> {
    void thread(int index) {
        if (index == 1) return this->wait_and_free(std::memory_order_relaxed);
        this->object->counter.store(1, std::memory_order_relaxed);
        this->done.store(1, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(AtomicUseThenRelaxed, failure::use_after_free);
template <Platform P>
struct UseThenRelease : Freed<P> {
    void thread(int index) {
        if (index == 1) return this->wait_and_free(std::memory_order_acquire);
        this->object->data.write(1);
        this->object->counter.store(1, std::memory_order_relaxed);
        this->done.store(1, std::memory_order_release);
    }
};
HEDDLE_MODEL(UseThenRelease);

template <Platform P>
struct LeakOfALocal {
    static constexpr auto claim = "what is made is freed";
    static constexpr int threads = 1;
    struct Object {
        typename P::template atomic<int> counter{0, "counter"};
    };
    void thread(int) {
        auto* const object = new Object;
        object->counter.store(1, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(LeakOfALocal, failure::leak);

template <Platform P>
struct LeakOfAnAlignedObject {
    static constexpr auto claim = "what is made is freed";
    static constexpr int threads = 1;
    struct alignas(64) Object {
        int padding[16] = {};
    };
    Object* volatile object = nullptr;
    void thread(int) { object = new Object; }
};
HEDDLE_BROKEN_MODEL(LeakOfAnAlignedObject, failure::leak);

template <Platform P>
struct AlignedObjectsAreAligned {
    static constexpr auto claim = "an aligned object is where it must be, and is freed";
    static constexpr int threads = 1;
    struct alignas(128) Object {
        int padding[32] = {};
    };
    void thread(int) {
        for (int n = 0; n != 3; ++n) {
            const auto small = std::make_unique<char>();
            const auto object = std::make_unique<Object>();
            check(reinterpret_cast<std::uintptr_t>(object.get()) % alignof(Object) == 0);
        }
    }
};
HEDDLE_MODEL(AlignedObjectsAreAligned);

/// A load that waits for another thread while that one constructs many objects.
template <Platform P>
struct LateLook {
    static constexpr auto claim = "a load that waits while another thread constructs objects";
    static constexpr int threads = 2;
    typename P::template atomic<int> flag{0, "flag"};
    void thread(int index) {
        if (index == 0) return check(flag.load(std::memory_order_acquire) == 0);
        std::vector<std::unique_ptr<typename P::template atomic<int>>> many;
        for (int k = 0; k != 60; ++k) many.push_back(std::make_unique<typename P::template atomic<int>>(k));
        flag.store(1, std::memory_order_release);
    }
};
HEDDLE_BROKEN_MODEL(LateLook, failure::assertion);

}  // namespace heddle::cases

// Local: a value of its own for each thread.
//
// ```cpp
// heddle::Local<int> number;
// number.get() = 1;
// heddle::Thread other([&] { EXPECT_EQ(number.get(), 0); });  // a value of its own
// other.start();
// other.join();
// ```
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <heddle/lock.hpp>

namespace heddle {

/// An object that holds one T for each thread that touches it. A thread's value is destroyed when the thread ends, before
/// a join() of it returns, or together with the Local, whichever comes first.
/// It may be destroyed at any time, but not during a call by another thread. Source: Python 3.13 threading.local.
template <Platform P, class T>
class BasicLocal {
  public:
    using Initialiser = std::function<T()>;

    /// Requires: nothing. Returns: a Local whose values begin as T(). Errors: std::bad_alloc. Visibility: none.
    /// Source: Python 3.13 threading.local.
    BasicLocal() requires std::default_initializable<T> : BasicLocal([] { return T(); }) {}

    /// Requires: nothing. Returns: a Local whose values begin as what `initialiser` gives, which is called in each
    /// thread at its first get(). Errors: std::bad_alloc. Visibility: none. Source: Python 3.13 threading.local.
    explicit BasicLocal(Initialiser initialiser) : values_(P::template make_shared<Values>(std::move(initialiser))) {}
    BasicLocal(const BasicLocal&) = delete;
    BasicLocal& operator=(const BasicLocal&) = delete;

    /// The calling thread's value, which is made at the first call.
    /// Requires: nothing. Returns: the same object in one thread until reset(), never another thread's.
    /// Errors: what the initialiser throws, and std::bad_alloc; then the thread has no value still.
    /// Visibility: none. Source: Python 3.13 local.__getattribute__, local.__init__.
    T& get() {
        if (T* const known = find()) return *known;
        return values_->add(std::make_unique<T>(values_->initialiser()), values_);
    }
    /// As get().
    T& operator*() { return get(); }
    /// As get(), of which it gives the address.
    T* operator->() { return &get(); }

    /// Requires: nothing. Returns: the calling thread's value; null if it has none yet. Errors: none. Visibility:
    /// none. Source: none.
    [[nodiscard]] T* find() { return values_->find(); }

    /// Destroys the calling thread's value, if it has one; get() makes a new one. Requires: nothing. Returns:
    /// nothing. Errors: none; the destructor of a T must not throw. Visibility: none. Source: none.
    void reset() { values_->take(P::thread_id()); }

  private:
    // Shared with the threads, whose ends may come after that of the Local.
    struct Values {
        static constexpr bool counts_owners = false;  // for checkers: three steps more for each thread that has a value

        explicit Values(Initialiser make) : initialiser(std::move(make)) {}

        T* find() {
            const std::scoped_lock guard(lock);
            touched.read();
            const auto found = of_thread.find(P::thread_id());
            return found == of_thread.end() ? nullptr : found->second.get();
        }

        T& add(std::unique_ptr<T> value, const std::shared_ptr<Values>& self) {
            T& added = *value;
            const std::uint64_t thread = P::thread_id();
            if (!put(thread, std::move(value))) return added;
            try {
                P::at_thread_exit([values = std::weak_ptr<Values>(self), thread] {
                    if (const auto alive = values.lock()) alive->forget(thread);
                });
            } catch (...) {
                forget(thread);
                throw;
            }
            return added;
        }

        // Returns: whether it is the thread's first: the end of the thread also forgets those that come after a reset().
        bool put(std::uint64_t thread, std::unique_ptr<T> value) {
            const std::scoped_lock guard(lock);
            touched.write();
            const auto [place, is_first] = of_thread.try_emplace(thread);
            place->second = std::move(value);
            return is_first;
        }

        // The value is destroyed by the caller's thread and without the lock: its destructor may use the Local.
        void take(std::uint64_t thread) {
            std::unique_ptr<T> taken;  // destroyed after the guard
            const std::scoped_lock guard(lock);
            touched.write();
            if (const auto found = of_thread.find(thread); found != of_thread.end()) taken = std::move(found->second);
        }

        // Likewise.
        void forget(std::uint64_t thread) {
            typename std::map<std::uint64_t, std::unique_ptr<T>>::node_type taken;
            const std::scoped_lock guard(lock);
            touched.write();
            taken = of_thread.extract(thread);
        }

        const Initialiser initialiser;
        BasicLock<P> lock;
        [[no_unique_address]] typename P::region touched{"Local.values"};
        std::map<std::uint64_t, std::unique_ptr<T>> of_thread;
    };

    std::shared_ptr<Values> values_;
};

/// The Local of programs.
template <class T>
using Local = BasicLocal<StdPlatform, T>;

}  // namespace heddle

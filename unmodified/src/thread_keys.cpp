#include "thread_keys.hpp"

#include <pthread.h>

#include <algorithm>
#include <climits>
#include <utility>

#include "front_end.hpp"
#include "real.hpp"

namespace heddle::unmodified {

namespace {

// The C library's numbers are below that: one of the program's is never one of those.
constexpr unsigned first_of_program = PTHREAD_KEYS_MAX;

// Of those made outside. Constant: libraries make keys before this library's initialisers run.
constinit std::array<ThreadKeys::End, most_keys_outside> ends_outside{};
constinit unsigned outside_count = 0;

}  // namespace

void ThreadKeys::note_outside(unsigned key, End end) {
    if (key >= ends_outside.size()) return;
    ends_outside[key] = end;
    outside_count = std::max(outside_count, key + 1);
}

void ThreadKeys::begin_run() {
    made_ = 0;
    removed_.reset();
    for (unsigned key = 0; key != outside_count; ++key) first_values_[key] = HEDDLE_REAL(pthread_getspecific)(key);
}

bool ThreadKeys::create(unsigned& key, End end) {
    if (made_ == ends_.size()) return false;
    ends_[made_] = end;
    key = first_of_program + made_++;
    front_end_.loops.leaves_trace();
    return true;
}

void ThreadKeys::remove(unsigned key, std::uintptr_t caller) {
    removed_.set(index_of(key, caller));
    front_end_.loops.leaves_trace();
}

std::size_t ThreadKeys::index_of(unsigned key, std::uintptr_t caller) const {
    if (key >= first_of_program && key - first_of_program < made_) return key - first_of_program + most_keys_outside;
    if (key >= most_keys_outside)
        front_end_.fail(engine::FailureKind::misuse, caller,
                        key >= first_of_program ? "a key of pthread_key_create is used that was never made"
                                                : "too many keys were made before the first execution");
    return key;
}

void ThreadKeys::begin_first_thread() const {
    std::copy_n(first_values_.begin(), outside_count, self.specific.begin());
}

void ThreadKeys::end_values() {
    constexpr int rounds = 4;  // PTHREAD_DESTRUCTOR_ITERATIONS
    const bool is_first = front_end_.witness().thread() == Threads::first;
    const auto end = [&](std::size_t index) {
        void* const value = std::exchange(self.specific[index], nullptr);
        const bool is_older = is_first && index < most_keys_outside && value == first_values_[index];
        const End function = index < most_keys_outside ? ends_outside[index] : ends_[index - most_keys_outside];
        if (value == nullptr || is_older || function == nullptr || removed_[index]) return;
        const InsideProgram inside;
        function(value);
    };
    for (int round = 0; round != rounds; ++round) {
        for (std::size_t key = 0; key != outside_count; ++key) end(key);
        for (std::size_t key = 0; key != made_; ++key) end(most_keys_outside + key);
    }
}

}  // namespace heddle::unmodified

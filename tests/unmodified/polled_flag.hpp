// What programs of the tests poll: a flag under a lock.
#pragma once

#include <mutex>

namespace heddle::test {

struct Flag {
    std::mutex mutex;
    bool is_set = false;

    void set() {
        const std::lock_guard guard(mutex);
        is_set = true;
    }
    bool looks() {
        const std::lock_guard guard(mutex);
        return is_set;
    }
    void poll() {
        for (;;) {
            const std::lock_guard guard(mutex);
            if (is_set) break;
        }
    }
};

}  // namespace heddle::test

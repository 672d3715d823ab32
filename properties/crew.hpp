// Threads that carry out what a property tells them, for objects that know who calls.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <utility>

#include <heddle/queue.hpp>
#include <heddle/thread.hpp>

namespace heddle::properties {

inline constexpr std::size_t thread_count = 3;

// Threads that run what they are given, one call at a time.
class Crew {
  public:
    Crew() {
        for (auto& member : members_) member.thread.start();
    }
    ~Crew() {
        for (auto& member : members_) {
            member.work.shutdown();
            member.thread.join();
        }
    }
    template <class F>
    auto run(std::size_t member, F function) {
        std::packaged_task<decltype(function())()> task(std::move(function));
        auto result = task.get_future();
        members_[member].work.put([&task] { task(); });
        return result.get();
    }

  private:
    struct Member {
        Queue<std::function<void()>> work;
        Thread thread{[this] {
            try {
                for (;;) work.get()();
            } catch (const ShutDown&) {  // the end of the work
            }
        }};
    };
    Member members_[thread_count];
};

}  // namespace heddle::properties

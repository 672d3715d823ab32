// Objects that are expensive to make.
#pragma once

#include <memory>
#include <utility>

namespace heddle::engine {

/// Owns a T that may have been used before. What one exploration gives back, the next one in the same OS thread gets, as
/// it was left: making one anew would take a small program as long as to be explored.
template <class T>
class Reused {
  public:
    Reused() : object_(spare_ ? std::move(spare_) : std::make_unique<T>()) {}
    Reused(const Reused&) = delete;
    Reused& operator=(const Reused&) = delete;
    ~Reused() { spare_ = std::move(object_); }

    T& operator*() const { return *object_; }
    T* operator->() const { return object_.get(); }

  private:
    inline static thread_local std::unique_ptr<T> spare_;
    std::unique_ptr<T> object_;
};

}  // namespace heddle::engine

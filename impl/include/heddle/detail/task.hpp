// A callable that runs at most once and may be move-only.
#pragma once

#include <heddle/platform/requirements.hpp>

#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace heddle::detail {

/// Owns a callable and its arguments until they have run.
class Task {
  public:
    Task() = default;

    template <class F, class... Args>
    static Task bind(F&& function, Args&&... args) {
        Task task;
        task.callable_ = std::make_unique<Bound<std::decay_t<F>, std::decay_t<Args>...>>(std::forward<F>(function),
                                                                                         std::forward<Args>(args)...);
        return task;
    }

    explicit operator bool() const noexcept { return callable_ != nullptr; }

    /// Runs the callable and destroys it; does nothing without one.
    void run_once() {
        if (const auto callable = std::move(callable_)) callable->call();
    }

  private:
    struct Callable {
        virtual ~Callable() = default;
        virtual void call() = 0;
    };

    template <class F, class... Args>
    struct Bound final : Callable {
        template <class G, class... As>
        explicit Bound(G&& g, As&&... as) : function(std::forward<G>(g)), arguments(std::forward<As>(as)...) {}
        void call() override {
            std::apply([this](auto&... args) { std::invoke(std::move(function), std::move(args)...); }, arguments);
        }
        F function;
        std::tuple<Args...> arguments;
    };

    std::unique_ptr<Callable> callable_;
};

}  // namespace heddle::detail

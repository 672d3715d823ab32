// Does not compile: what a Platform does not have is refused by the compiler where it is asked for.
#include <memory>

#include <heddle/checker/model.hpp>
#include <heddle/checker/standard.hpp>
#include <heddle/platform/standard.hpp>

namespace heddle::not_there {

struct TwoWords {
    void* first;
    long count;
};

template <Platform P>
struct Asks {
    static constexpr auto claim = "what is not there is refused";
    static constexpr int threads = 2;

    typename P::template atomic<int> number{0};
    typename P::template atomic<double> real{0};

    void thread(int) {
        typename P::template atomic<TwoWords> of_two_words{};
        typename P::template atomic<std::shared_ptr<int>> owner{};
        ++number;
        number = 1;
        const int read = number;
    }
    void after() { real.fetch_add(1.0, std::memory_order_relaxed); }
};
HEDDLE_MODEL(Asks);

}  // namespace heddle::not_there

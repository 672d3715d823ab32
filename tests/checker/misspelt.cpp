// Does not compile: a declaration of a model that is nearly spelled like one, or that nobody sees, would change nothing.
#include <heddle/checker/model.hpp>

namespace heddle::misspelt {

template <Platform P>
struct Declares {
    static constexpr auto claim = "a slip in the name of a declaration is found";
    static constexpr int threads = 2;
    bool timed_out = false;  // a variable, which may have any name
    void thread(int) {}
};

template <Platform P>
struct SpuriousWakeup : Declares<P> {
    static constexpr unsigned spurious_wakeup = 1;
};
HEDDLE_MODEL(SpuriousWakeup);

template <Platform P>
struct Serch : Declares<P> {
    static constexpr auto serch = checker::full_search();
};
HEDDLE_MODEL(Serch);

template <Platform P>
struct DynamicThread : Declares<P> {
    static constexpr int dynamic_thread = 1;
};
HEDDLE_MODEL(DynamicThread);

template <Platform P>
class PrivateAfter : public Declares<P> {
    void after() { check(false); }
};
HEDDLE_MODEL(PrivateAfter);

template <Platform P>
class PrivateTimeOuts : public Declares<P> {
    static constexpr unsigned time_outs = 1;
};
HEDDLE_MODEL(PrivateTimeOuts);

}  // namespace heddle::misspelt

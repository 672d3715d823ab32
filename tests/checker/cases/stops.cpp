// Requests to stop: each piece used in one right way and in one wrong one.
#include <optional>

#include <heddle/checker/model.hpp>
#include <heddle/checker/standard.hpp>

namespace heddle::cases {

template <Platform P>
struct Stops {
    static constexpr int threads = 2;
    stop_source<P> source{"stop"};
    typename P::template plain<int> data{0, "data"};
};

template <Platform P, bool looks>
struct StopsAWorker : Stops<P> {
    static constexpr auto claim = "who sees the request sees what came before it";
    void thread(int index) {
        if (index == 0) {
            this->data.write(1);
            check(this->source.request_stop() && !this->source.request_stop());
        } else {
            const stop_token<P> token = this->source.get_token();
            while (looks && !token.stop_requested()) P::yield();
            this->data.read();
        }
    }
    void after() { check(this->source.stop_requested() && !stop_token<P>().stop_possible()); }
};
HEDDLE_MODEL_OF(StopsAWorkerThatLooks, StopsAWorker, true);
HEDDLE_BROKEN_MODEL_OF(StopsAWorkerThatDoesNotLook, failure::data_race, StopsAWorker, false);

/// A callback is called once, by whoever comes second: the end of its object waits for its return.
template <Platform P, bool waits>
struct CallsBack : Stops<P> {
    static constexpr auto claim = "a callback has returned, or is not called any more, when its object is gone";
    void thread(int index) {
        if (index == 0) return static_cast<void>(this->source.request_stop());
        const auto write = [this] { this->data.write(this->data.read() + 1); };
        std::optional<stop_callback<P, decltype(write)>> callback(std::in_place, this->source.get_token(), write);
        if (waits) callback.reset();
        check(this->data.read() <= 1);
    }
};
HEDDLE_MODEL_OF(CallsBackInTime, CallsBack, true);
HEDDLE_BROKEN_MODEL_OF(CallsBackAtAnyTime, failure::data_race, CallsBack, false);

template <Platform P>
struct CallsBackOnce : Stops<P> {
    static constexpr auto claim = "a callback that was there before the request is called, and may end itself";
    struct End {
        CallsBackOnce* model;
        void operator()() const {
            model->data.write(model->data.read() + 1);
            model->callback.reset();
        }
    };
    std::optional<stop_callback<P, End>> callback{std::in_place, this->source.get_token(), End{this}};
    void thread(int) { this->source.request_stop(); }
    void after() { check(this->data.read() == 1 && !callback); }
};
HEDDLE_MODEL(CallsBackOnce);

/// The end of a jthread asks its function to stop, and waits for it.
template <Platform P, bool joins>
struct EndsWithItsWorker {
    static constexpr auto claim = "what a jthread has done is seen when it is gone";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 2;
    static constexpr auto search = checker::context_bound(1);
    typename P::template plain<int> data{0, "data"};
    void thread(int) {
        {
            jthread<P> worker(
                [this](const stop_token<P>& token, int adds) {
                    while (!token.stop_requested()) P::yield();
                    data.write(data.read() + adds);
                },
                1);
            check(worker.joinable() && worker.get_stop_token().stop_possible());
            if (joins) {
                worker = jthread<P>();
                check(!worker.joinable() && !worker.get_stop_token().stop_possible());
                worker = jthread<P>([this] { data.write(data.read() + 1); });
            } else {
                worker.request_stop();
                worker.detach();
            }
        }
        const int seen = data.read();
        check(!joins || seen == 2);
    }
};
HEDDLE_MODEL_OF(JoinsWhenItEnds, EndsWithItsWorker, true);
HEDDLE_BROKEN_MODEL_OF(DetachesBeforeItEnds, failure::data_race, EndsWithItsWorker, false);

}  // namespace heddle::cases

#include "oracle.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "axioms.hpp"

namespace heddle::oracle {

namespace {

class Enumeration {
  public:
    explicit Enumeration(const Program& program) : program_(program) {}

    std::set<Canonical> run() {
        Execution start;
        start.next.resize(program_.threads.size(), 0);
        start.phase.resize(program_.threads.size(), 0);
        for (std::size_t location = 0; location != 2 * program_.locations; ++location) {
            start.coherence.push_back({start.events.size()});
            start.events.push_back({.writes = true, .location = location});
        }
        extend(start);
        return complete_;
    }

  private:
    void extend(const Execution& x) {
        if (!seen_.insert(canonical(x) + still_waiting(x) + phases(x)).second) return;
        bool done = true;
        for (std::size_t thread = 0; thread != program_.threads.size(); ++thread) {
            if (x.next[thread] == program_.threads[thread].size()) continue;
            done = false;
            step(x, thread);
        }
        if (done) complete_.insert(canonical(x));
    }

    // What a notify has chosen shows in an execution when the chosen thread wakes up.
    static std::string still_waiting(const Execution& x) {
        std::string text;
        for (std::size_t queue = x.coherence.size() / 2; queue != x.coherence.size(); ++queue) {
            text += "|";
            for (const std::size_t step : x.coherence[queue])
                for (const std::size_t waiter : x.events[step].waiters) text += std::to_string(waiter) + " ";
        }
        return text;
    }

    // A barrier has no name.
    static std::string phases(const Execution& x) {
        std::string text;
        for (const std::size_t phase : x.phase) text += std::to_string(phase);
        return text;
    }

    void step(const Execution& x, std::size_t thread) {
        const Instruction& i = program_.threads[thread][x.next[thread]];
        const auto mine = [thread](const Event& e) { return e.thread == thread; };
        const auto number = static_cast<std::size_t>(std::count_if(x.events.begin(), x.events.end(), mine));
        const Event event{.thread = thread, .number = number, .fence = i.kind == Kind::fence, .order = i.order};
        switch (i.kind) {
            case Kind::fence:
                return add(x, event, std::nullopt);
            case Kind::wait:
            case Kind::timed_wait:
                return step_of_a_wait(x, event, i);
            case Kind::retry:
            case Kind::add_on:
                return step_of_a_retry(x, event, i);
            case Kind::wake:
                return change_queue(x, event, i, [&i](auto& waiters) {
                    const std::size_t all = waiters.size();
                    waiters.erase(waiters.begin(),
                                  waiters.begin() +
                                      static_cast<std::ptrdiff_t>(i.value == 1 ? std::min<std::size_t>(1, all) : all));
                });
            case Kind::notify_all:
                return change_queue(x, event, i, [](auto& waiters) { waiters.clear(); });
            case Kind::notify_one:
                return notify_any(x, event, i);
            case Kind::enlist:
                return change_queue(x, event, i, [thread](auto& waiters) { waiters.push_back(thread); });
            case Kind::sleep:
                return wake_up(x, event, i);
            default:
                return step_on_a_value(x, event, i);
        }
    }

    void step_on_a_value(const Execution& x, Event event, const Instruction& i) {
        event.location = i.location;
        event.writes = i.kind != Kind::load && i.kind != Kind::await;
        event.value = i.value;
        if (i.kind == Kind::store) return place_everywhere(x, event);
        event.reads = true;
        for (const std::size_t source : x.coherence[i.location]) {
            Event copy = event;
            copy.reads_from = source;
            if (i.kind == Kind::compare_exchange_weak && x.events[source].value == i.expected &&
                may_fail(x, event.thread)) {
                Event failed = copy;
                failed.writes = false;
                failed.order = i.failure;
                failed.fails_without_cause = true;
                add(x, failed, std::nullopt);
            }
            const std::uint64_t before = x.events[source].value;
            if (i.kind == Kind::add) copy.value = before + i.value;
            if (i.kind == Kind::lock || i.kind == Kind::try_lock) copy.value = 1;
            if (i.kind == Kind::unlock) copy.value = 0;
            if (i.waits() && before != i.expected) continue;  // a lock expects 0
            const bool refused = i.compares() ? before != i.expected : i.kind == Kind::try_lock && before != 0;
            if (refused) {
                copy.writes = false;
                copy.order = i.failure;
            }
            if (copy.writes) place_everywhere(x, copy);
            else add(x, copy, std::nullopt);
        }
    }

    // `begins`: its first instruction, or the next one, whatever it is. The others are of a wait, the last one of a retry.
    enum Phase : std::size_t { begins, looks, enqueues, waits, exchanges };

    // Its last turn alone: the others leave nothing behind.
    void step_of_a_retry(const Execution& x, Event event, const Instruction& i) {
        event.location = i.location;
        event.reads = true;
        if (x.phase[event.thread] == begins) {
            event.order = i.load;
            for (const std::size_t source : x.coherence[i.location]) {
                event.reads_from = source;
                add(x, event, std::nullopt, exchanges);
            }
            return;
        }
        const auto load = std::find_if(x.events.begin(), x.events.end(), [&event](const Event& other) {
            return other.thread == event.thread && other.number + 1 == event.number;
        });
        const std::uint64_t expected = x.events[load->reads_from].value;
        event.writes = true;
        event.value = expected + i.value;
        for (const std::size_t source : x.coherence[i.location]) {
            if (x.events[source].value != expected) continue;
            event.reads_from = source;
            place_everywhere(x, event);
        }
    }

    void step_of_a_wait(const Execution& x, Event event, const Instruction& i) {
        if (x.phase[event.thread] == begins) {
            event.barrier = true;
            event.order = std::memory_order_seq_cst;
            return add(x, event, std::nullopt, looks);
        }
        if (x.phase[event.thread] == enqueues) {
            event.enqueues = true;
            const auto enter = [&event](auto& waiters) { waiters.push_back(event.thread); };
            return change_queue(x, event, i, enter, waits);
        }
        if (x.phase[event.thread] == waits)
            return i.kind == Kind::wait ? wake_up(x, event, i) : leave_queue(x, event, i);
        event.reads = true;
        event.location = i.location;
        for (const std::size_t source : x.coherence[i.location]) {
            event.reads_from = source;
            add(x, event, std::nullopt, x.events[source].value == i.expected ? enqueues : begins);
        }
    }

    // The last step of the queue is followed by one that leaves it as `change` does.
    template <class Change>
    void change_queue(const Execution& x, Event event, const Instruction& i, Change change, Phase then = begins) {
        event.location = program_.locations + i.location;
        const auto& steps = x.coherence[event.location];
        event.reads = event.writes = true;
        event.reads_from = steps.back();
        event.waiters = x.events[steps.back()].waiters;
        change(event.waiters);
        add(x, event, steps.size(), then);
    }

    void notify_any(const Execution& x, const Event& event, const Instruction& i) {
        const auto& steps = x.coherence[program_.locations + i.location];
        const std::size_t waiting = x.events[steps.back()].waiters.size();
        if (waiting == 0) change_queue(x, event, i, [](auto&) {});
        for (std::size_t n = 0; n != waiting; ++n)
            change_queue(x, event, i,
                         [n](auto& waiters) { waiters.erase(waiters.begin() + static_cast<std::ptrdiff_t>(n)); });
    }

    // The step of the queue that took the thread out of it, since it entered last.
    void wake_up(const Execution& x, Event event, const Instruction& i) {
        const auto& steps = x.coherence[program_.locations + i.location];
        for (std::size_t at = steps.size(); at-- != 0;) {
            const Event& step = x.events[steps[at]];
            if (std::count(step.waiters.begin(), step.waiters.end(), event.thread) == 0) event.woken_by = steps[at];
            else break;
        }
        if (event.woken_by != no_event) add(x, event, std::nullopt);
    }

    // Its time is out: it takes itself out of the queue, or sees that another has.
    void leave_queue(const Execution& x, Event event, const Instruction& i) {
        event.location = program_.locations + i.location;
        event.reads = true;
        const auto& steps = x.coherence[event.location];
        for (const std::size_t source : steps) {
            event.reads_from = source;
            const auto& waiters = x.events[source].waiters;
            if (std::count(waiters.begin(), waiters.end(), event.thread) == 0) add(x, event, std::nullopt);
        }
        const auto& last = x.events[steps.back()].waiters;
        if (std::count(last.begin(), last.end(), event.thread) != 0)
            change_queue(x, event, i, [&event](auto& waiters) { std::erase(waiters, event.thread); });
    }

    // Once in a thread and execution.
    static bool may_fail(const Execution& x, std::size_t thread) {
        return std::none_of(x.events.begin(), x.events.end(),
                            [thread](const Event& e) { return e.thread == thread && e.fails_without_cause; });
    }

    void place_everywhere(const Execution& x, const Event& event) {
        for (std::size_t at = 1; at <= x.coherence[event.location].size(); ++at) add(x, event, at);
    }

    // `then`: what the thread does next; begins: its instruction is done.
    void add(const Execution& x, const Event& event, std::optional<std::size_t> at, Phase then = begins) {
        Execution next = x;
        if (at) {
            auto& order = next.coherence[event.location];
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(*at), next.events.size());
        }
        next.events.push_back(event);
        next.phase[event.thread] = then;
        if (then == begins) ++next.next[event.thread];
        if (consistent(next)) extend(next);
    }

    const Program& program_;
    std::unordered_set<Canonical> seen_;
    std::set<Canonical> complete_;
};

}  // namespace

std::set<Canonical> all_executions(const Program& program) { return Enumeration(program).run(); }

}  // namespace heddle::oracle

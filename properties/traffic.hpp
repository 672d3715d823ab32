// Items that real producers pass to real consumers, and what must be true of those that arrive.
#pragma once

#include <cstddef>
#include <ostream>
#include <vector>

#include <rapidcheck.h>

namespace heddle::properties {

// A workload for real threads: how many items each producer puts, how many consumers there are, the bound.
struct Workload {
    std::vector<int> producers;
    int consumers;
    std::ptrdiff_t maxsize;
    bool late;  // the consumers start when everything is put; only if the queue is unbounded
};

struct Item {
    int producer;
    int number;
};

inline std::ostream& operator<<(std::ostream& out, const Workload& workload) {
    out << workload.consumers << (workload.late ? " late" : "") << " consumers, maxsize " << workload.maxsize
        << ", items per producer:";
    for (const int count : workload.producers) out << ' ' << count;
    return out;
}

/// `least`: the smallest bound; zero stands for none.
inline rc::Gen<Workload> workloads(std::ptrdiff_t least) {
    return rc::gen::exec([least] {
        Workload workload;
        const auto count = *rc::gen::inRange<std::size_t>(1, 4);
        workload.producers = *rc::gen::container<std::vector<int>>(count, rc::gen::inRange(0, 30));
        workload.consumers = *rc::gen::inRange(1, 4);
        workload.maxsize = *rc::gen::inRange<std::ptrdiff_t>(least, 4);
        workload.late = workload.maxsize == 0 && *rc::gen::arbitrary<bool>();
        return workload;
    });
}

/// `got`: what each consumer got, in its order.
inline void assert_complete_and_in_order(const Workload& workload, const std::vector<std::vector<Item>>& got) {
    std::vector<int> received(workload.producers.size(), 0);
    for (const auto& mine : got) {
        std::vector<int> last(workload.producers.size(), -1);
        for (const Item item : mine) {
            const auto producer = static_cast<std::size_t>(item.producer);
            RC_ASSERT(item.number > last[producer]);  // a consumer sees each producer's items in their order
            last[producer] = item.number;
            ++received[producer];
        }
    }
    RC_ASSERT(received == workload.producers);  // nothing lost; with the order above, nothing twice
}

}  // namespace heddle::properties

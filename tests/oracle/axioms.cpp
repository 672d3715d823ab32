#include "axioms.hpp"

#include <algorithm>
#include <map>

namespace heddle::oracle {

namespace {

class Relation {
  public:
    explicit Relation(std::size_t size) : size_(size), bits_(size * size, 0) {}
    bool has(std::size_t a, std::size_t b) const { return bits_[a * size_ + b] != 0; }
    void add(std::size_t a, std::size_t b) { bits_[a * size_ + b] = 1; }
    void add(const Relation& other) {
        for (std::size_t i = 0; i != bits_.size(); ++i) bits_[i] = bits_[i] | other.bits_[i];
    }
    void close() {
        for (std::size_t k = 0; k != size_; ++k)
            for (std::size_t a = 0; a != size_; ++a)
                for (std::size_t b = 0; has(a, k) && b != size_; ++b)
                    if (has(k, b)) add(a, b);
    }
    Relation then(const Relation& other) const {
        Relation result(size_);
        for (std::size_t a = 0; a != size_; ++a)
            for (std::size_t b = 0; b != size_; ++b)
                for (std::size_t c = 0; has(a, b) && c != size_; ++c)
                    if (other.has(b, c)) result.add(a, c);
        return result;
    }
    bool reflexive_somewhere() const {
        for (std::size_t a = 0; a != size_; ++a)
            if (has(a, a)) return true;
        return false;
    }
    std::size_t size() const { return size_; }

  private:
    std::size_t size_;
    std::vector<char> bits_;
};

bool acquires(const Event& e) {
    return e.order == std::memory_order_acquire || e.order == std::memory_order_acq_rel ||
           e.order == std::memory_order_seq_cst;
}
bool releases(const Event& e) {
    return e.order == std::memory_order_release || e.order == std::memory_order_acq_rel ||
           e.order == std::memory_order_seq_cst;
}
bool is_seq_cst(const Event& e) { return e.order == std::memory_order_seq_cst; }

// What the kernel does with the threads that wait orders no memory for C++: its steps are no atomic operations, so nothing
// synchronizes through them, not even fences, and they have no place in the order of the seq_cst operations; the barrier
// before a wait looks has.
bool is_queue(const Execution& x, std::size_t location) {
    return location != no_event && location >= x.coherence.size() / 2;
}

struct Relations {
    explicit Relations(const Execution& x)
        : sequenced(x.events.size()),
          synchronizes(x.events.size()),
          happens_before(x.events.size()),
          coherence_ordered(x.events.size()),
          queue_ordered(x.events.size()) {
        const auto& e = x.events;
        const std::size_t n = e.size();
        for (std::size_t a = 0; a != n; ++a)
            for (std::size_t b = 0; b != n; ++b)
                if (e[a].thread != no_event && e[a].thread == e[b].thread && e[a].number < e[b].number)
                    sequenced.add(a, b);
        for (std::size_t r = 0; r != n; ++r)
            if (e[r].reads && !is_queue(x, e[r].location)) add_synchronization(x, r);
        happens_before.add(sequenced);
        happens_before.add(synchronizes);
        for (std::size_t a = 0; a != n; ++a)
            for (std::size_t b = 0; b != n; ++b)
                if (e[a].thread == no_event && e[b].thread != no_event) happens_before.add(a, b);
        happens_before.close();
        for (std::size_t location = 0; location != x.coherence.size(); ++location) {
            Relation& ordered = is_queue(x, location) ? queue_ordered : coherence_ordered;
            add_coherence(x, location, ordered);
        }
        coherence_ordered.close();
        queue_ordered.close();
    }

    // [atomics.order] 3: coherence-ordered before.
    static void add_coherence(const Execution& x, std::size_t location, Relation& ordered) {
        const auto& e = x.events;
        const auto& order = x.coherence[location];
        for (std::size_t i = 0; i != order.size(); ++i)
            for (std::size_t j = i + 1; j != order.size(); ++j) ordered.add(order[i], order[j]);
        for (std::size_t r = 0; r != e.size(); ++r) {
            if (!e[r].reads || e[r].location != location) continue;
            ordered.add(e[r].reads_from, r);
            auto later = std::find(order.begin(), order.end(), e[r].reads_from);
            for (++later; later < order.end(); ++later)
                if (*later != r) ordered.add(r, *later);
        }
    }

    // Everything that the read (or an acquire fence after it) synchronizes with.
    void add_synchronization(const Execution& x, std::size_t read) {
        const auto& e = x.events;
        std::vector<std::size_t> acquirers;
        if (acquires(e[read])) acquirers.push_back(read);
        for (std::size_t f = 0; f != e.size(); ++f)
            if (e[f].fence && acquires(e[f]) && sequenced.has(read, f)) acquirers.push_back(f);
        // The heads of the release sequences that the value belongs to: back through read-modify-writes.
        for (std::size_t head = e[read].reads_from;; head = e[head].reads_from) {
            if (e[head].thread != no_event) {
                std::vector<std::size_t> releasers;
                if (releases(e[head])) releasers.push_back(head);
                for (std::size_t f = 0; f != e.size(); ++f)
                    if (e[f].fence && releases(e[f]) && sequenced.has(f, head)) releasers.push_back(f);
                for (const std::size_t from : releasers)
                    for (const std::size_t to : acquirers) synchronizes.add(from, to);
            }
            if (!e[head].reads) break;
        }
    }

    Relation sequenced;
    Relation synchronizes;
    Relation happens_before;
    Relation coherence_ordered;
    Relation queue_ordered;  // the same of the queues
};

// [atomics.order] 3 and 4, word for word.
bool has_total_order(const Execution& x, const Relations& r) {
    const auto& e = x.events;
    const std::size_t n = e.size();
    Relation strongly(n);
    strongly.add(r.sequenced);
    for (std::size_t a = 0; a != n; ++a)
        for (std::size_t b = 0; b != n; ++b)
            if (r.synchronizes.has(a, b) && is_seq_cst(e[a]) && is_seq_cst(e[b])) strongly.add(a, b);
    strongly.add(r.sequenced.then(r.happens_before).then(r.sequenced));
    strongly.close();
    Relation order(n);
    for (std::size_t a = 0; a != n; ++a)
        for (std::size_t b = 0; b != n; ++b)
            if (is_seq_cst(e[a]) && is_seq_cst(e[b]) && strongly.has(a, b)) order.add(a, b);
    const auto fence = [&](std::size_t f) { return (e[f].fence || e[f].barrier) && is_seq_cst(e[f]); };
    for (std::size_t a = 0; a != n; ++a) {
        for (std::size_t b = 0; b != n; ++b) {
            if (!r.coherence_ordered.has(a, b)) continue;
            if (is_seq_cst(e[a]) && is_seq_cst(e[b])) order.add(a, b);
            for (std::size_t y = 0; y != n; ++y) {
                const bool after_b = fence(y) && r.happens_before.has(b, y);
                if (is_seq_cst(e[a]) && after_b) order.add(a, y);
                if (fence(y) && r.happens_before.has(y, a) && is_seq_cst(e[b])) order.add(y, b);
                for (std::size_t z = 0; after_b && z != n; ++z)
                    if (fence(z) && r.happens_before.has(z, a)) order.add(z, y);
            }
        }
    }
    order.close();
    return !order.reflexive_somewhere();
}

// The kernel takes the steps on a queue one after the other, each with all that came before in its thread; a thread goes
// to sleep only if what it has read is not older than what an earlier step of the queue knew.
bool sleeps_on_what_is_there(const Execution& x, const Relations& r) {
    const auto& e = x.events;
    Relation known(e.size());
    known.add(r.happens_before);
    for (std::size_t queue = x.coherence.size() / 2; queue != x.coherence.size(); ++queue)
        for (std::size_t i = 1; i != x.coherence[queue].size(); ++i)
            known.add(x.coherence[queue][i - 1], x.coherence[queue][i]);
    for (std::size_t n = 0; n != e.size(); ++n) {
        if (e[n].woken_by != no_event) known.add(e[n].woken_by, n);
        if (e[n].reads && is_queue(x, e[n].location)) known.add(e[n].reads_from, n);
    }
    known.close();
    for (std::size_t enqueued = 0; enqueued != e.size(); ++enqueued) {
        if (!e[enqueued].enqueues) continue;
        const auto look = static_cast<std::size_t>(std::find_if(e.begin(), e.end(),
                                                                [&](const Event& other) {
                                                                    return other.thread == e[enqueued].thread &&
                                                                           other.number + 1 == e[enqueued].number;
                                                                }) -
                                                   e.begin());
        const auto& order = x.coherence[e[look].location];
        for (auto newer = std::find(order.begin(), order.end(), e[look].reads_from) + 1; newer != order.end();
             ++newer) {
            if (known.has(*newer, enqueued)) return false;
            for (std::size_t reader = 0; reader != e.size(); ++reader)
                if (e[reader].reads && e[reader].location == e[look].location && e[reader].reads_from == *newer &&
                    known.has(reader, enqueued))
                    return false;
        }
    }
    return true;
}

}  // namespace

bool consistent(const Execution& x) {
    const Relations r(x);
    if (r.happens_before.reflexive_somewhere() || r.coherence_ordered.reflexive_somewhere() ||
        r.queue_ordered.reflexive_somewhere())
        return false;
    for (std::size_t a = 0; a != x.events.size(); ++a)
        for (std::size_t b = 0; b != x.events.size(); ++b)
            if (r.happens_before.has(a, b) && (r.coherence_ordered.has(b, a) || r.queue_ordered.has(b, a)))
                return false;
    for (const auto& order : x.coherence)  // a read-modify-write reads from its predecessor
        for (std::size_t i = 1; i != order.size(); ++i)
            if (x.events[order[i]].reads && x.events[order[i]].reads_from != order[i - 1]) return false;
    return sleeps_on_what_is_there(x, r) && has_total_order(x, r);
}

namespace {

std::string name(const Execution& x, const Event& e) {
    if (e.thread == no_event) return "i";
    const auto barriers = std::count_if(x.events.begin(), x.events.end(), [&](const Event& other) {
        return other.barrier && other.thread == e.thread && other.number < e.number;
    });
    return std::to_string(e.thread) + "." + std::to_string(e.number - static_cast<std::size_t>(barriers));
}

}  // namespace

Canonical canonical(const Execution& x) {
    std::map<std::pair<std::size_t, std::size_t>, std::string> reads;
    for (const Event& e : x.events)
        if (e.thread != no_event && !e.barrier)
            reads[{e.thread, e.number}] = name(x, e) + "<" +
                                          (e.reads                  ? name(x, x.events[e.reads_from])
                                           : e.woken_by != no_event ? name(x, x.events[e.woken_by])
                                                                    : "-") +
                                          (e.fails_without_cause ? "!" : "");
    Canonical text;
    for (const auto& [id, read] : reads) text += read + " ";
    const std::size_t locations = x.coherence.size() / 2;
    for (std::size_t n = 0; n != x.coherence.size(); ++n) {
        const auto& order = x.coherence[n / 2 + (n % 2 == 0 ? 0 : locations)];
        text += "|";
        for (std::size_t i = 1; i != order.size(); ++i) text += name(x, x.events[order[i]]) + " ";
    }
    return text;
}

}  // namespace heddle::oracle

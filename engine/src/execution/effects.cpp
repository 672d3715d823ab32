#include "effects.hpp"

#include <algorithm>
#include <utility>

namespace heddle::engine {

namespace {

constexpr std::size_t most_pairs = 2000;  // of nodes that may be out of order: a fraction of a second

using Set = std::vector<bool>;

/// Orders the nodes of `kept` as Effects demands, and as the modification orders of its locations wish.
class Ordering {
  public:
    Ordering(const Effects& effects, const Set& kept) : effects_(effects), kept_(kept), next_(effects.nodes.size()) {
        for (const Effects::Location& location : effects.locations) add_wishes(location);
    }

    EffectOrder best() const {
        const Set ignored = fewest_ignored();
        EffectOrder found{.nodes = ordered(ignored), .newer = {}};
        find_newer(found);
        return found;
    }

  private:
    /// A read comes before the write that follows what it reads, a write before the next one.
    void add_wishes(const Effects::Location& location) {
        std::vector<std::size_t> following(location.writes.size() + 1, none);
        for (std::size_t at = location.writes.size(); at-- != 0;)
            following[at] = kept_[location.writes[at]] ? location.writes[at] : following[at + 1];
        const auto wish = [&](std::size_t node, std::size_t newer) {
            const std::size_t next = following[newer];
            if (kept_[node] && next != none && next != node) next_[node].push_back(next);
        };
        for (std::size_t at = 0; at != location.writes.size(); ++at) wish(location.writes[at], at + 1);
        for (const Effects::Read& read : location.reads) wish(read.node, first_newer(read));
    }

    /// All that is left when no node can be next; empty: there is an order.
    bool has_order(const Set& ignored) const {
        return ordered(ignored).size() == static_cast<std::size_t>(std::count(kept_.begin(), kept_.end(), true));
    }

    /// The nodes whose wishes are not heard: none if that is possible, otherwise one, two, or as many as it takes.
    Set fewest_ignored() const {
        Set nobody(next_.size());
        if (has_order(nobody)) return nobody;
        std::vector<std::size_t> wishing;
        for (std::size_t node = 0; node != next_.size(); ++node)
            if (!next_[node].empty()) wishing.push_back(node);
        const auto without = [&](std::size_t a, std::size_t b) {
            Set ignored = nobody;
            ignored[a] = ignored[b] = true;
            return ignored;
        };
        for (const std::size_t node : wishing)
            if (Set ignored = without(node, node); has_order(ignored)) return ignored;
        if (wishing.size() * wishing.size() / 2 <= most_pairs)
            for (auto a = wishing.begin(); a != wishing.end(); ++a)
                for (auto b = a + 1; b != wishing.end(); ++b)
                    if (Set ignored = without(*a, *b); has_order(ignored)) return ignored;
        Set ignored = nobody;
        for (const std::size_t node : wishing) ignored[node] = true;
        for (const std::size_t node : wishing) {
            ignored[node] = false;
            if (!has_order(ignored)) ignored[node] = true;
        }
        return ignored;
    }

    /// Goes on with the same thread while it can; what never came back from its wait comes as late as possible.
    std::vector<std::size_t> ordered(const Set& ignored) const {
        std::vector<std::vector<std::size_t>> successors(next_.size());
        std::vector<std::size_t> waits_for(next_.size());
        const auto add = [&](std::size_t from, std::size_t to) {
            successors[from].push_back(to);
            ++waits_for[to];
        };
        for (std::size_t node = 0; node != next_.size(); ++node) {
            if (!kept_[node]) continue;
            for (const std::size_t before : effects_.nodes[node].after) add(before, node);
            for (const std::size_t next : next_[node])
                if (!ignored[node]) add(node, next);
        }
        std::vector<std::size_t> ready;
        for (std::size_t node = 0; node != next_.size(); ++node)
            if (kept_[node] && waits_for[node] == 0) ready.push_back(node);
        std::vector<std::size_t> order;
        while (!ready.empty()) {
            const auto rank = [&](std::size_t node) {
                const Effects::Node& candidate = effects_.nodes[node];
                const bool goes_on = !order.empty() && candidate.thread == effects_.nodes[order.back()].thread;
                return std::pair(candidate.finished ? (goes_on ? 0 : 1) : 2, node);
            };
            const auto best = std::min_element(ready.begin(), ready.end(),
                                               [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
            order.push_back(*best);
            ready.erase(best);
            for (const std::size_t next : successors[order.back()])
                if (--waits_for[next] == 0) ready.push_back(next);
        }
        return order;
    }

    void find_newer(EffectOrder& found) const {
        std::vector<std::size_t> rank(next_.size(), none);
        for (std::size_t at = 0; at != found.nodes.size(); ++at) rank[found.nodes[at]] = at;
        found.newer.resize(next_.size());
        for (const Effects::Location& location : effects_.locations) {
            const auto look = [&](std::size_t node, std::size_t newer) {
                if (rank[node] == none) return;
                for (std::size_t at = location.writes.size(); at-- > newer;) {
                    const std::size_t write = location.writes[at];
                    if (rank[write] != none && rank[write] < rank[node]) {
                        found.newer[node] = write;
                        return;
                    }
                }
            };
            for (std::size_t at = 0; at != location.writes.size(); ++at) look(location.writes[at], at + 1);
            for (const Effects::Read& read : location.reads) look(read.node, first_newer(read));
        }
    }

    /// The index of the first write after that which is read from.
    static std::size_t first_newer(const Effects::Read& read) { return read.source ? *read.source + 1 : 0; }

    static constexpr std::size_t none = ~std::size_t{0};

    const Effects& effects_;
    const Set& kept_;
    std::vector<std::vector<std::size_t>> next_;  // by node: which ones it wishes to come before
};

/// The node, and all that must come before it.
Set needed_by(const Effects& effects, std::size_t last) {
    Set needed(effects.nodes.size());
    std::vector<std::size_t> open{last};
    needed[last] = true;
    while (!open.empty()) {
        const std::size_t node = open.back();
        open.pop_back();
        for (const std::size_t before : effects.nodes[node].after) {
            if (!needed[before]) open.push_back(before);
            needed[before] = true;
        }
    }
    return needed;
}

}  // namespace

EffectOrder order_of(const Effects& effects, std::optional<std::size_t> last) {
    const Set kept = last ? needed_by(effects, *last) : Set(effects.nodes.size(), true);
    return Ordering(effects, kept).best();
}

}  // namespace heddle::engine

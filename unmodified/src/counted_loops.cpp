#include "counted_loops.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "digest.hpp"
#include "front_end.hpp"
#include "options.hpp"

namespace heddle::unmodified {

namespace {

/// What asks for the count mostly shows at once, and a small program has few executions.
constexpr std::uint64_t thorough = 100;
/// Of a loop, with what they have found. A loop that finds more than that has long found what makes a difference.
constexpr std::size_t most_turns = 64;

}  // namespace

void CountedLoops::note_turn(std::uint64_t loop, std::span<const Look> looks) {
    if (alteration_ || looks.empty() || of_use_.contains(loop)) return;
    std::vector<Turn>& known = turns_[looks.front().site];
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const Turn& turn) {
        return turn.loop == loop && std::equal(turn.looks.begin(), turn.looks.end(), looks.begin(), looks.end());
    });
    if (is_known || known.size() == most_turns) return;
    known.push_back({loop, {looks.begin(), looks.end()}});
    const bool is_new = first_looks_.try_emplace(loop, looks.front().site).second;
    if (is_new && known_.is(LoopKind::leaves_trace, loop)) front_end_.run().restart();
}

std::optional<bool> CountedLoops::latest_turn_was_in_vain(std::uint64_t loop, bool is_whole) const {
    if (!leaves_only_a_count(loop)) return std::nullopt;
    const Looks& looks = self.iteration.looks;
    const auto first = first_looks_.find(loop);
    std::size_t begin = first == first_looks_.end() ? looks.size() : looks.latest_at(first->second);
    if (begin == looks.size() && is_whole) begin = 0;
    if (begin == looks.size()) return std::nullopt;
    return looks.are_in_vain_since(begin);
}

std::optional<std::uint64_t> CountedLoops::look(std::uint64_t site, std::uintptr_t address) {
    if (is_in_extra_turn()) return go_on_in_extra_turn(site, address);
    const auto turns = turns_.find(site);
    if (turns == turns_.end() || self.iteration.repeats || front_end_.witness().is_imagining()) return std::nullopt;
    if (!alteration_) {
        const bool counts = std::any_of(turns->second.begin(), turns->second.end(),
                                        [this](const Turn& turn) { return leaves_only_a_count(turn.loop); });
        if (counts) note_visit(site);
        return std::nullopt;
    }
    const unsigned events = front_end_.witness().events();
    const bool is_new = is_altered_at(site) && std::exchange(self.extra_turns.after, events) != events;
    if (!is_new) return std::nullopt;  // once before each step
    const Turn* const turn = begin_extra_turn(turns->second, address);
    if (turn == nullptr) return std::nullopt;
    self.extra_turns.left = alteration_->turns;
    self.extra_turns.at = 1;
    self.extra_turns.looks = turn->looks;
    return turn->looks.front().value;
}

/// Returns: what the thread finds; nothing if it has had all turns that are put in, and goes on as it did.
std::optional<std::uint64_t> CountedLoops::go_on_in_extra_turn(std::uint64_t site, std::uintptr_t address) {
    ExtraTurns& mine = self.extra_turns;
    const std::span<const Look> looks = mine.looks;
    if (mine.at == looks.size()) {
        mine.at = 0;
        --mine.left;
        if (mine.left == 0 && looks.front().site == site) return std::nullopt;
    }
    if (mine.left == 0 || !looks[mine.at].is_at(site, address)) give_up();
    return looks[mine.at++].value;
}

/// Whether this run is to show what turns make for a difference that the running thread takes there.
bool CountedLoops::is_altered_at(std::uint64_t site) const {
    return alteration_->turns != 0 && alteration_->visit == Visit{front_end_.witness().thread(), site};
}

/// Returns: the next of the turns that begin there; null if there is none.
const CountedLoops::Turn* CountedLoops::begin_extra_turn(const std::vector<Turn>& turns, std::uintptr_t address) {
    for (std::size_t tried = 0; tried != turns.size(); ++tried) {
        const Turn& turn = turns[put_in_++ % turns.size()];
        if (turn.looks.front().address != address || !leaves_only_a_count(turn.loop)) continue;
        altered_loop_ = turn.loop;
        return &turn;
    }
    return nullptr;
}

void CountedLoops::note_visit(std::uint64_t look) {
    const OutsideProgram outside;
    const Visit visit{front_end_.witness().thread(), look};
    if (std::find(visits_.begin(), visits_.end(), visit) == visits_.end()) visits_.push_back(visit);
}

void CountedLoops::give_up() {
    const OutsideProgram outside;
    has_given_up_ = true;
    front_end_.run().restart();
    std::abort();  // not reached
}

/// Whatever a thread has done and found until its end, with such a loop, is tried once: at first with each number of turns
/// that would be steps if the count were of use, then with one of those, another one each time.
void CountedLoops::plan() {
    for (const Visit& visit : visits_) {
        const std::uint64_t done = front_end_.storage.state(visit.thread).done;
        if (!tried_.insert(mixed(mixed(done, visit.look), visit.thread)).second) continue;
        const std::uint64_t each = tried_.size();
        const unsigned first = each <= thorough ? 1 : 1 + static_cast<unsigned>(each % options.spin);
        const unsigned last = each <= thorough ? options.spin : first;
        for (unsigned turns = first; turns <= last; ++turns) planned_.push_back({visit, turns});
    }
    visits_.clear();
}

bool CountedLoops::alters_next_run() {
    if (!alteration_) plan();
    alteration_.reset();
    altered_loop_ = 0;
    if (planned_.empty()) return false;
    alteration_ = planned_.back();
    planned_.pop_back();
    return true;
}

/// Whether it was what was put in that made a difference is seen where the same execution is run with nothing put in.
bool CountedLoops::passes_altered_run(engine::Adopter::Went went) {
    const bool as_before = went == engine::Adopter::Went::as_before;
    if (went == engine::Adopter::Went::further) return is_of_use(altered_loop_);
    const bool has_given_up = std::exchange(has_given_up_, false);
    if (alteration_->turns == 0 && as_before) return is_of_use(std::exchange(suspected_, 0));
    if (as_before || has_given_up || altered_loop_ == 0) return true;
    suspected_ = altered_loop_;
    planned_.push_back({alteration_->visit, 0});
    return true;
}

/// Returns: whether the exploration goes on with what is known of the loop.
bool CountedLoops::is_of_use(std::uint64_t loop) {
    of_use_.insert(loop);
    alteration_.reset();
    planned_.clear();
    tried_.clear();
    return false;
}

}  // namespace heddle::unmodified

#include "columns.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include <fmt/format.h>

namespace heddle::harness {

using engine::Counterexample;
using engine::OperationKind;

namespace {

constexpr std::size_t most_place_columns = 26;
constexpr std::size_t longest_loop = 12;  // steps: of those that people write to wait
constexpr std::size_t fewest_rounds = 3;  // that are worth a fold
constexpr std::size_t least_text = 42;    // columns that the last thread has
constexpr std::size_t widest_lane = 30;

/// What stands in one line or a few: a step, several that destroy or construct, or a remark.
struct Row {
    std::size_t first = 0;  ///< step
    std::size_t last = 0;
    std::string text;
    bool is_remark = false;
};

class Columns {
  public:
    explicit Columns(const Trace& trace) : trace_(trace), threads_(trace.threads()) {
        for (std::size_t at = trace.constructions(); at != trace.steps().size(); ++at) ++files_[step(at).place.file];
        main_file_ = most_frequent_file();
        for (std::size_t at = trace.constructions(); at != trace.steps().size(); ++at)
            place_width_ = std::max(place_width_, place(at).size());
        text_begin_ = 8 + place_width_ + 2;
        if (threads_.size() > 1)
            lane_ = std::min(widest_lane, (report_width - text_begin_ - least_text) / (threads_.size() - 1));
    }

    std::string text() const {
        std::vector<std::string> lines;
        for (const Row& row : folded(rows())) append(lines, row);
        if (lines.size() > most_columns_lines - 2) {
            const std::size_t hidden = lines.size() - (most_columns_lines - 3);
            const auto from = lines.begin() + most_columns_lines / 3;
            const auto to = lines.erase(from, from + static_cast<std::ptrdiff_t>(hidden));
            lines.insert(to, fmt::format("{:{}}... {} lines are left out; --json has them", "", text_begin_, hidden));
        }
        std::string text = header();
        for (const std::string& line : lines) text += line + '\n';
        return text;
    }

  private:
    using Step = Trace::Step;

    const Step& step(std::size_t at) const { return trace_.steps()[at]; }

    /// Preferably one of the program's own, and not of the standard library's.
    std::string most_frequent_file() const {
        std::string best;
        std::pair<bool, std::size_t> best_rank;
        for (const auto& [file, count] : files_) {
            const std::pair rank(!file.starts_with("c++/"), count);
            if (!best.empty() && rank <= best_rank) continue;
            best = file;
            best_rank = rank;
        }
        return best;
    }

    /// A line of the file where most steps are, or file and line.
    std::string place(std::size_t at) const {
        const engine::Place& place = step(at).place;
        if (place.file == main_file_) return fmt::format(":{}", place.line);
        std::string text = place_text(place);
        if (text.size() > most_place_columns) text = text.substr(text.rfind('/') + 1);
        if (text.size() > most_place_columns) text = ".." + text.substr(text.size() - most_place_columns + 2);
        return text;
    }

    std::size_t begin_of(std::uint64_t thread) const {
        const auto found = std::find(threads_.begin(), threads_.end(), thread);
        return text_begin_ + lane_ * static_cast<std::size_t>(found - threads_.begin());
    }

    std::string header() const {
        std::string line = fmt::format("{:>6}  {}", "step", main_file_);
        if (line.size() + 2 > text_begin_) line = fmt::format("  (:n is line n of {})\n{:>6}", main_file_, "step");
        for (const std::uint64_t thread : threads_) {
            const std::size_t before = line.size() - (line.rfind('\n') + 1);
            line += std::string(begin_of(thread) - std::min(before, begin_of(thread)), ' ') + thread_name(thread);
        }
        return line + '\n';
    }

    static bool is_bookkeeping(OperationKind kind) {
        return kind == OperationKind::destroy || kind == OperationKind::construct;
    }

    /// What a thread constructs or destroys in a row stands together.
    std::vector<Row> rows() const {
        std::vector<Row> rows;
        const auto& other = trace_.counterexample().other_step;
        for (std::size_t at = trace_.constructions(); at != trace_.steps().size(); ++at) {
            const bool joins = !rows.empty() && is_bookkeeping(step(at).kind) && at != other &&
                               rows.back().last != other && step(at).kind == step(rows.back().last).kind &&
                               step(at).finished && step(at).thread == step(rows.back().last).thread;
            if (!joins) {
                rows.push_back({at, at, trace_.action(at)});
                continue;
            }
            const std::string action = trace_.action(at);
            rows.back().text += "," + action.substr(action.find(' '));
            rows.back().last = at;
        }
        return rows;
    }

    auto key(const Row& row) const {
        const Step& of = step(row.first);
        return std::tie(of.thread, of.kind, of.object, of.value, of.expected, of.read, of.place.line, of.place.file);
    }

    /// How often the `length` rows from `at` on stand there one after the other.
    std::size_t rounds(const std::vector<Row>& rows, std::size_t at, std::size_t length) const {
        std::size_t end = at + length;
        while (end != rows.size() && key(rows[end]) == key(rows[end - length])) ++end;
        return (end - at) / length;
    }

    std::vector<Row> folded(const std::vector<Row>& rows) const {
        std::vector<Row> result;
        for (std::size_t at = 0; at != rows.size();) {
            std::size_t length = 1;
            while (length <= longest_loop && at + length <= rows.size() && rounds(rows, at, length) < fewest_rounds)
                ++length;
            if (length > longest_loop || at + length > rows.size()) {
                result.push_back(rows[at++]);
                continue;
            }
            const std::size_t times = rounds(rows, at, length);
            result.insert(result.end(), rows.begin() + static_cast<std::ptrdiff_t>(at),
                          rows.begin() + static_cast<std::ptrdiff_t>(at + length));
            const std::size_t end = at + times * length;
            result.push_back(
                {rows[at + length].first, rows[end - 1].last,
                 fmt::format("... the same {} more, up to {}", times == 2 ? "once" : fmt::format("{} times", times - 1),
                             trace_.step_name(rows[end - 1].last)),
                 true});
            at = end;
        }
        return result;
    }

    bool is_failure(const Row& row) const {
        const auto& found = trace_.counterexample();
        const bool is_last = found.thread && trace_.last_step_of(*found.thread) == row.last;
        return is_last || (found.other_step && row.first <= *found.other_step && *found.other_step <= row.last);
    }

    void append(std::vector<std::string>& lines, const Row& row) const {
        const std::size_t begin = begin_of(step(row.first).thread);
        const std::string number = row.is_remark ? "" : fmt::format("{}", row.first - trace_.constructions() + 1);
        std::string line = fmt::format("{:>2}{:>4}  {:<{}}", !row.is_remark && is_failure(row) ? "!" : "", number,
                                       row.is_remark ? "" : place(row.first), place_width_);
        line.resize(begin, ' ');
        std::string rest = row.text;
        while (line.size() + rest.size() > report_width) {
            std::size_t cut = rest.rfind(' ', report_width - line.size());
            if (cut == std::string::npos || cut == 0) cut = report_width - line.size();
            lines.push_back(line + rest.substr(0, cut));
            line = std::string(begin + 4, ' ');
            rest.erase(0, rest[cut] == ' ' ? cut + 1 : cut);
        }
        lines.push_back(line + rest);
    }

    const Trace& trace_;
    std::vector<std::uint64_t> threads_;
    std::map<std::string, std::size_t> files_;  // how many steps are there
    std::string main_file_;
    std::size_t place_width_ = 0;
    std::size_t text_begin_ = 0;
    std::size_t lane_ = 0;  // from the text of one thread to that of the next
};

}  // namespace

std::string columns(const Trace& trace) {
    return trace.constructions() == trace.steps().size() ? "" : Columns(trace).text();
}

}  // namespace heddle::harness

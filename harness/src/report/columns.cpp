#include "columns.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "rows.hpp"

namespace heddle::harness {

namespace {

constexpr std::size_t most_place_columns = 26;
constexpr std::size_t least_text = 42;  // columns that the last thread has
constexpr std::size_t widest_lane = 30;

class Columns {
  public:
    explicit Columns(const Trace& trace) : trace_(trace), threads_(trace.threads()) {
        for (std::size_t at = trace.constructions(); at != trace.steps().size(); ++at) ++files_[step(at).place.file];
        main_file_ = most_frequent_file();
        for (std::size_t at = trace.constructions(); at != trace.steps().size(); ++at)
            place_width_ = std::max(place_width_, place(at).size());
        text_begin_ = 8 + place_width_ + 2;
        if (threads_.size() < 2) return;
        const std::size_t room = report_width - text_begin_ - least_text;
        lane_ = std::min(widest_lane, room / (threads_.size() - 1));
        is_crowded_ = lane_ <= thread_name(threads_.back()).size();
        if (is_crowded_) lane_ = std::max(lane_, head(threads_.back()).size() + 1);
    }

    std::string text() const {
        std::vector<std::string> lines;
        for (const Row& row : folded_rows(trace_)) append(lines, row);
        std::string text = header();
        const bool is_too_big = trace_.counterexample().kind == engine::FailureKind::too_big;
        const std::size_t most = is_too_big ? most_lines_of_too_big : most_columns_lines;
        const std::size_t room = most - (is_crowded_ ? 3 : 2);
        if (lines.size() > room) {
            const std::size_t hidden = lines.size() - (room - 1);
            const auto from = lines.begin() + static_cast<std::ptrdiff_t>(most / 3);
            const auto to = lines.erase(from, from + static_cast<std::ptrdiff_t>(hidden));
            lines.insert(to, fmt::format("{:{}}... {} lines are left out; --html and --json have them", "", text_begin_,
                                         hidden));
        }
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

    /// What stands above the lane of a thread.
    std::string head(std::uint64_t thread) const {
        if (!is_crowded_) return thread_name(thread);
        return thread == engine::Counterexample::main_thread ? "m" : std::to_string(thread);
    }

    std::string header() const {
        std::string line = fmt::format("{:>6}  {}", "step", main_file_);
        if (line.size() + 2 > text_begin_) line = fmt::format("  (:n is line n of {})\n{:>6}", main_file_, "step");
        if (is_crowded_) line.insert(0, "  (columns are threads by their numbers, m is main)\n");
        for (const std::uint64_t thread : threads_) {
            const std::size_t before = line.size() - (line.rfind('\n') + 1);
            line += std::string(begin_of(thread) - std::min(before, begin_of(thread)), ' ') + head(thread);
        }
        return line + '\n';
    }

    void append(std::vector<std::string>& lines, const Row& row) const {
        const std::size_t begin = begin_of(step(row.first).thread);
        const std::string number = row.is_remark ? "" : fmt::format("{}", row.first - trace_.constructions() + 1);
        std::string line = fmt::format("{:>2}{:>4}  {:<{}}", is_failure(trace_, row) ? "!" : "", number,
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
    bool is_crowded_ = false;  // the lanes are too narrow for names
    std::size_t lane_ = 0;     // from the text of one thread to that of the next
};

}  // namespace

std::string columns(const Trace& trace) {
    return trace.constructions() == trace.steps().size() ? "" : Columns(trace).text();
}

}  // namespace heddle::harness

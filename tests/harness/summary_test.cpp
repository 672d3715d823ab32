// What a run says at its end: a screen, however many checks there were.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "report/html.hpp"
#include "report/report.hpp"

namespace heddle::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

Verdict verdict_of(std::size_t number, bool met) {
    Verdict verdict;
    verdict.name = "Check" + std::to_string(number);
    verdict.engine = number % 2 == 0 ? "relacy" : "exhaustive";
    verdict.bounds = "no load buffering";
    verdict.executions = 1000;
    verdict.outcome = met ? engine::Outcome::exhausted : engine::Outcome::failed;
    return verdict;
}

Results results_of(std::size_t met, std::size_t failed) {
    Results results;
    for (std::size_t number = 0; number != met + failed; ++number)
        results.verdicts.push_back(verdict_of(number, number < met));
    return results;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream input(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(input, line);) lines.push_back(line);
    return lines;
}

std::ptrdiff_t lines_in(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(Summaries, are_a_screen_long) {
    for (const std::size_t failed : {0U, 1U, 200U}) {
        const std::string text = summary(results_of(300, failed));
        EXPECT_LE(lines_in(text), 20) << text;
        EXPECT_THAT(text, HasSubstr("exhaustive   150 of "));
    }
}

TEST(Summaries, name_what_failed_and_say_how_many_they_do_not_name) {
    const std::string text = summary(results_of(100, 50));
    EXPECT_THAT(text, HasSubstr("FAIL Check100 (relacy): failed, 1,000 executions"));
    EXPECT_THAT(text, Not(HasSubstr("Check99")));
    const auto named = static_cast<std::size_t>(std::count(text.begin(), text.end(), '('));
    EXPECT_THAT(text, HasSubstr("and " + std::to_string(50 - named) + " more\n"));
    EXPECT_THAT(text, HasSubstr("100 of 150 met: 150,000 executions explored"));
    EXPECT_THAT(text, HasSubstr("--  FAILED\n"));
}

TEST(Summaries, of_a_few_checks_show_them_with_their_bounds_which_are_said_once) {
    Results results = results_of(3, 0);
    results.verdicts.front().bounds = "preemptions <= 1";
    const std::string text = summary(results);
    EXPECT_THAT(text,
                HasSubstr("Check0 (relacy): exhausted, 1,000 executions, 0.0 s\n     bounds: preemptions <= 1\n"));
    EXPECT_THAT(text, HasSubstr("ok   Check1 (exhaustive): exhausted, 1,000 executions, 0.0 s\n"
                                "ok   Check2 (relacy): exhausted, 1,000 executions, 0.0 s\n"
                                "     bounds of these 2: no load buffering\n"));
    EXPECT_THAT(text, Not(HasSubstr("FAILED")));
}

TEST(Summaries, have_what_was_cut_before_the_bounds_and_no_line_is_too_long) {
    Results results = results_of(2, 0);
    results.verdicts[1].cut = {"a time-out", "more yields"};
    for (Verdict& verdict : results.verdicts)
        for (int word = 0; word != 40; ++word) verdict.bounds += ", bounds";
    const std::string text = summary(results);
    EXPECT_THAT(text, HasSubstr("0.0 s\n     CUT: a time-out; more yields\n     bounds of these 2: no load buffering"));
    EXPECT_THAT(lines_of(text), testing::Each(testing::SizeIs(testing::Le(100))));
    EXPECT_THAT(table(results), HasSubstr(" CUT: a time-out; more yields; bounds: no load buffering, bounds"));
    results.verdicts[1].outcome = engine::Outcome::failed;
    EXPECT_THAT(junit_report(results, "program"), HasSubstr("; CUT: a time-out; more yields; bounds: no load"));
    const std::string page = html_report(results, SourceFiles("/"), "program").back().text;
    EXPECT_THAT(page, HasSubstr("<p class=\"cut\">CUT: a time-out; more yields</p>"));
}

TEST(Summaries, say_what_was_cut_off_and_what_was_not_run) {
    Results results = results_of(20, 0);
    results.verdicts[3].cut = {"a time-out"};
    EXPECT_THAT(summary(results), testing::StartsWith("CUT in 1 of them: a time-out\n"));
    EXPECT_THAT(summary(results), HasSubstr("; 1 cut something off\n"));
    results.not_run = 4;
    EXPECT_THAT(summary(results), HasSubstr("20 of 20 met, 4 not run: "));
    EXPECT_THAT(summary(results), HasSubstr("--  FAILED\n"));
    EXPECT_FALSE(results.are_green());
    EXPECT_THAT(junit_report(results, "program"), HasSubstr("tests=\"21\" failures=\"0\" errors=\"1\""));
    EXPECT_THAT(json_report(results), HasSubstr("\"not_run\": 4"));
}

}  // namespace
}  // namespace heddle::harness

// What the reports say of failing executions: that they can have happened, and word for word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <unistd.h>

#include "found.hpp"
#include "possible.hpp"
#include "report/annotations.hpp"
#include "report/columns.hpp"
#include "report/html.hpp"
#include "report/locations.hpp"
#include "report/report.hpp"
#include "report/sarif.hpp"
#include "report/wording.hpp"
#include "serial.hpp"

namespace heddle::harness {
namespace {

using engine::Counterexample;
using engine::OperationKind;
using testing::IsEmpty;

class Programs : public testing::TestWithParam<const char*> {};

TEST_P(Programs, show_executions_that_can_have_happened_in_60_lines_of_100_columns) {
    std::size_t counterexamples = 0;
    std::set<std::string> twins;
    for (const Verdict& verdict : verdicts_of(GetParam(), "--filter label:broken")) {
        SCOPED_TRACE(verdict.name + " on " + verdict.engine);
        twins.insert(verdict.name);
        if (!verdict.counterexample) continue;
        EXPECT_THAT(impossibilities(*verdict.counterexample), IsEmpty()) << describe(*verdict.counterexample);
        EXPECT_THAT(hardships(*verdict.counterexample), IsEmpty()) << describe(*verdict.counterexample);
        ++counterexamples;
    }
    EXPECT_FALSE(twins.empty());
    EXPECT_GE(counterexamples, twins.size());
}

INSTANTIATE_TEST_SUITE_P(Counterexamples, Programs,
                         testing::Values(HEDDLE_FAILING_MODELS, HEDDLE_TRACED_MODELS, HEDDLE_WAITING_MODELS,
                                         HEDDLE_MODELS),
                         [](const auto& program) {
                             std::string name = std::filesystem::path(program.param).filename();
                             std::erase(name, '-');
                             return name;
                         });

/// A store, a load of it, and a mutex that is taken and freed.
Counterexample small_one() {
    const auto step = [](OperationKind kind, std::size_t object, const char* value) {
        return Counterexample::Step{
            .kind = kind, .object = object, .value = value, .read = value, .success = true, .finished = true};
    };
    Counterexample counterexample;
    counterexample.objects = {{"a", engine::ObjectKind::atomic, {}},
                              {"mutex", engine::ObjectKind::mutex, {}},
                              {"data", engine::ObjectKind::plain, {}}};
    counterexample.steps = {step(OperationKind::construct, 0, "0"), step(OperationKind::store, 0, "1"),
                            step(OperationKind::load, 0, "1"),      step(OperationKind::lock, 1, ""),
                            step(OperationKind::unlock, 1, ""),     step(OperationKind::lock, 1, ""),
                            step(OperationKind::write, 2, "7"),     step(OperationKind::read, 2, "7")};
    counterexample.steps[2].reads_from = 1;
    return counterexample;
}

TEST(ImpossibleExecutions, are_noticed) {
    EXPECT_THAT(impossibilities(small_one()), IsEmpty());
    const auto expect_noticed = [](const char* what, auto change) {
        Counterexample changed = small_one();
        change(changed.steps);
        EXPECT_FALSE(impossibilities(changed).empty()) << what;
    };
    expect_noticed("a value from nowhere", [](auto& steps) { steps[2].read = "2"; });
    expect_noticed("a load before its store", [](auto& steps) {
        std::swap(steps[1], steps[2]);
        steps[1].reads_from = steps[1].newer = 2;
    });
    expect_noticed("a stale load without a mark", [](auto& steps) {
        steps[2].reads_from = 0;
        steps[2].read = "0";
    });
    expect_noticed("a mark on a load of the latest", [](auto& steps) { steps[2].newer = 1; });
    expect_noticed("a mutex that is held", [](auto& steps) { steps[4].kind = OperationKind::yield; });
    expect_noticed("data that was not written", [](auto& steps) { steps[7].value = "8"; });
    expect_noticed("a use after the end", [](auto& steps) {
        steps[1].kind = OperationKind::destroy;
        steps[2].reads_from = 0;
        steps[2].read = "0";
    });
}

bool is_in_library(const engine::Place& place) { return place.file.starts_with("c++/"); }

TEST(Places, are_those_of_the_program_and_not_of_the_library_that_it_calls) {
    std::size_t lifted = 0;
    for (const char* const model : {"LocksInTwoOrders", "FirstInTheMutex", "LeavesTheMutexTwice"}) {
        for (const Verdict& verdict : verdicts_of(HEDDLE_TRACED_MODELS, std::string("--filter ") + model)) {
            SCOPED_TRACE(verdict.name + " on " + verdict.engine);
            const Trace trace(verdict.counterexample.value());
            for (const Location& location : failure_locations(trace))
                EXPECT_EQ(location.place.file, "harness/traced_models.cpp") << location.text;
            for (const auto& step : trace.steps()) {
                if (step.called.empty() || !is_in_library(step.called.front())) continue;
                EXPECT_EQ(step.place.file, "harness/traced_models.cpp");
                EXPECT_THAT(step.called, testing::Contains(step.place));
                ++lifted;
            }
        }
    }
    EXPECT_GT(lifted, 10U);
}

TEST(Places, have_the_calls_that_led_there) {
    for (const Verdict& verdict : verdicts_of(HEDDLE_TRACED_MODELS, "--filter LeavesTheMutexTwice")) {
        const auto& steps = verdict.counterexample.value().steps;
        const auto takes = [](const auto& step) { return step.kind == OperationKind::lock; };
        const auto lock = std::find_if(steps.begin(), steps.end(), takes);
        ASSERT_NE(lock, steps.end());
        ASSERT_THAT(lock->called, testing::SizeIs(3)) << verdict.engine << ": the guard, leave(), thread()";
        EXPECT_EQ(lock->called[1], lock->place);
        EXPECT_EQ(lock->called[2].line, lock->place.line + 4) << "thread() calls it four lines below";
    }
}

/// `threads` threads and main take a step each.
Counterexample one_step_each(std::uint64_t threads) {
    Counterexample counterexample;
    for (std::uint64_t thread = 0; thread <= threads; ++thread)
        counterexample.steps.push_back({.thread = thread == threads ? Counterexample::main_thread : thread,
                                        .finished = true,
                                        .place = {"a/long_name_of_a_file.cpp", 123}});
    return counterexample;
}

TEST(Columns, begin_below_the_name_of_their_thread_however_many_there_are) {
    for (std::uint64_t threads = 1; threads != 17; ++threads) {
        const Counterexample counterexample = one_step_each(threads);
        std::istringstream text(columns(Trace(counterexample)));
        std::string heads;
        while (heads.find(" step") == std::string::npos) ASSERT_TRUE(std::getline(text, heads)) << threads;
        for (std::uint64_t thread = 0; thread <= threads; ++thread) {
            std::string line;
            std::getline(text, line);
            const std::size_t begin = line.find("yields");
            const std::uint64_t number = counterexample.steps[thread].thread;
            const std::string number_alone = thread == threads ? "m" : std::to_string(thread);
            EXPECT_THAT(heads.substr(begin - 1) + ' ',
                        testing::AnyOf(testing::StartsWith(' ' + thread_name(number) + ' '),
                                       testing::StartsWith(' ' + number_alone + ' ')))
                << heads << '\n'
                << line;
            EXPECT_LE(line.size(), report_width);
        }
    }
}

// HEDDLE_WRITE_GOLDEN=1 writes the golden files instead: build/default/tests/heddle-report-tests --gtest_filter='*Golden*'
void expect_golden(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(HEDDLE_GOLDEN) / name;
    if (std::getenv("HEDDLE_WRITE_GOLDEN") == nullptr) {
        EXPECT_EQ(text, contents(path)) << path;
        return;
    }
    std::ofstream file(path);
    EXPECT_TRUE(file << text << std::flush) << path;
}

/// The verdict as if it had surprised, without what differs from run to run.
Verdict unexpected(Verdict verdict) {
    verdict.expected.reset();
    verdict.seconds = 0;
    verdict.peak_bytes = 0;
    verdict.executions = 1;
    verdict.blocked = 0;
    verdict.turns_in_vain = verdict.runs_replaced = verdict.stands_for = 0;
    verdict.permutations = 1;
    verdict.token.clear();
    // How calls are inlined differs from build to build; where they lead is the same.
    if (verdict.counterexample)
        for (Counterexample::Step& step : verdict.counterexample->steps) step.called.clear();
    return verdict;
}

TEST(JUnit, is_well_formed_whatever_a_message_contains) {
    Verdict verdict;
    for (int byte = 0; byte != 256; ++byte) verdict.message += static_cast<char>(byte);
    verdict.message += "\xed\xa0\x80 \xf4\x90\x80\x80 \xef\xbf\xbf \xe2\x82 ]]> \xe2\x82\xac";
    verdict.name = verdict.claim = verdict.bounds = verdict.engine = verdict.message;
    const std::string text = junit_report({.verdicts = {verdict}}, "heddle-models");
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(text.c_str(), pugi::parse_default)) << text;
    for (const char byte : text)
        EXPECT_TRUE(static_cast<unsigned char>(byte) >= 0x20 || byte == '\n' || byte == '\t') << int{byte};
    const std::string failure = document.child("testsuite").child("testcase").child("failure").text().get();
    EXPECT_THAT(failure, testing::HasSubstr("]]> \xe2\x82\xac")) << "what is allowed stays";
    EXPECT_THAT(failure, testing::Not(testing::HasSubstr("\xed\xa0\x80"))) << "a surrogate is no character";
    // The parser refuses what is no UTF-8.
    EXPECT_FALSE(nlohmann::json::parse(json_report({.verdicts = {verdict}})).at("models").empty());
}

TEST(Pages, every_kind_of_failure_has_one) {
    std::size_t kinds = 0;
    for (; to_string(static_cast<engine::FailureKind>(kinds)) != "?"; ++kinds) {
        const std::string name(to_string(static_cast<engine::FailureKind>(kinds)));
        EXPECT_THAT(contents(std::filesystem::path(HEDDLE_FAILURES) / (name + ".md")),
                    testing::StartsWith("# `" + name + '`'));
    }
    EXPECT_GE(kinds, 12U);
}

/// A page without its style and its script, which are the same in each.
std::string without_assets(std::string page) {
    for (const std::string element : {"style", "script"}) {
        const auto begin = page.rfind('<' + element + '>');
        const auto end = page.rfind("</" + element + '>');
        if (begin != std::string::npos && begin < end) page.erase(begin, end - begin);
    }
    return page;
}

class Golden : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(Golden, reports_are_what_the_files_say) {
    const auto [program, engine] = GetParam();
    const SourceFiles sources(HEDDLE_SOURCES);
    std::size_t compared = 0;
    for (const Verdict& found : verdicts_of(program, std::string("--engine ") + engine)) {
        if (!found.expected) continue;
        const Verdict verdict = unexpected(found);
        const std::string name = verdict.name + '.' + engine;
        expect_golden(name + ".txt", explanation(verdict, replay_command(verdict, "heddle-models")));
        expect_golden(name + ".xml", junit_report({.verdicts = {verdict}}, "heddle-models"));
        expect_golden(name + ".json", json_report({.verdicts = {verdict}}));
        expect_golden(name + ".sarif", sarif_report({verdict}, sources));
        expect_golden(name + ".annotations", annotations({verdict}, sources));
        expect_golden(name + ".html",
                      without_assets(html_report({.verdicts = {verdict}}, sources, "heddle-models").back().text));
        ++compared;
    }
    EXPECT_GT(compared, 10U);
}

INSTANTIATE_TEST_SUITE_P(Reports, Golden,
                         testing::Combine(testing::Values(HEDDLE_FAILING_MODELS, HEDDLE_TRACED_MODELS),
                                          testing::Values("exhaustive", "relacy")),
                         [](const auto& of) {
                             std::string name = std::filesystem::path(std::get<0>(of.param)).filename();
                             std::erase(name, '-');
                             return name + '_' + std::get<1>(of.param);
                         });

}  // namespace
}  // namespace heddle::harness

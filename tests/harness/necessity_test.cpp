// --necessity and --weaken, as a person or a CI server meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "necessity/source_text.hpp"
#include "necessity/weaker_operation.hpp"

namespace heddle::harness {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

struct Ended {
    int status = -1;
    std::string output;
};

Ended run(const std::string& arguments) {
    Ended result;
    FILE* const pipe = popen((HEDDLE_NECESSITY_MODELS " " + arguments + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return result;
    std::array<char, 4096> buffer;
    while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe))
        result.output.append(buffer.data(), count);
    const int status = pclose(pipe);
    if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
    return result;
}

std::string sources(const std::string& name) { return " --sources " HEDDLE_NECESSITY_SOURCES "/" + name; }

std::string temporary(const std::string& name) {
    return (std::filesystem::temp_directory_path() / ("heddle-" + std::to_string(getpid()) + name)).string();
}

nlohmann::json necessity_of(const std::string& arguments, int status) {
    const std::string path = temporary(".necessity.json");
    const Ended ended = run("--necessity --json " + path + " " + arguments);
    EXPECT_EQ(ended.status, status) << ended.output;
    std::ifstream file(path);
    auto json = nlohmann::json::parse(file);
    std::filesystem::remove(path);
    return json;
}

/// "operation -> what it becomes" of a row.
std::string weakening_of(const nlohmann::json& row) {
    const auto& weaker = row.at("weaker").at(0);
    return weaker.at("operation").get<std::string>() + " -> " + weaker.at("becomes").get<std::string>();
}

TEST(Necessity, names_for_each_operation_the_check_that_dies_without_it) {
    const auto found = necessity_of("--filter '[!W]*'" + sources("needed.hpp"), 0);
    std::map<std::string, std::string> deaths;
    for (const auto& row : found.at("weakenings")) {
        EXPECT_EQ(row.at("word"), "needed") << row;
        deaths[weakening_of(row)] = row.at("check").get<std::string>() + " " + row.at("kind").get<std::string>();
    }
    const std::map<std::string, std::string> expected{{"store(release) -> store(relaxed)", "SignalPublishes data_race"},
                                                      {"wake_one -> nothing", "SignalPublishes deadlock"},
                                                      {"load(acquire) -> load(relaxed)", "SignalPublishes data_race"},
                                                      {"fetch_add(relaxed) -> torn", "CounterCounts assertion"},
                                                      {"fence(seq_cst) -> fence(acq_rel)", "PairMeets assertion"}};
    EXPECT_EQ(deaths, expected);
    EXPECT_EQ(found.at("summary").at("green"), true);
}

TEST(Necessity, says_which_edge_is_missing) {
    const Ended ended = run("--necessity --filter SignalPublishes" + sources("needed.hpp"));
    EXPECT_THAT(ended.output, HasSubstr("but the store is relaxed: it needs release"));
    EXPECT_THAT(ended.output, HasSubstr("but the load is relaxed: it needs acquire"));
    EXPECT_THAT(ended.output, HasSubstr("thread 1 sleeps until Signal.word is not 0 and somebody wakes it"));
    const Ended pair = run("--necessity --filter PairMeets" + sources("needed.hpp"));
    EXPECT_THAT(pair.output, HasSubstr("one of two sees the other; thread 0 at necessity/needed.hpp:45: "
                                       "second.load(relaxed) = false, the first value; STALE: "));
}

TEST(Necessity, the_command_of_a_death_shows_it_again) {
    const auto found = necessity_of("--filter '[!W]*'" + sources("needed.hpp"), 0);
    for (const auto& row : found.at("weakenings")) {
        const std::string command = row.at("command");
        const Ended again = run(command.substr(command.find(' ') + 1));
        EXPECT_EQ(again.status, 1) << command;
        EXPECT_THAT(again.output, HasSubstr("FAILED again")) << command;
        EXPECT_THAT(again.output, HasSubstr(row.at("kind").get<std::string>() + ": ")) << command;
    }
}

TEST(Necessity, an_order_that_is_stronger_than_needed_is_not_shown_to_be_needed) {
    const auto found = necessity_of("--filter LoudFlag*" + sources("stronger.hpp"), 1);
    std::map<std::string, std::string> words;
    for (const auto& row : found.at("weakenings")) words[weakening_of(row)] = row.at("word");
    const std::map<std::string, std::string> expected{{"store(seq_cst) -> store(release)", "not shown needed"},
                                                      {"store(seq_cst) -> store(relaxed)", "needed"},
                                                      {"load(acquire) -> load(relaxed)", "needed"}};
    EXPECT_EQ(words, expected);
    EXPECT_EQ(found.at("summary").at("green"), false);
}

TEST(Necessity, of_two_that_stand_in_for_each_other_one_is_needed) {
    const auto found = necessity_of("--filter CautiousFlag*" + sources("redundant.hpp"), 1);
    EXPECT_EQ(found.at("summary").at("not_shown"), 2);
    ASSERT_EQ(found.at("pairs").size(), 1U);
    EXPECT_EQ(found.at("pairs").at(0).at("word"), "needed");
    EXPECT_EQ(found.at("pairs").at(0).at("weaker").size(), 2U);
}

TEST(Necessity, an_operation_that_no_check_comes_by_is_not_reached) {
    const auto found = necessity_of("--filter LonelyFlag*" + sources("unreached.hpp"), 1);
    EXPECT_EQ(found.at("summary").at("not_shown"), 0);
    ASSERT_EQ(found.at("not_reached").size(), 1U);
    EXPECT_EQ(found.at("not_reached").at(0).at("word"), "acq_rel");
    EXPECT_EQ(found.at("not_reached").at(0).at("line"), 17);
}

TEST(Necessity, a_check_that_does_not_hold_as_it_is_turns_it_red) {
    const auto found = necessity_of("--filter '*Count*'" + sources("needed.hpp"), 1);
    EXPECT_THAT(found.at("red"), ElementsAre("WrongCount"));
    EXPECT_EQ(found.at("summary").at("not_shown"), 0);
}

TEST(Necessity, a_check_that_takes_too_long_proves_nothing) {
    const auto found = necessity_of("--filter LongCount --budget 0.000001" + sources("needed.hpp"), 1);
    EXPECT_THAT(found.at("left_out"), ElementsAre("LongCount"));
    EXPECT_EQ(found.at("summary").at("needed"), 0);
    EXPECT_EQ(found.at("summary").at("not_shown"), 1);
}

TEST(Necessity, broken_twins_and_sources_without_operations_are_errors) {
    EXPECT_EQ(run("--necessity --filter CounterTwin").status, 2);
    EXPECT_EQ(run("--necessity --sources /no/such/directory").status, 2);
    const Ended threads = run("--necessity --engine threads");
    EXPECT_EQ(threads.status, 2);
    EXPECT_THAT(threads.output, HasSubstr("real threads cannot be made weaker"));
    EXPECT_EQ(run("--markdown without_necessity.md").status, 2);
}

TEST(Necessity, writes_a_table_and_the_sources_with_their_operations) {
    const std::string markdown = temporary(".necessity.md");
    const std::string page = temporary(".necessity.html");
    EXPECT_EQ(
        run("--necessity --filter LoudFlag* --markdown " + markdown + " --annotated " + page + sources("stronger.hpp"))
            .status,
        1);
    std::ostringstream table;
    table << std::ifstream(markdown).rdbuf();
    EXPECT_THAT(table.str(), AllOf(HasSubstr("| `store(seq_cst)` | `store(release)` | **not shown** |"),
                                   HasSubstr("| `store(seq_cst)` | `store(relaxed)` | needed |")));
    pugi::xml_document html;
    ASSERT_TRUE(html.load_file(page.c_str()));
    const auto weak = html.select_node("//aside[@class='weak']/details/summary");
    EXPECT_STREQ(weak.node().child_value("strong"), "not shown needed");
    const auto line_above = weak.node().parent().parent().previous_sibling("pre").last_child();
    EXPECT_THAT(line_above.last_child().value(), HasSubstr("flag_.store(true, std::memory_order_seq_cst)"));
    std::filesystem::remove(markdown);
    std::filesystem::remove(page);
}

TEST(Weaken, a_check_fails_with_an_operation_weakened_as_necessity_prints_it) {
    const std::string place = "necessity/stronger.hpp:13 store(seq_cst)";
    EXPECT_EQ(run("--engine exhaustive --filter LoudFlag*").status, 0);
    EXPECT_EQ(run("--engine exhaustive --filter LoudFlag* --weaken '" + place + " -> store(release)'").status, 0);
    const Ended dead = run("--filter LoudFlag* --engine exhaustive --weaken '" + place + " -> store(relaxed)'");
    EXPECT_EQ(dead.status, 1);
    EXPECT_THAT(dead.output, HasSubstr("data_race"));
    const Ended relacy = run("--filter LoudFlag* --engine relacy --weaken '" + place + " -> store(relaxed)'");
    EXPECT_EQ(relacy.status, 1);
    EXPECT_THAT(relacy.output, HasSubstr("data_race"));
}

TEST(Weaken, what_is_no_weakening_is_refused_with_those_that_there_are) {
    const auto message = [](const std::string& text) {
        const Ended refused = run("--weaken '" + text + "'");
        EXPECT_EQ(refused.status, 2) << text;
        return refused.output;
    };
    EXPECT_THAT(message("nonsense"), HasSubstr("'nonsense' is no weakening"));
    EXPECT_THAT(message("somewhere -> torn"), HasSubstr("'somewhere' is no operation"));
    EXPECT_THAT(message("a.hpp:1 store(seq_cst) -> load"),
                HasSubstr("has no such weakening; it has: store(release), store(relaxed)"));
    EXPECT_THAT(message("a.hpp:1 jump(seq_cst) -> torn"), HasSubstr("'jump' is no operation"));
}

TEST(Robust, a_check_all_of_whose_executions_are_interleavings_is) {
    const Ended found = run("--robust --filter PairMeets");
    EXPECT_EQ(found.status, 0);
    EXPECT_THAT(found.output, HasSubstr("robust: yes  PairMeets\n"));
}

TEST(Robust, a_check_that_is_not_shows_an_execution_that_no_interleaving_explains) {
    const Ended found = run("--robust --filter 'Pair*'");
    EXPECT_EQ(found.status, 0);
    EXPECT_THAT(found.output, HasSubstr("robust: no   PairMayMiss\n"));
    EXPECT_THAT(found.output, HasSubstr("STALE"));
    EXPECT_THAT(found.output, HasSubstr("2 checks: 1 robust, 1 not, 0 unknown"));
}

TEST(Robust, of_a_check_that_fails_it_cannot_be_told) {
    const Ended found = run("--robust --filter WrongCount");
    EXPECT_EQ(found.status, 1);
    EXPECT_THAT(found.output, HasSubstr("robust: ?    WrongCount (exhaustive: failed (assertion))"));
    EXPECT_EQ(run("--robust --engine relacy --filter PairMeets").status, 1);  // it does not ask
}

std::vector<std::string> weaker_than(const std::string& operation) {
    std::vector<std::string> found;
    for (const WeakerOperation& weaker : one_step_weaker(parse_weaker_operation(operation).site))
        found.push_back(weaker.becomes);
    return found;
}

TEST(WeakerOperations, go_down_one_step_at_a_time) {
    EXPECT_THAT(weaker_than("a:1 load(seq_cst) -> load(relaxed)"), ElementsAre("load(acquire)"));
    EXPECT_THAT(weaker_than("a:1 exchange(seq_cst) -> torn"), ElementsAre("exchange(acq_rel)", "torn"));
    EXPECT_THAT(weaker_than("a:1 exchange(acq_rel) -> torn"),
                ElementsAre("exchange(acquire)", "exchange(release)", "torn"));
    EXPECT_THAT(weaker_than("a:1 fence(release) -> nothing"), ElementsAre("nothing"));
    EXPECT_THAT(weaker_than("a:1 wake_all -> wake_one"), ElementsAre("wake_one", "nothing"));
    EXPECT_THAT(weaker_than("a:1 compare_exchange_strong(acquire, acquire) -> torn"),
                ElementsAre("compare_exchange_strong(relaxed, acquire)", "compare_exchange_strong(acquire, relaxed)",
                            "compare_exchange_weak(acquire, acquire)", "torn"));
}

TEST(SourceText, finds_orders_that_are_arguments_and_wakes_outside_of_comments) {
    const auto found = operations_in(
        "void f(std::memory_order order = std::memory_order_seq_cst) {\n"
        "    constexpr auto usual = std::memory_order_relaxed;  // std::memory_order_acquire\n"
        "    /* P::wake_all(word) */ a.store(1,\n"
        "        std::memory_order::release); P::wake_one(word);\n"
        "}\n",
        "f.hpp");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].word, "release");
    EXPECT_EQ(found[0].first_line, 3U);
    EXPECT_EQ(found[0].last_line, 4U);
    EXPECT_EQ(found[1].word, "wake_one");
    EXPECT_EQ(found[1].line, 4U);
}

}  // namespace
}  // namespace heddle::harness

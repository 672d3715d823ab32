// Reports that point into the source: at the right file and line, whatever the texts and the paths contain.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "report/annotations.hpp"
#include "report/sarif.hpp"

namespace heddle::harness {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// A folder with sources, gone afterwards.
class Tree : public testing::Test {
  protected:
    Tree() { fs::remove_all(root_); }
    ~Tree() override { fs::remove_all(root_); }

    void add(const fs::path& path, const std::string& text) const {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path) << text;
    }
    SourceFiles sources() const { return SourceFiles(root_); }

    const fs::path root_ = fs::temp_directory_path() / ("heddle-tree-" + std::to_string(getpid()));
};

Verdict race_at(const engine::Place& place) {
    Verdict verdict;
    verdict.name = "Model";
    verdict.engine = "exhaustive";
    verdict.executions = 1;
    verdict.outcome = engine::Outcome::failed;
    verdict.kind = engine::FailureKind::data_race;
    verdict.counterexample = engine::Counterexample{.kind = engine::FailureKind::data_race, .message = "a race"};
    verdict.counterexample->place = place;
    return verdict;
}

TEST_F(Tree, a_place_is_found_by_the_end_of_its_path) {
    add("deep/down/lock.hpp", "first\n    second\n");
    EXPECT_EQ(sources().find({"down/lock.hpp", 2}), "deep/down/lock.hpp");
    EXPECT_EQ(sources().line({"down/lock.hpp", 2}), "second") << "without its indentation";
    EXPECT_EQ(sources().line({"down/lock.hpp", 3}), std::nullopt);
    EXPECT_EQ(sources().find({"own/lock.hpp", 2}), std::nullopt) << "components are whole";
}

TEST_F(Tree, a_place_that_two_files_may_be_is_not_found) {
    add("one/src/lock.hpp", "");
    add("two/src/lock.hpp", "");
    EXPECT_EQ(sources().find({"src/lock.hpp", 1}), std::nullopt);
    EXPECT_EQ(sources().find({"two/src/lock.hpp", 1}), "two/src/lock.hpp");
}

TEST_F(Tree, build_trees_and_hidden_folders_are_no_sources) {
    add("src/lock.hpp", "");
    add(".hidden/src/lock.hpp", "");
    add("out/CMakeCache.txt", "");
    add("out/src/lock.hpp", "");
    EXPECT_EQ(sources().find({"src/lock.hpp", 1}), "src/lock.hpp");
}

TEST_F(Tree, an_annotation_names_file_and_line_and_shows_the_line) {
    add("src/lock.hpp", "one\n  inside.read();\n");
    EXPECT_EQ(annotations({race_at({"src/lock.hpp", 2})}, sources()),
              "::error file=src/lock.hpp,line=2,title=Model (exhaustive)::failed (data_race)%0Aclaim: %0Aa race%0A"
              "src/lock.hpp:2: a race%0A    inside.read();\n");
}

TEST_F(Tree, an_annotation_is_one_line_whatever_it_contains) {
    Verdict verdict = race_at({"src/a,b:c.hpp", 1});
    add("src/a,b:c.hpp", "line\n");
    verdict.name = "One\nTwo, three: 100%";
    verdict.counterexample->message = "first\r\n::error::second";
    const std::string text = annotations({verdict}, sources());
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    EXPECT_THAT(text, HasSubstr("file=src/a%2Cb%3Ac.hpp,line=1,title=One%0ATwo%2C three%3A 100%25 (exhaustive)::"));
    EXPECT_THAT(text, HasSubstr("first%0D%0A::error::second"));
}

TEST_F(Tree, what_is_met_has_neither_annotation_nor_result) {
    Verdict verdict = race_at({"src/lock.hpp", 1});
    verdict.expected = verdict.kind;
    EXPECT_EQ(annotations({verdict}, sources()), "");
    EXPECT_THAT(nlohmann::json::parse(sarif_report({verdict}, sources()))["runs"][0]["results"], testing::IsEmpty());
}

TEST_F(Tree, sarif_says_where_below_the_root_and_escapes_what_a_uri_may_not_have) {
    add("src/a b.hpp", "one\n");
    const auto location = [&](const engine::Place& place) {
        const auto log = nlohmann::json::parse(sarif_report({race_at(place)}, sources()));
        return log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    };
    const auto found = location({"src/a b.hpp", 1});
    EXPECT_EQ(found["artifactLocation"]["uri"], "src/a%20b.hpp");
    EXPECT_EQ(found["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    EXPECT_EQ(found["region"]["snippet"]["text"], "one");
    EXPECT_FALSE(location({"src/gone.hpp", 1})["artifactLocation"].contains("uriBaseId")) << "it is not below the root";
}

TEST_F(Tree, sarif_is_well_formed_whatever_a_message_contains) {
    Verdict verdict = race_at({"", 0});
    for (int byte = 0; byte != 256; ++byte) verdict.counterexample->message += static_cast<char>(byte);
    verdict.name = verdict.claim = verdict.token = verdict.counterexample->message;
    const auto log = nlohmann::json::parse(sarif_report({verdict}, sources()));
    EXPECT_THAT(log["runs"][0]["results"][0]["message"]["text"].get<std::string>(), HasSubstr("\xef\xbf\xbd"));
    EXPECT_THAT(log["runs"][0]["results"][0]["locations"], testing::IsEmpty()) << "no place is known";
}

TEST_F(Tree, sarif_has_a_rule_for_what_was_not_looked_at) {
    Verdict verdict;
    verdict.outcome = engine::Outcome::budget_spent;
    verdict.executions = 1;
    const auto run = nlohmann::json::parse(sarif_report({verdict, race_at({"", 0}), verdict}, sources()))["runs"][0];
    EXPECT_EQ(run["results"].size(), 3U);
    EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 2U) << "each rule once";
    EXPECT_EQ(run["tool"]["driver"]["rules"][run["results"][2]["ruleIndex"].get<std::size_t>()]["id"],
              to_string(engine::Outcome::budget_spent));
}

}  // namespace
}  // namespace heddle::harness

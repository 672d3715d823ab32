// What a filter takes and leaves out.
#include <gtest/gtest.h>

#include "arguments.hpp"
#include "filter.hpp"

namespace heddle::harness {
namespace {

Check model() { return {.name = "LockExcludes", .claim = "", .invariants = "INV-L-MUTEX HB-L"}; }
Check twin() {
    Check check{.name = "LockAdmitsTwo", .claim = "", .breaks = "INV-L-MUTEX"};
    check.expected = engine::FailureKind::data_race;
    return check;
}

bool takes(const std::vector<std::string>& filters, const Check& check, std::string_view engine = "relacy") {
    return Filter(filters).selects(check, engine);
}

TEST(AFilter, takes_everything_if_there_is_none) { EXPECT_TRUE(takes({}, model())); }

TEST(AFilter, matches_a_whole_name) {
    EXPECT_TRUE(takes({"Lock*"}, model()));
    EXPECT_TRUE(takes({"name:Lock*"}, model()));
    EXPECT_FALSE(takes({"Lock"}, model()));
}

TEST(AFilter, takes_what_any_of_several_takes) {
    EXPECT_TRUE(takes({"Queue*", "*Two"}, twin()));
    EXPECT_FALSE(takes({"Queue*", "*Two"}, model()));
}

TEST(AFilter, that_negates_leaves_out_of_what_the_others_take) {
    EXPECT_TRUE(takes({"Lock*", "!*Two"}, model()));
    EXPECT_FALSE(takes({"Lock*", "!*Two"}, twin()));
    EXPECT_FALSE(takes({"-*Two"}, twin()));
    EXPECT_TRUE(takes({"-*Two"}, model()));
}

TEST(AFilter, of_several_terms_needs_each_of_them) {
    EXPECT_TRUE(takes({"engine:relacy,Lock*"}, model()));
    EXPECT_FALSE(takes({"engine:relacy,Lock*"}, model(), "exhaustive"));
    EXPECT_TRUE(takes({"Lock*,!engine:relacy"}, model(), "exhaustive"));
}

TEST(AFilter, knows_models_twins_and_invariants_by_their_labels) {
    EXPECT_TRUE(takes({"label:model"}, model()));
    EXPECT_FALSE(takes({"label:model"}, twin()));
    EXPECT_TRUE(takes({"label:broken"}, twin()));
    EXPECT_TRUE(takes({"label:INV-L-*"}, twin()));
    EXPECT_TRUE(takes({"label:HB-L"}, model()));
    EXPECT_FALSE(takes({"label:HB-L"}, twin()));
}

TEST(AFilter, that_says_nothing_or_something_unknown_is_refused) {
    for (const char* text : {"", ",", "!", "engine:", "colour:red", "Lock*,,"})
        EXPECT_THROW(Filter({text}), UsageError) << text;
}

}  // namespace
}  // namespace heddle::harness

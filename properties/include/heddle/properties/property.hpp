// RapidCheck properties as GoogleTest tests, and their broken twins.
//
// ```cpp
// using namespace heddle::properties;
// expect_holds("a sum does not depend on the order", [](unsigned a, unsigned b) { RC_ASSERT(a + b == b + a); });
// expect_caught("a difference does", [](unsigned a, unsigned b) { RC_ASSERT(a - b == b - a); });
// ```
#pragma once

#include <heddle/platform/requirements.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <sstream>
#include <string>
#include <utility>

namespace heddle::properties {

/// What a broken twin's shrunk counterexample may be made of, at most; the empty text accepts any.
struct Caught {
    std::string counterexample_contains{};
};

namespace detail {

inline rc::detail::TestMetadata metadata_of(const std::string& claim) {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    rc::detail::TestMetadata metadata;
    metadata.id = std::string(info->test_suite_name()) + "/" + info->name();
    metadata.description = claim;
    return metadata;
}

inline std::string message_of(const rc::detail::TestResult& result) {
    std::ostringstream text;
    rc::detail::printResultMessage(result, text);
    return text.str();
}

// The command that shows the same counterexample again.
inline std::string reproduction_of(const rc::detail::FailureResult& failure) {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    const std::string id = std::string(info->test_suite_name()) + "/" + info->name();
    rc::detail::Configuration configuration;
    configuration.reproduce = {{id, failure.reproduce}};
    return "RC_PARAMS=\"" + rc::detail::configToMinimalString(configuration) +
           "\" PROGRAM --gtest_filter=" + info->test_suite_name() + "." + info->name();
}

}  // namespace detail

/// The property holds for every generated case, and there was at least one; a failure prints the shrunk
/// counterexample and how to see it again. Requires: called in a test. Returns: nothing. Errors: none: the test fails.
/// Visibility: none. Source: RapidCheck.
template <class Testable>
void expect_holds(const std::string& claim, Testable&& testable) {
    const auto result = rc::detail::checkTestable(std::forward<Testable>(testable), detail::metadata_of(claim));
    if (result.template is<rc::detail::SuccessResult>()) {
        const int cases = result.template get<rc::detail::SuccessResult>().numSuccess;
        testing::Test::RecordProperty("cases", cases);
        std::printf("%s: %d cases\n", claim.c_str(), cases);
        const bool reproducing = !rc::detail::configuration().reproduce.empty();
        EXPECT_TRUE(cases > 0 || reproducing) << "the property was not tried on any case";
        return;
    }
    std::string text = "claim: " + claim + "\n" + detail::message_of(result);
    if (result.template is<rc::detail::FailureResult>()) {
        text += "\nrun it again:  " + detail::reproduction_of(result.template get<rc::detail::FailureResult>());
    }
    ADD_FAILURE() << text;
}

/// The broken twin of a property: some case must fail, and shrink to what `caught` says. It is tried on up to ten times as
/// many cases as a property: that the fault can be caught is what a twin shows, and a rare one must not fail by chance.
/// Requires: called in a test. Returns: nothing. Errors: none: the test fails. Visibility: none. Source: RapidCheck.
template <class Testable>
void expect_caught(const std::string& claim, Testable&& testable, const Caught& caught = {}) {
    rc::detail::TestParams params = rc::detail::configuration().testParams;
    params.maxSuccess *= 10;
    const auto result = rc::detail::checkTestable(std::forward<Testable>(testable), detail::metadata_of(claim), params);
    ASSERT_TRUE(result.template is<rc::detail::FailureResult>()) << "the fault was not caught: " << claim << "\n"
                                                                 << detail::message_of(result);
    const std::string text = detail::message_of(result);
    EXPECT_NE(text.find(caught.counterexample_contains), std::string::npos)
        << "the counterexample should contain \"" << caught.counterexample_contains << "\":\n"
        << text;
    std::printf("caught, as it must:\n%s\n", text.c_str());
}

}  // namespace heddle::properties

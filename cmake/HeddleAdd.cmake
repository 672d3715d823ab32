# heddle_add_models(target SOURCE...)
#   Builds an executable that checks the models registered in the sources, and adds a ctest test per engine and
#   model: label "model" for models, "broken" for broken twins.
#
# heddle_add_properties(target SOURCE...)
#   Builds a GoogleTest executable with RapidCheck properties, and adds a ctest test per property: label "property".
#
# heddle_add_tests(target SOURCE...)
#   Builds a GoogleTest executable, and adds a ctest test per test: label "unit".
#
# Optional argument of each: LINK target..., further libraries.
include(GoogleTest)

# Longer than any model's budget and the search for a simpler counterexample together.
set(HEDDLE_TEST_TIMEOUT 240 CACHE STRING "Seconds after which ctest gives a test up")

# What a function of this file is built on is a component of its own: whoever has not asked for it learns how to.
function(_heddle_needs component target caller)
    if(NOT TARGET ${target})
        message(FATAL_ERROR "${caller}() needs heddle's component '${component}': ask for it with "
            "find_package(heddle COMPONENTS ${component}), or leave HEDDLE_CHECKER on before add_subdirectory(heddle).")
    endif()
endfunction()

function(_heddle_executable target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
    add_executable(${target} ${arg_UNPARSED_ARGUMENTS})
    target_compile_features(${target} PRIVATE cxx_std_20)
    target_link_libraries(${target} PRIVATE ${arg_LINK})
endfunction()

function(_heddle_discover target filter)
    # The list of tests is read when ctest runs, so that a failing or missing program is a failing test.
    gtest_discover_tests(${target} TEST_FILTER "${filter}" DISCOVERY_MODE PRE_TEST
        PROPERTIES TIMEOUT ${HEDDLE_TEST_TIMEOUT} ${ARGN})
endfunction()

function(heddle_add_models target)
    _heddle_needs(checker heddle::model_main heddle_add_models)
    _heddle_executable(${target} ${ARGN} LINK heddle::model_main)
    _heddle_discover(${target} "-*_broken.*" LABELS model)
    _heddle_discover(${target} "*_broken.*" LABELS broken)
endfunction()

function(heddle_add_properties target)
    _heddle_needs(properties heddle::properties heddle_add_properties)
    _heddle_executable(${target} ${ARGN} LINK heddle::properties)
    _heddle_discover(${target} "*" LABELS property)
endfunction()

function(heddle_add_tests target)
    find_package(GTest REQUIRED)
    _heddle_executable(${target} ${ARGN} LINK GTest::gmock GTest::gtest_main)
    _heddle_discover(${target} "*" LABELS unit)
endfunction()

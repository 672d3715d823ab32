# Tests that a program has exactly the executions that it is said to have: tests/unmodified/executions.py has how.

# BY: whose lines of a table are meant, beside those of all: of the compiler of the program. Where Clang has compiled heddle, those of
# heddle-by-clang go before. What is the same with both compilers stands there once.
function(heddle_has_executions name program)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "BY" "")
    set(by ${arg_BY})
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
        if(NOT by)
            set(by clang)
        endif()
        list(APPEND by heddle-by-clang)
    endif()
    list(TRANSFORM by PREPEND "--by;")
    add_test(NAME unmodified.${name} COMMAND ${HEDDLE_PYTHON} ${PROJECT_SOURCE_DIR}/tests/unmodified/executions.py
        ${by} ${program} ${arg_UNPARSED_ARGUMENTS})
    set_tests_properties(unmodified.${name} PROPERTIES LABELS unmodified TIMEOUT ${HEDDLE_TEST_TIMEOUT})
endfunction()

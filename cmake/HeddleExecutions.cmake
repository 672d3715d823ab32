# Tests that a program has exactly the executions that it is said to have: tests/unmodified/executions.py has how.

# BY: whose lines of a table are meant, beside those of all: of the compiler of the program. Where Clang has compiled heddle, those of
# heddle-by-clang go before. What is the same with both compilers stands there once.
function(heddle_has_executions name program)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "BY" "")
    set(by ${arg_BY})
    if(NOT by AND CMAKE_CXX_COMPILER_ID MATCHES Clang)
        set(by clang)
    endif()
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
        list(APPEND by heddle-by-clang)
    endif()
    list(REVERSE by)
    foreach(word IN LISTS by)
        list(PREPEND program --by ${word})
    endforeach()
    add_test(NAME unmodified.${name} COMMAND ${HEDDLE_PYTHON} ${PROJECT_SOURCE_DIR}/tests/unmodified/executions.py
        ${program} ${arg_UNPARSED_ARGUMENTS})
    set_tests_properties(unmodified.${name} PROPERTIES LABELS unmodified TIMEOUT ${HEDDLE_TEST_TIMEOUT})
endfunction()

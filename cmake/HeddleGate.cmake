# heddle_add_gate(name MODELS target... [SOURCES path] [TESTS])
#   Adds the target `name`, which nothing else builds: it builds the targets, made by heddle_add_models(), and tells on one
#   screen what came of their models on every engine; with SOURCES, a file or directory, whether each memory order, wake and
#   read-modify-write there is needed as it is (--necessity); with TESTS, what came of the project's tests that are no models.
#   The build of it fails if anything is red, or could not be looked at. Needs Python 3.
#   Below `name` in the current binary directory stand logs, and each part's report as JSON, JUnit and SARIF.
#   `python3 HEDDLE_GATE NAME.json` does the same without building; its exit status tells what kind of red it was.
set(HEDDLE_GATE ${CMAKE_CURRENT_LIST_DIR}/heddle_gate.py)

# One part, as heddle_gate.py reads it. The command's words must not need quoting in JSON.
# It is added to the variable `described` of the caller.
function(_heddle_gate_part name reads)
    list(JOIN ARGN "\", \"" command)
    string(APPEND described "{\"name\": \"${name}\", \"reads\": \"${reads}\", \"runs\": [\"${command}\"]},\n")
    set(described "${described}" PARENT_SCOPE)
endfunction()

function(heddle_add_gate name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "TESTS" "SOURCES" "MODELS")
    if(NOT arg_MODELS OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "heddle_add_gate(name MODELS target... [SOURCES path] [TESTS]): it needs MODELS, and no more")
    endif()
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    include(ProcessorCount)
    ProcessorCount(processors)
    set(directory ${CMAKE_CURRENT_BINARY_DIR}/${name})
    set(described "")
    foreach(target IN LISTS arg_MODELS)
        set(program $<TARGET_FILE:${target}>)
        set(jobs --jobs ${processors} --json {report})
        _heddle_gate_part(${target} verdicts ${program} ${jobs} --junit ${directory}/${target}.xml
            --sarif ${directory}/${target}.sarif)
        if(arg_SOURCES)
            cmake_path(ABSOLUTE_PATH arg_SOURCES NORMALIZE OUTPUT_VARIABLE sources)
            _heddle_gate_part(${target}.necessity certificate ${program} --necessity --sources ${sources} ${jobs})
        endif()
    endforeach()
    if(arg_TESTS)
        _heddle_gate_part(tests tests ${CMAKE_CTEST_COMMAND} --test-dir ${PROJECT_BINARY_DIR} --output-on-failure
            --no-tests=error --parallel ${processors} --label-exclude "^(model|broken)$")
    endif()
    string(REGEX REPLACE ",\n$" "" described "${described}")
    file(GENERATE OUTPUT ${directory}.json CONTENT "{\"directory\": \"${directory}\", \"parts\": [\n${described}]}\n")
    file(MAKE_DIRECTORY ${directory})
    add_custom_target(${name} COMMAND Python3::Interpreter ${HEDDLE_GATE} ${directory}.json USES_TERMINAL VERBATIM)
    add_dependencies(${name} ${arg_MODELS})
endfunction()

# Builds a project that uses heddle, and runs it. cmake -P with:
#   SOURCE, BINARY: the project; RUN: a program of it to run, or empty for its ctest
#   HEDDLE_SOURCE; HEDDLE_BUILD: install from there first, empty: do not
function(step)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    message("${output}")
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "failed (${status}): ${ARGN}")
    endif()
endfunction()

file(REMOVE_RECURSE ${BINARY})
if(HEDDLE_BUILD)
    step(${CMAKE_COMMAND} --install ${HEDDLE_BUILD} --prefix ${BINARY}/prefix)
endif()
step(${CMAKE_COMMAND} -G Ninja -S ${SOURCE} -B ${BINARY}/build -DCMAKE_PREFIX_PATH=${BINARY}/prefix
    -DHEDDLE_SOURCE=${HEDDLE_SOURCE} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${CXX_FLAGS})
step(${CMAKE_COMMAND} --build ${BINARY}/build)
if(RUN)
    step(${BINARY}/build/${RUN})
else()
    step(ctest --test-dir ${BINARY}/build --no-tests=error --output-on-failure)
endif()

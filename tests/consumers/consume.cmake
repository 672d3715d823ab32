# Builds a project that uses heddle, and runs it. cmake -P with:
#   SOURCE, BINARY: the project; RUN: a program of it to run, or empty for its ctest
#   TARGET: one to build afterwards, or empty; HEDDLE_SOURCE, PREFIX: heddle as it stands, or as it is installed; ARGUMENTS: more for the configuration
function(step)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    message("${output}")
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "failed (${status}): ${ARGN}")
    endif()
endfunction()

file(REMOVE_RECURSE ${BINARY})
step(${CMAKE_COMMAND} -G Ninja -S ${SOURCE} -B ${BINARY} -DCMAKE_PREFIX_PATH=${PREFIX}
    -DHEDDLE_SOURCE=${HEDDLE_SOURCE} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${CXX_FLAGS} ${ARGUMENTS})
step(${CMAKE_COMMAND} --build ${BINARY})
if(RUN)
    step(${BINARY}/${RUN})
else()
    step(ctest --test-dir ${BINARY} --no-tests=error --output-on-failure)
endif()
if(TARGET)
    step(${CMAKE_COMMAND} --build ${BINARY} --target ${TARGET})
endif()

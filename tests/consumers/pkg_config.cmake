# Compiles and runs one source file with what pkg-config says about an installed heddle.
# cmake -P with CXX, CXX_FLAGS, PKG_CONFIG; PREFIX: heddle; SOURCE; BINARY
file(GLOB_RECURSE found ${PREFIX}/*/heddle.pc)
cmake_path(GET found PARENT_PATH directory)
set(ENV{PKG_CONFIG_PATH} ${directory})
execute_process(COMMAND ${PKG_CONFIG} --cflags --libs heddle OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${CXX_FLAGS} ${flags}")
execute_process(COMMAND ${CXX} -std=c++20 ${SOURCE} ${flags} -o ${BINARY} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${BINARY} COMMAND_ERROR_IS_FATAL ANY)

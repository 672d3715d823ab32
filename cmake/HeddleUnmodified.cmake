# heddle_instrument(target)
#   The code of a library of this build is seen by tests of unmodified code that link it.
#
# heddle_explore_in(target [OPTIMISE flag])
#   Code of an executable of any test framework may call heddle::explore().
#
# heddle_add_unmodified_tests(target SOURCE... [LINK target...] [OPTIMISE flag])
#   Builds an executable with the tests of unmodified code in the sources, and adds a ctest test for each: label
#   "unmodified". OPTIMISE: as -O1; without it, and by default, no access is optimised away (-O0), so that each race is in
#   the program.
include(GoogleTest)

# The command `heddle check` has them, too.
set(_heddle_hook_flags
    -fsanitize=thread  # for compiling only: the hooks are heddle's
    -g
    -fno-lto           # which would drop the hooks
    -UNDEBUG           # an assert is what a test says
    -fno-omit-frame-pointer  # a frame is told from its caller's
    -Wno-unknown-warning-option -Wno-tsan  # about libtsan, which follows no fences
    # A compiler that expands these itself calls no hook.
    -fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset
    -fno-builtin-strcpy -fno-builtin-stpcpy -fno-builtin-strncpy -fno-builtin-strcat)
# The functions of the C library that get hooks where code with hooks calls them.
set(_heddle_hook_link_flags)
foreach(name memcpy memmove memset memcmp bcmp memchr wmemcpy wmemmove wmemset wmemcmp wmemchr strlen strnlen wcslen
        strcmp strncmp strchr strrchr strstr strcpy stpcpy strncpy strcat strtol strtoll strtoul strtoull strtof strtod
        strtold)
    list(APPEND _heddle_hook_link_flags -Wl,--wrap=${name})
endforeach()

# Asks once whether this compiler takes the flags, and keeps that in the cache, as `variable`.
function(_heddle_ask_compiler variable)
    if(DEFINED ${variable})
        return()
    endif()
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${ARGN} -fsyntax-only -x c++ /dev/null
        RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    if(status EQUAL 0)
        set(takes ON)
    else()
        set(takes OFF)
    endif()
    set(${variable} ${takes} CACHE INTERNAL "Whether this compiler takes ${ARGN}")
endfunction()

# Clang's pass has no hook for an access to a member or an element of a local in the function that has the local, although others
# have its address: it asks who has that of the member. So it is told to take each address for one that others may have.
set(_heddle_locals_flags -mllvm -capture-tracking-max-uses-to-explore=0 -DHEDDLE_SEES_LOCALS)

function(_heddle_see_locals target)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
        return()
    endif()
    _heddle_ask_compiler(HEDDLE_LOCALS_FLAGS_FIT ${_heddle_locals_flags})
    if(HEDDLE_LOCALS_FLAGS_FIT)
        list(JOIN _heddle_locals_flags " " flags)
        target_compile_options(${target} PRIVATE "SHELL:${flags}")
    endif()
endfunction()

# What calls read and write of objects that are passed and returned by value has no hooks of GCC's own: a plugin, which fits
# the compiler that it was made for, adds them. -DHEDDLE_PLUGIN=OFF does without.
function(_heddle_see_values target)
    if(NOT TARGET heddle::by_value OR NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU OR "${HEDDLE_PLUGIN}" STREQUAL OFF)
        return()
    endif()
    get_target_property(is_imported heddle::by_value IMPORTED)
    if(is_imported)
        get_target_property(plugin heddle::by_value LOCATION)
        _heddle_ask_compiler(HEDDLE_BY_VALUE_FITS -fplugin=${plugin})
    else()
        add_dependencies(${target} heddle_by_value_is_built)
    endif()
    if(NOT is_imported OR HEDDLE_BY_VALUE_FITS)
        target_compile_options(${target} PRIVATE -fplugin=$<TARGET_FILE:heddle::by_value> -DHEDDLE_SEES_VALUES)
    endif()
endfunction()

function(_heddle_compile_with_hooks target optimise)
    _heddle_needs(unmodified heddle::unmodified heddle_add_unmodified_tests)
    target_compile_options(${target} PRIVATE ${_heddle_hook_flags} ${optimise}
        "SHELL:-include heddle/unmodified/prelude.hpp")
    _heddle_see_values(${target})
    _heddle_see_locals(${target})
    target_link_libraries(${target} PRIVATE heddle::unmodified)
endfunction()

function(heddle_instrument target)
    _heddle_compile_with_hooks(${target} -O0)
    target_link_options(${target} INTERFACE ${_heddle_hook_link_flags})
endfunction()

function(heddle_explore_in target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "OPTIMISE" "")
    if(NOT arg_OPTIMISE)
        set(arg_OPTIMISE -O0)
    endif()
    _heddle_compile_with_hooks(${target} ${arg_OPTIMISE})
    target_link_options(${target} PRIVATE -Wl,-z,now ${_heddle_hook_link_flags})
endfunction()

function(heddle_add_unmodified_tests target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "OPTIMISE" "LINK")
    add_executable(${target} ${arg_UNPARSED_ARGUMENTS})
    # The library stands in front of all others: its names are found before those of the standard library and of libc.
    heddle_explore_in(${target} OPTIMISE ${arg_OPTIMISE})
    target_link_libraries(${target} PRIVATE heddle::unmodified_main ${arg_LINK})
    # A model may have the name of a test: that program is written twice.
    gtest_discover_tests(${target} TEST_PREFIX unmodified. DISCOVERY_MODE PRE_TEST
        PROPERTIES TIMEOUT ${HEDDLE_TEST_TIMEOUT} LABELS unmodified)
endfunction()

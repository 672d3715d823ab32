# heddle_mutated(target [HEADER...])
#   Makes target-mutated of the same sources, with the headers that ci/weave.py has written below HEDDLE_WOVEN before all
#   others. The named headers, which most of its sources begin with, are read once. It is built when it is named, or
#   heddle-mutated is: ci/mutate does so, after it has written the headers.
set(HEDDLE_WOVEN ${PROJECT_BINARY_DIR}/woven)
add_custom_target(heddle-mutated)

function(heddle_mutated target)
    get_target_property(sources ${target} SOURCES)
    get_target_property(libraries ${target} LINK_LIBRARIES)
    add_executable(${target}-mutated EXCLUDE_FROM_ALL ${sources})
    target_compile_features(${target}-mutated PRIVATE cxx_std_20)
    target_compile_options(${target}-mutated PRIVATE -g0 -O0)  # it is built sooner, and what explores is not in it
    target_compile_definitions(${target}-mutated PRIVATE HEDDLE_EXHAUSTIVE_MODELS_ALONE)
    target_include_directories(${target}-mutated BEFORE PRIVATE ${HEDDLE_WOVEN})
    target_link_libraries(${target}-mutated PRIVATE ${libraries})
    target_precompile_headers(${target}-mutated PRIVATE ${ARGN})
    heddle_in_batches(${target}-mutated 4)
    add_dependencies(heddle-mutated ${target}-mutated)
endfunction()

# heddle_in_batches(target SIZE): with HEDDLE_BATCHES, which is off by default and in the presets `debug` and `aarch64`, SIZE sources of
# the target at a time are compiled as one, since what they include takes longer to read than they do. Without it each source is
# compiled by itself: what changes one at a time is built sooner, and a source that lacks an #include is noticed.
option(HEDDLE_BATCHES "Compile several sources of a target as one" OFF)
function(heddle_in_batches target size)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${HEDDLE_BATCHES} UNITY_BUILD_BATCH_SIZE ${size})
endfunction()

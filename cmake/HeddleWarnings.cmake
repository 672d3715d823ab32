# heddle_warnings(target): the warnings that heddle's own code is held to. Never part of an exported interface.
function(heddle_warnings target)
    # Designated initialisers leave members to their defaults on purpose.
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wno-missing-field-initializers
        $<$<BOOL:${HEDDLE_WERROR}>:-Werror>)
endfunction()

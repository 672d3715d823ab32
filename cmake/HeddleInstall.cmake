# Installs heddle: each room is a component of the package, of `cmake --install --component`, and a Debian package of its
# own. platform/ and impl/ are one, `threading`, and always there.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/heddle)

# A public header that no file set names would be found by heddle's own tests, and by nobody else.
function(_heddle_installs_all_headers)
    foreach(target ${ARGN})
        get_target_property(room ${target} SOURCE_DIR)
        get_target_property(named ${target} HEADER_SET)
        file(GLOB_RECURSE there CONFIGURE_DEPENDS ${room}/include/*)
        list(APPEND headers ${there})
        foreach(header ${named})
            cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY ${room})
            list(APPEND installed ${header})
        endforeach()
    endforeach()
    list(REMOVE_ITEM headers ${installed})
    if(headers)
        message(FATAL_ERROR "no file set of ${ARGN} has ${headers}: it would not be installed")
    endif()
endfunction()

# heddle_install(component target...)
function(heddle_install component)
    _heddle_installs_all_headers(${ARGN})
    set(at COMPONENT ${component})
    install(TARGETS ${ARGN} EXPORT heddle-${component} ARCHIVE ${at} LIBRARY ${at} FILE_SET HEADERS ${at})
    install(EXPORT heddle-${component} NAMESPACE heddle:: DESTINATION ${package_dir} ${at})
endfunction()

heddle_install(threading heddle_platform heddle_threading)
if(HEDDLE_CHECKER)
    heddle_install(engine heddle_engine)
    heddle_install(harness heddle_harness heddle_model_runner)
    heddle_install(checker heddle_checker heddle_model_main)
    heddle_install(properties heddle_properties)
endif()
if(TARGET heddle_unmodified)
    heddle_install(unmodified heddle_unmodified heddle_unmodified_main)
    if(TARGET heddle_by_value)
        install(TARGETS heddle_by_value EXPORT heddle-unmodified LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
            COMPONENT unmodified)
    endif()
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/HeddleUnmodified.cmake DESTINATION ${package_dir} COMPONENT unmodified)
    install(PROGRAMS ${PROJECT_BINARY_DIR}/unmodified/installed/heddle DESTINATION ${CMAKE_INSTALL_BINDIR}
        COMPONENT unmodified)
endif()

# The page is of the command and of every program with checks: it comes with the command where there is one.
if(HEDDLE_CHECKER)
    set(component harness)
    if(TARGET heddle_unmodified)
        set(component unmodified)
    endif()
    install(FILES ${PROJECT_BINARY_DIR}/harness/heddle.page DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 RENAME heddle.1
        COMPONENT ${component})
    install(FILES ${PROJECT_BINARY_DIR}/harness/heddle.completion RENAME heddle COMPONENT ${component}
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/heddle-config.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/heddle-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/heddle-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/heddle-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/heddle-config-version.cmake
    ${CMAKE_CURRENT_LIST_DIR}/HeddleAdd.cmake DESTINATION ${package_dir} COMPONENT threading)
if(HEDDLE_CHECKER)
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/HeddleGate.cmake ${CMAKE_CURRENT_LIST_DIR}/heddle_gate.py DESTINATION ${package_dir}
        COMPONENT checker)
endif()

# For builds without CMake: the headers-only part. Its prefix is found from where the file lies, so it may be moved.
file(RELATIVE_PATH HEDDLE_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/heddle.pc.in ${CMAKE_CURRENT_BINARY_DIR}/heddle.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/heddle.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT threading)

include(HeddlePackages)

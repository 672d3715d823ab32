# `cpack -G DEB` makes a Debian package of each component: libheddle-dev, libheddle-engine-dev and so on.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME heddle)
set(CPACK_PACKAGE_CONTACT "the maintainers of heddle")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)

# heddle_package(component NAME package DEPENDS "package, package" ABOUT summary)
macro(heddle_package component)
    cmake_parse_arguments(package "" "NAME;DEPENDS;ABOUT" "" ${ARGN})
    string(TOUPPER ${component} upper)
    list(APPEND CPACK_COMPONENTS_ALL ${component})
    set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package_NAME})
    set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${package_DEPENDS}")
    set(CPACK_COMPONENT_${upper}_DESCRIPTION "${package_ABOUT}")
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${package_NAME}
        RENAME copyright COMPONENT ${component})
endmacro()

set(same "(= ${PROJECT_VERSION})")
heddle_package(threading NAME libheddle-dev DEPENDS "libc6-dev"
    ABOUT "Python's threading and queue for C++20, headers only")
if(HEDDLE_CHECKER)
    set(fibers "")
    if(HEDDLE_FIBERS)
        set(fibers ", libboost-context-dev, libdw-dev")
    endif()
    heddle_package(engine NAME libheddle-engine-dev DEPENDS "libheddle-dev ${same}${fibers}"
        ABOUT "visits every execution of a concurrent program")
    heddle_package(harness NAME libheddle-harness-dev DEPENDS "libheddle-engine-dev ${same}, libfmt-dev, libgtest-dev, libpugixml-dev"
        ABOUT "runs checks of concurrent programs and reports what came of them")
    heddle_package(checker NAME libheddle-checker-dev DEPENDS "libheddle-harness-dev ${same}"
        ABOUT "models of concurrent code, checked over every execution")
    heddle_package(properties NAME libheddle-properties-dev
        DEPENDS "libheddle-dev ${same}, libgtest-dev, librapidcheck-dev" ABOUT "specifications and property tests of concurrent code")
endif()
if(TARGET heddle_unmodified)
    heddle_package(unmodified NAME libheddle-unmodified-dev
        DEPENDS "g++" ABOUT "explores tests of ordinary C++ with threads, and the command that does so")
    set(CPACK_DEBIAN_UNMODIFIED_PACKAGE_SHLIBDEPS ON)  # it is the only one with a shared library
endif()
include(CPack)

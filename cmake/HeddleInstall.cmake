# Installs the rooms as components of one package: threading (always), checker, properties.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/heddle)

install(TARGETS heddle_platform heddle_threading EXPORT heddle-threading FILE_SET HEADERS)
set(exports threading)
if(HEDDLE_CHECKER)
    install(TARGETS heddle_engine heddle_harness heddle_checker heddle_model_runner heddle_model_main EXPORT heddle-checker FILE_SET HEADERS)
    install(TARGETS heddle_properties EXPORT heddle-properties FILE_SET HEADERS)
    list(APPEND exports checker properties)
endif()
foreach(component ${exports})
    install(EXPORT heddle-${component} NAMESPACE heddle:: DESTINATION ${package_dir})
endforeach()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/heddle-config.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/heddle-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/heddle-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/heddle-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/heddle-config-version.cmake
    ${CMAKE_CURRENT_LIST_DIR}/HeddleAdd.cmake DESTINATION ${package_dir})

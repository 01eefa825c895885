# Install rules. The component `development` is the headers and the package files. Each component of
# find_package(painters COMPONENTS models onednn) is an export set of its own, so the core alone needs no library.
include(CMakePackageConfigHelpers)
set(package_dir ${PAINTERS_PACKAGE_DIR})

install(TARGETS painters_painters EXPORT paintersTargets FILE_SET HEADERS COMPONENT development)
install(TARGETS painters_native EXPORT paintersTargets COMPONENT development)
set(export_sets paintersTargets)
foreach(target painters_models ${PAINTERS_BACKENDS})
  if(TARGET ${target})
    install(TARGETS ${target} EXPORT ${target}Targets FILE_SET HEADERS COMPONENT development)
    list(APPEND export_sets ${target}Targets)
  endif()
endforeach()
if(TARGET painters_model)
  install(TARGETS painters_model EXPORT painters_modelsTargets COMPONENT development)
  install(FILES ${PAINTERS_MODEL_SOURCES} DESTINATION ${package_dir} COMPONENT development)
endif()
foreach(set IN LISTS export_sets)
  install(EXPORT ${set} NAMESPACE painters:: DESTINATION ${package_dir} COMPONENT development)
endforeach()

write_basic_package_version_file(${PROJECT_BINARY_DIR}/paintersConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/paintersConfig.cmake ${PROJECT_SOURCE_DIR}/cmake/sentencepiece.cmake
              ${PROJECT_BINARY_DIR}/paintersConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT development)

# For those without CMake, the core only: oneDNN, OpenMP and Boost, which the other components need, have no .pc files
# that a Requires could name.
set(pkgconfig_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)
file(RELATIVE_PATH PAINTERS_PC_TO_PREFIX /prefix/${pkgconfig_dir} /prefix)
string(REGEX REPLACE "/$" "" PAINTERS_PC_TO_PREFIX "${PAINTERS_PC_TO_PREFIX}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/painters.pc.in ${PROJECT_BINARY_DIR}/painters.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/painters.pc DESTINATION ${pkgconfig_dir} COMPONENT development)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)

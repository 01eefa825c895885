# The INTERFACE targets that others link:
#   painters::painters  plans and pipelines; needs nothing but a C++20 compiler
#   painters::models    everything that loads and runs a model on the reference backend
#   painters::model     painters::models with what is behind painters/model.hpp and what reads files, compiled once in what
#                       links it
#   painters::onednn    the oneDNN backend (only where oneDNN is installed)
#   painters::native    opt-in: compile for the machine at hand
#   painters_dev        not exported: warnings, sanitizers and the like for the project's own programs

set(PAINTERS_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/painters)

function(painters_interface_target name)
  cmake_parse_arguments(ARG "" "" "HEADERS" ${ARGN})
  add_library(painters_${name} INTERFACE)
  add_library(painters::${name} ALIAS painters_${name})
  set_target_properties(painters_${name} PROPERTIES EXPORT_NAME ${name} VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})
  set(files)
  foreach(pattern IN LISTS ARG_HEADERS)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/painters/${pattern})
    list(APPEND files ${found})
  endforeach()
  target_sources(painters_${name} INTERFACE FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${files})
  target_compile_features(painters_${name} INTERFACE cxx_std_20)
endfunction()

painters_interface_target(painters HEADERS *.hpp plan/*.hpp pipeline/*.hpp)
# GLOB_RECURSE has descended into every room; the core is plan/, pipeline/ and what lies beside the rooms.
get_target_property(core_headers painters_painters HEADER_SET)
list(FILTER core_headers EXCLUDE REGEX "include/painters/(tensor|backend|layers|formats|text|models|engine|tasks|analysis|front)/|include/painters/models?.hpp")
list(REMOVE_DUPLICATES core_headers)
set_target_properties(painters_painters PROPERTIES HEADER_SET "${core_headers}")

set(PAINTERS_BACKENDS)  # the targets of backends with a library of their own that this build has
if(PAINTERS_WITH_MODELS)
  include(PaintersDependencies)
  painters_interface_target(models HEADERS tensor/*.hpp backend/*.hpp layers/*.hpp formats/*.hpp text/*.hpp models/*.hpp
                                           engine/*.hpp tasks/*.hpp analysis/*.hpp front/*.hpp model.hpp models.hpp)
  get_target_property(model_headers painters_models HEADER_SET)
  set(onednn_headers ${model_headers})
  list(FILTER model_headers EXCLUDE REGEX "backend/onednn")
  list(FILTER onednn_headers INCLUDE REGEX "backend/onednn")
  set_target_properties(painters_models PROPERTIES HEADER_SET "${model_headers}")
  target_link_libraries(painters_models INTERFACE painters_painters ${PAINTERS_MODEL_LIBRARIES})
  if(PAINTERS_ONEDNN_FOUND)
    painters_interface_target(onednn HEADERS backend/onednn.hpp)
    set_target_properties(painters_onednn PROPERTIES HEADER_SET "${onednn_headers}")
    target_link_libraries(painters_onednn INTERFACE painters_models OpenMP::OpenMP_CXX DNNL::dnnl xsimd)
    target_compile_definitions(painters_onednn INTERFACE PAINTERS_HAS_ONEDNN)  # see backend/built_in.hpp
    list(APPEND PAINTERS_BACKENDS painters_onednn)
  endif()

  # What is behind painters/model.hpp, a translation unit for each backend and one for what reads files; that of a backend
  # that is not built in is empty.
  add_library(painters_model INTERFACE)
  add_library(painters::model ALIAS painters_model)
  set_target_properties(painters_model PROPERTIES EXPORT_NAME model)
  target_link_libraries(painters_model INTERFACE painters_models)
  target_compile_definitions(painters_model INTERFACE PAINTERS_COMPILED_ONCE)  # see compiled_once.hpp
  foreach(backend IN LISTS PAINTERS_BACKENDS)  # an installed package may come without it
    string(REPLACE painters_ painters:: backend ${backend})
    target_link_libraries(painters_model INTERFACE $<TARGET_NAME_IF_EXISTS:${backend}>)
  endforeach()
  file(GLOB PAINTERS_MODEL_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/model_*.cpp)
  foreach(source IN LISTS PAINTERS_MODEL_SOURCES)
    get_filename_component(name ${source} NAME)
    target_sources(painters_model INTERFACE
      $<BUILD_INTERFACE:${source}> $<INSTALL_INTERFACE:$<INSTALL_PREFIX>/${PAINTERS_PACKAGE_DIR}/${name}>)
  endforeach()
endif()

add_library(painters_native INTERFACE)
add_library(painters::native ALIAS painters_native)
set_target_properties(painters_native PROPERTIES EXPORT_NAME native)
target_compile_options(painters_native INTERFACE -march=native)

add_library(painters_dev INTERFACE)
target_compile_options(painters_dev INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  $<$<CXX_COMPILER_ID:GNU>:-fconcepts-diagnostics-depth=3> $<$<BOOL:${PAINTERS_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12 to 14 in headers of its own: AVX-512 intrinsics (bug 105593), strings that are joined (bug
  # 105651) and what a std::optional holds (bug 80635).
  target_compile_options(painters_dev INTERFACE -Wno-uninitialized -Wno-maybe-uninitialized -Wno-stringop-overflow
                                                -Wno-stringop-overread -Wno-restrict -Wno-array-bounds)
endif()
if(PAINTERS_SANITIZE)
  target_compile_options(painters_dev INTERFACE -fsanitize=${PAINTERS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(painters_dev INTERFACE -fsanitize=${PAINTERS_SANITIZE})
endif()
if(PAINTERS_NATIVE)
  target_link_libraries(painters_dev INTERFACE painters_native)
endif()

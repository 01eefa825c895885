# Configures, builds and runs PROJECT, which uses the library in SOURCE_DIR, from scratch in BINARY_DIR. If INSTALL_FROM is
# given, that build tree is first installed into a prefix of its own. GENERATOR, COMPILER and COMPONENT are passed on.
cmake_minimum_required(VERSION 3.24)
file(REMOVE_RECURSE ${BINARY_DIR})
# A copy, because a consumer may write into its source tree.
get_filename_component(name ${PROJECT} NAME)
file(GLOB programs ${PROJECT}/../*.cpp)
file(COPY ${programs} ${PROJECT} DESTINATION ${BINARY_DIR})
set(project ${BINARY_DIR}/${name})
set(build ${BINARY_DIR}/build)
if(INSTALL_FROM)
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${INSTALL_FROM} --component development --prefix ${BINARY_DIR}/root
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endif()
if(EXISTS ${project}/build.sh)
  execute_process(COMMAND sh build.sh ${COMPILER} ${BINARY_DIR}/root RESULT_VARIABLE result WORKING_DIRECTORY ${project})
  if(result EQUAL 77)
    return()
  elseif(result)
    message(FATAL_ERROR "${project}/build.sh failed: ${result}")
  endif()
  set(build ${project})
else()
  if(name STREQUAL "fetch_content")
    # An archive holds one folder with all files in it, but no build trees.
    foreach(part CMakeLists.txt LICENSE README.md benchmarks cmake examples include tests)
      file(COPY ${SOURCE_DIR}/${part} DESTINATION ${BINARY_DIR}/painters)
    endforeach()
    execute_process(COMMAND ${CMAKE_COMMAND} -E tar czf ${BINARY_DIR}/painters.tar.gz painters
                    WORKING_DIRECTORY ${BINARY_DIR} COMMAND_ERROR_IS_FATAL ANY)
    file(REMOVE_RECURSE ${BINARY_DIR}/painters)
  endif()
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${project} -B ${build} -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug
                          -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_PREFIX_PATH=${BINARY_DIR}/root
                          -DPAINTERS_SOURCE_DIR=${SOURCE_DIR} -DPAINTERS_ARCHIVE=${BINARY_DIR}/painters.tar.gz
                          -DCOMPONENT=${COMPONENT} --no-warn-unused-cli
                  COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${build} COMMAND_ERROR_IS_FATAL ANY)
endif()
file(GLOB programs ${build}/my_program*)
list(FILTER programs EXCLUDE REGEX "\\.cpp$")
if(NOT programs)
  message(FATAL_ERROR "expected ${build} to have a program, found none")
endif()
foreach(program IN LISTS programs)
  execute_process(COMMAND ${program} COMMAND_ERROR_IS_FATAL ANY)
endforeach()

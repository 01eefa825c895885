# Configures, builds and runs the consumer PROJECT of the library in SOURCE_DIR, afresh in BINARY_DIR. With INSTALL_FROM
# that build tree is installed into a prefix of its own first. GENERATOR, COMPILER and COMPONENTS are passed on.
cmake_minimum_required(VERSION 3.24)
file(REMOVE_RECURSE ${BINARY_DIR})
if(INSTALL_FROM)
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${INSTALL_FROM} --component development --prefix ${BINARY_DIR}/root
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -S ${PROJECT} -B ${BINARY_DIR}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug
                        -DCMAKE_CXX_COMPILER=${COMPILER} -DPAINTERS_SOURCE_DIR=${SOURCE_DIR}
                        -DCMAKE_PREFIX_PATH=${BINARY_DIR}/root -DCOMPONENTS=${COMPONENTS}
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY_DIR}/build COMMAND_ERROR_IS_FATAL ANY)
file(GLOB programs ${BINARY_DIR}/build/consumer*)
foreach(program IN LISTS programs)
  if(NOT IS_DIRECTORY ${program})
    execute_process(COMMAND ${program} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()

# painters_add_compile_fail_tests(<label> <file>...): code with a mistake, and how the mistake is explained.
#
# A file holds a mistake under #ifdef PAINTERS_MISTAKE and the same code without it in the other branch; its first lines
# say what the user must read, see tests/compile_fail/check_message.sh. There are two tests of each file with the compiler
# at hand and two with the other of g++ and clang++, where that is installed: without the macro the file compiles, so
# nothing else in it is wrong, and with it the message is right. If the file has a function of its own name, that makes
# the mistake at run time, and another test checks what it throws. Files named backend_* need painters::models.
function(painters_add_compile_fail_tests label)
  set(compilers ${CMAKE_CXX_COMPILER})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(other clang++)
    set(version 14)
  else()
    set(other g++)
    set(version 12)
  endif()
  find_program(PAINTERS_OTHER_COMPILER ${other})
  if(PAINTERS_OTHER_COMPILER)
    execute_process(COMMAND ${PAINTERS_OTHER_COMPILER} -dumpversion OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(found VERSION_GREATER_EQUAL version)
      list(APPEND compilers ${PAINTERS_OTHER_COMPILER})
    endif()
  endif()
  set(check bash ${PROJECT_SOURCE_DIR}/tests/compile_fail/check_message.sh)
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME_WE)
    set(include -I${PROJECT_SOURCE_DIR}/include)
    if(name MATCHES "^backend_")
      if(NOT PAINTERS_WITH_MODELS)
        continue()
      endif()
      set(folders $<TARGET_PROPERTY:painters_models,INTERFACE_INCLUDE_DIRECTORIES>)
      list(APPEND include "-I$<JOIN:${folders},$<SEMICOLON>-I>")
    endif()
    foreach(compiler IN LISTS compilers)
      get_filename_component(compiler_name ${compiler} NAME)
      set(compile ${compiler} -std=c++20 -fsyntax-only ${include})
      add_test(NAME "${label}: ${name} compiles without its mistake, ${compiler_name}"
        COMMAND ${compile} ${file} COMMAND_EXPAND_LISTS)
      add_test(NAME "${label}: ${name} is explained by ${compiler_name}"
        COMMAND ${check} ${file} ${compile} -DPAINTERS_MISTAKE ${file} COMMAND_EXPAND_LISTS)
      set_tests_properties("${label}: ${name} compiles without its mistake, ${compiler_name}"
        "${label}: ${name} is explained by ${compiler_name}" PROPERTIES LABELS ${label})
    endforeach()
    file(STRINGS ${file} when_running REGEX "^void ${name}\\(\\)")
    if(when_running)
      list(APPEND sources ${file})
      string(APPEND declarations "void ${name}();\n")
      string(APPEND entries "    {\"${name}\", ${name}},\n")
      add_test(NAME "${label}: ${name} is explained when running" COMMAND ${check} ${file} $<TARGET_FILE:test_${label}> ${name})
      set_tests_properties("${label}: ${name} is explained when running" PROPERTIES LABELS ${label})
    endif()
  endforeach()
  configure_file(${PROJECT_SOURCE_DIR}/tests/compile_fail/when_running.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/${label}.cpp @ONLY)
  add_executable(test_${label} ${CMAKE_CURRENT_BINARY_DIR}/${label}.cpp ${sources})
  target_link_libraries(test_${label} PRIVATE painters_painters)
  target_compile_options(test_${label} PRIVATE -O0)  # without optimisation nothing may remain that only constants need
endfunction()

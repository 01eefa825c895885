# painters_add_compile_fail_tests(<label> <file>...): code that must not compile, for the right reason.
#
# A file holds a mistake under #ifdef PAINTERS_MISTAKE and beside it the same code without the mistake. Two tests
# for each: without the macro it compiles, so that nothing else in it is wrong; with it the compiler's message
# matches the regular expression of the file's line `// expect: ...`.
function(painters_add_compile_fail_tests label)
  set(compile ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -I${PROJECT_SOURCE_DIR}/include)
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME_WE)
    file(STRINGS ${file} expected REGEX "^// expect: ")
    string(REPLACE "// expect: " "" expected "${expected}")
    add_test(NAME "${label}: ${name} compiles without its mistake" COMMAND ${compile} ${file})
    add_test(NAME "${label}: ${name} is explained" COMMAND ${compile} -DPAINTERS_MISTAKE ${file})
    set_tests_properties("${label}: ${name} compiles without its mistake" PROPERTIES LABELS ${label})
    set_tests_properties("${label}: ${name} is explained" PROPERTIES LABELS ${label}
      PASS_REGULAR_EXPRESSION "${expected}")
  endforeach()
endfunction()

# The target `docs` makes the reference pages in <build>/docs/html where Doxygen is installed; a test makes them too and
# allows no warning.
find_program(PAINTERS_DOXYGEN doxygen)
mark_as_advanced(PAINTERS_DOXYGEN)
set(reference_pages ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DDOXYGEN=${PAINTERS_DOXYGEN}
                    -DNAME=${PROJECT_NAME} -DVERSION=${PROJECT_VERSION} -DDESCRIPTION=${PROJECT_DESCRIPTION})
if(PAINTERS_DOXYGEN)
  add_custom_target(docs COMMAND ${reference_pages} -DOUTPUT_DIR=${PROJECT_BINARY_DIR}/docs
                                 -P ${PROJECT_SOURCE_DIR}/cmake/reference_pages.cmake VERBATIM)
endif()
if(PAINTERS_BUILD_TESTS AND NOT PAINTERS_TEST_ROOMS)
  if(PAINTERS_DOXYGEN)
    add_test(NAME "docs: the reference pages have no warnings"
             COMMAND ${reference_pages} -DOUTPUT_DIR=${PROJECT_BINARY_DIR}/tests/docs
                     -P ${PROJECT_SOURCE_DIR}/cmake/reference_pages.cmake)
  else()
    add_test(NAME "docs: the reference pages have no warnings"
             COMMAND ${CMAKE_COMMAND} -E echo "skipped: there is no Doxygen")
  endif()
  set_tests_properties("docs: the reference pages have no warnings" PROPERTIES LABELS docs
    SKIP_REGULAR_EXPRESSION "skipped: ")
endif()

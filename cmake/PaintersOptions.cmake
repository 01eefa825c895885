# Options. Everything that only this project's own developers need is on only when painters is the top project.
option(PAINTERS_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(PAINTERS_BUILD_BENCHMARKS "Build the benchmarks" OFF)
option(PAINTERS_BUILD_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(PAINTERS_BUILD_PROGRAM "Build the command line program painters" ${PROJECT_IS_TOP_LEVEL})
option(PAINTERS_WITH_MODELS "Provide painters::models (needs Eigen, xtensor, fmt, nlohmann-json, PCRE2, utf8proc, sentencepiece, Boost, SQLiteCpp, xxHash)"
       ${PROJECT_IS_TOP_LEVEL})
option(PAINTERS_WITH_ONEDNN "Use oneDNN where it is installed" ON)
option(PAINTERS_NATIVE "Compile the project's own programs for this machine's instruction set" OFF)
set(PAINTERS_SANITIZE "" CACHE STRING "Compile the project's own programs with sanitizers: address,undefined or thread")
option(PAINTERS_WERROR "Treat warnings as errors in the project's own programs" OFF)
option(PAINTERS_INSTALL "Generate the install rules" ${PROJECT_IS_TOP_LEVEL})
set(PAINTERS_DATA_DIR "" CACHE PATH "Folder with the independent data sets and golden numbers that some tests read")
set(PAINTERS_MODEL "" CACHE FILEPATH "The default model's file, for the tests that run it (empty: where set-up keeps it)")

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

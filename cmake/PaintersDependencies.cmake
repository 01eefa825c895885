# What painters::models needs. Each library keeps its own package's target name.
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(xtensor REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Boost REQUIRED)  # headers: Boost.Math
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
set(PAINTERS_MODEL_LIBRARIES Eigen3::Eigen xtensor fmt::fmt nlohmann_json::nlohmann_json Boost::headers
    PkgConfig::PCRE2 PkgConfig::UTF8PROC Threads::Threads OpenMP::OpenMP_CXX)

set(PAINTERS_ONEDNN_FOUND OFF)
if(PAINTERS_WITH_ONEDNN)
  find_package(dnnl CONFIG QUIET)
  if(dnnl_FOUND)
    set(PAINTERS_ONEDNN_FOUND ON)
  else()
    message(STATUS "painters: oneDNN is not installed (Debian: libdnnl-dev); everything runs on the reference backend, slowly")
  endif()
endif()

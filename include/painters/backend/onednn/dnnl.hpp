// oneDNN behind one include: what differs between 2.x and 3.x, and how its errors become ours.
#pragma once

#include <string>

#include <oneapi/dnnl/dnnl.hpp>

#include <painters/error.hpp>

namespace painters::backend::onednn {

/// The version of the library that runs, which may be newer than the headers that were compiled.
inline std::string library_version() {
  const dnnl_version_t& version = *dnnl_version();
  return std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
         std::to_string(version.patch);
}

inline dnnl::matmul::primitive_desc matmul_description(const dnnl::engine& engine,
                                                       const dnnl::memory::desc& src,
                                                       const dnnl::memory::desc& weights,
                                                       const dnnl::memory::desc& dst,
                                                       const dnnl::primitive_attr& attributes) {
#if DNNL_VERSION_MAJOR >= 3
  return {engine, src, weights, dst, attributes};
#else
  return {dnnl::matmul::desc(src, weights, dst), attributes, engine};
#endif
}

/// Runs f and names the operation in the error if oneDNN throws, because its own messages do not.
template <class F>
decltype(auto) checked(const std::string& operation, F&& f) {
  try {
    return f();
  } catch (const dnnl::error& e) {
    throw Error("oneDNN could not do " + operation + ": " + e.what() + " (status " +
                std::to_string(static_cast<int>(e.status)) + ")");
  }
}

}  // namespace painters::backend::onednn

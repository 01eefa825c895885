// The backends that a build has; a program chooses one by name at run time.
//
//   backend::with_built_in({.backend = "onednn"}, [&](auto row) {
//     auto backend = backend::make<typename decltype(row)::Backend>({.weights = 1 << 30});
//     const models::CausalLm model(path, backend);
//   });
//
// This header only declares the types; code that makes a backend includes that backend's header,
// too. built_in_all.hpp includes the headers of all, default.hpp that of the default. A program can
// thus have a translation unit for each backend and compile them side by side.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <painters/error.hpp>
#include <painters/joined.hpp>
#ifdef PAINTERS_HAS_ONEDNN
#include <painters/backend/onednn/isa.hpp>
#endif

namespace painters::backend {

class Reference;
#ifdef PAINTERS_HAS_ONEDNN
inline namespace PAINTERS_ISA {
class OneDnn;
}
#endif

/// A row of the table: a backend, and what users call it and its precisions.
template <class B, std::size_t Precisions = 1>
struct BuiltIn {
  using Backend = B;                                           // see make()
  std::string_view name;                                       // of the backend
  std::array<std::string_view, Precisions> precisions{"f32"};  // the default first
};

/// All backends of this build, the default first. A backend is built in if its target
/// (painters::onednn) is linked; all translation units of a program that use this table must agree
/// on that.
inline constexpr std::tuple built_in{
#ifdef PAINTERS_HAS_ONEDNN
    BuiltIn<OneDnn>{"onednn"},
#endif
    BuiltIn<Reference>{"reference"}};

/// The backend that is used where nobody chooses one.
using Default = std::tuple_element_t<0, std::remove_const_t<decltype(built_in)>>::Backend;

/// A user's choice; an empty name stands for the default.
struct Choice {
  std::string backend;    // a name in the table
  std::string precision;  // one that the backend has
};

/// What a backend may use; one that has no use for something ignores it.
struct Resources {
  /// As many bytes as there are. Memory is in bytes.
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
  std::size_t weights = no_limit;  // for weights in f32
  std::size_t file = no_limit;     // of the other weights' file, kept in the system's memory
  std::size_t threads = 0;         // that compute; 0: as many as OpenMP would use
};

/// The names of all backends, in the order of the table.
inline std::array<std::string_view, std::tuple_size_v<decltype(built_in)>> built_in_names() {
  return std::apply([](const auto&... rows) { return std::array{rows.name...}; }, built_in);
}

namespace detail {

/// For messages: "onednn or reference".
template <class Names>
std::string alternatives(const Names& names) {
  return joined(names, " or ", [](std::string_view name) { return name; });
}

template <std::size_t I, class F>
auto with_row(const Choice& choice, const F& f) {
  const auto& row = std::get<I>(built_in);
  if constexpr (I + 1 < std::tuple_size_v<decltype(built_in)>)
    if (!choice.backend.empty() && choice.backend != row.name) return with_row<I + 1>(choice, f);
  if (!choice.precision.empty() && std::find(row.precisions.begin(), row.precisions.end(),
                                             choice.precision) == row.precisions.end())
    throw UsageError("expected a precision that the backend " + std::string(row.name) + " has, " +
                     alternatives(row.precisions) + ", found \"" + choice.precision + "\"");
  return f(row);
}

}  // namespace detail

/// Calls f with the row of the chosen backend and returns its result, which must have the same type
/// for all rows. Throws UsageError for a backend or a precision that this build does not have.
template <class F>
auto with_built_in(const Choice& choice, const F& f) {
  const auto names = built_in_names();
  if (!choice.backend.empty() &&
      std::find(names.begin(), names.end(), choice.backend) == names.end())
    throw UsageError("expected a backend that this build has, " + detail::alternatives(names) +
                     ", found \"" + choice.backend + "\"");
  return detail::with_row<0>(choice, f);
}

/// Makes a backend, with the resources if its constructor takes weights, file and threads, else by
/// default; its header must be included.
template <class B>
B make(const Resources& resources) {
  if constexpr (std::constructible_from<B, std::size_t, std::size_t, std::size_t>)
    return B(resources.weights, resources.file, resources.threads);
  else
    return B();
}

}  // namespace painters::backend

// Finds states whose copies share their values, where the type does not give them away (see
// view.hpp): a run of a build without NDEBUG writes to its first copy and looks whether the
// original has changed. With NDEBUG, or PAINTERS_CHECK_COPIES defined as 0, nothing is done.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <painters/error.hpp>
#include <painters/pipeline/dot.hpp>
#include <painters/pipeline/shape.hpp>
#include <painters/pipeline/state.hpp>

#ifndef PAINTERS_CHECK_COPIES
#ifdef NDEBUG
#define PAINTERS_CHECK_COPIES 0
#else
/// Whether runs look at their first copy; may be defined by whoever compiles.
#define PAINTERS_CHECK_COPIES 1
#endif
#endif

namespace painters::pipeline_detail {

enum class Copies { deep, shared, unknown };  // unknown: there is no value to tell by

/// Judges by the inner product, where a state has one.
template <class S>
Copies copies_by_dot(const S& x) {
  const double before = painters::dot(x, x);
  if (!(before > 0) || !__builtin_isfinite(before)) return Copies::unknown;
  S copy = x;
  painters::scale(copy, 0.5);
  if (painters::dot(x, x) == before) return Copies::deep;
  painters::scale(copy, 2);  // restores x
  return Copies::shared;
}

/// Judges by what is stored in the object itself. A copy that has the pointers of the original and
/// does not change when it is scaled, by NaN at last so that zeros change too, has its values
/// behind these pointers, where the original has them.
template <class S>
Copies copies_by_pointers(const S& x) {
  constexpr std::size_t words = sizeof(S) / sizeof(std::uintptr_t);
  S copy = x;
  bool has_pointers = false;
  for (std::size_t i = 0; i < words; ++i) {
    std::uintptr_t word[2]{};
    for (const S* state : {&x, &static_cast<const S&>(copy)}) {
      const auto* bytes = reinterpret_cast<const unsigned char*>(state);
      __builtin_memcpy(&word[state != &x], bytes + i * sizeof word[0], sizeof word[0]);
    }
    // Neither a small number nor, on 64 bits, one that no user's address has.
    const auto is_pointer = [](std::uintptr_t w) {
      return w >= 0x10000 && w % alignof(float) == 0 && (w >> (sizeof w > 4 ? 47 : 31) >> 1) == 0;
    };
    if (word[0] == word[1])
      has_pointers = has_pointers || is_pointer(word[0]);
    else if (is_pointer(word[0]) || is_pointer(word[1]))
      return Copies::deep;  // memory of its own
  }
  if (!has_pointers) return Copies::deep;
  for (const double factor : {0.5, __builtin_nan("")}) {
    unsigned char before[sizeof(S)];
    __builtin_memcpy(before, &copy, sizeof copy);
    painters::scale(copy, factor);
    if (__builtin_memcmp(before, &copy, sizeof copy) != 0) return Copies::deep;
  }
  return Copies::shared;
}

/// Whether a copy of x is deep: false if that cannot be told yet. Throws UsageError if it is not.
/// Then the values of x are lost.
template <class S>
bool require_deep_copies(const S& x) {
  if constexpr (std::floating_point<S> || requires { typename S::allocator_type; }) {
    return true;
  } else {
    if constexpr (HasSize<S>)
      if (x.size() == 0) return false;
    Copies found = Copies::unknown;
    if constexpr (can_dot<S>())
      found = copies_by_dot(x);
    else
      found = copies_by_pointers(x);
    if (found == Copies::shared)
      throw UsageError(
          "a copy of the state was expected to own its values, found that writing to the copy "
          "changes the original, as with a view: run plans over a type whose copies are deep");
    return found == Copies::deep;
  }
}

}  // namespace painters::pipeline_detail

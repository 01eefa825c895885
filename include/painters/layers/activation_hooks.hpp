// Hooks on the values within blocks: which ones, and what is done with them.
//
//   ActivationHooks hooks;
//   hooks.change(HookPoint::z, {.layers = {5}}, [](const HookedValues& z) {
//     fill(z.head(3), 0);  // head 3 of layer 5 says nothing
//   });
//   std::vector<KeptValues> patterns;
//   hooks.keep(HookPoint::pattern, {.texts = {0}}, patterns);
//
// They are the host's f32 values whatever the backend, and come text by text in the order of the
// calls. Functions are called by the thread that runs the plan, those of one point in the order in
// which they were added.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

/// The values of one text, or of one of its tokens, at a point of a call; T is const for those that
/// are only read. They last as long as the function that is given them.
template <class T>
struct BasicHookedValues {
  HookPoint point;                // where
  CallSite call;                  // its layer, and its number among the calls of the plan
  std::size_t text;               // by its number among the texts that run
  std::size_t position;           // in the text, of the first row
  std::size_t heads;              // the columns are divided into; 1 where there are none
  tensor::BasicMatrix<T> values;  // see HookPoint for their shape

  /// The columns of one head: [tokens, head_dim], of the pattern [queries, keys]. `number` must be
  /// less than `heads`.
  tensor::BasicMatrix<T> head(std::size_t number) const {
    const std::size_t size = values.cols / heads;
    return values.middle_cols(number * size, size);
  }
};
using HookedValues = BasicHookedValues<float>;             // may be changed
using ConstHookedValues = BasicHookedValues<const float>;  // may not

/// A copy of what a hook saw.
struct KeptValues {
  HookPoint point;        // as in BasicHookedValues
  CallSite call;          // likewise
  std::size_t text;       // likewise
  std::size_t position;   // likewise
  std::size_t heads;      // likewise
  tensor::Buffer values;  // likewise

  /// As BasicHookedValues::head.
  tensor::ConstMatrix head(std::size_t number) const {
    const std::size_t size = values.cols() / heads;
    return values.view().middle_cols(number * size, size);
  }
};

/// What a hook is for. An empty list stands for all.
struct HookFilter {
  std::vector<std::size_t> layers = {};  // by number
  std::vector<std::size_t> calls = {};   // by CallSite::number
  std::vector<std::size_t> texts = {};   // by their number among those that run
  /// Tokens of a text, -1 the last; the hook is then called for each by itself, with one row. Texts
  /// that are shorter are left out.
  std::vector<std::ptrdiff_t> positions = {};
};

/// One hook.
struct ActivationHook {
  HookPoint point;                                    // where
  HookFilter filter;                                  // which
  std::function<void(const ConstHookedValues&)> see;  // exactly one of these two is there
  std::function<void(const HookedValues&)> change;    // see above
};

/// Any number of hooks. A function that is empty is refused with UsageError.
class ActivationHooks {
 public:
  /// `see` is shown the values.
  ActivationHooks& read(HookPoint point, HookFilter filter,
                        std::function<void(const ConstHookedValues&)> see) {
    if (!see) throw_empty(point);
    hooks_.push_back({point, std::move(filter), std::move(see), {}});
    return *this;
  }
  /// `change` may change the values in place; the run goes on with what it leaves.
  ActivationHooks& change(HookPoint point, HookFilter filter,
                          std::function<void(const HookedValues&)> change) {
    if (!change) throw_empty(point);
    hooks_.push_back({point, std::move(filter), {}, std::move(change)});
    return *this;
  }
  /// Copies of the values are added to `kept`, which must outlive the runs.
  ActivationHooks& keep(HookPoint point, HookFilter filter, std::vector<KeptValues>& kept) {
    return read(point, std::move(filter), [&kept](const ConstHookedValues& seen) {
      tensor::Buffer values(seen.values.rows, seen.values.cols);
      tensor::copy(seen.values, values.view());
      kept.push_back(
          {seen.point, seen.call, seen.text, seen.position, seen.heads, std::move(values)});
    });
  }

  /// Those for one text of many, which is number 0 where it runs by itself, with the number that it
  /// has among all. Throws UsageError for a hook on a text that is not there.
  ActivationHooks of_text(std::size_t text, std::size_t texts) const {
    check(no_limit, no_limit, texts);
    ActivationHooks own;
    for (const ActivationHook& hook : hooks_) {
      const auto& wanted = hook.filter.texts;
      if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), text) == wanted.end())
        continue;
      ActivationHook one = hook;
      one.filter.texts.clear();
      const auto numbered = [text](const auto& f) {
        return [text, f](auto values) {
          values.text = text;
          f(values);
        };
      };
      if (hook.change)
        one.change = numbered(hook.change);
      else
        one.see = numbered(hook.see);
      own.hooks_.push_back(std::move(one));
    }
    return own;
  }

  /// Throws UsageError for a filter that nothing can meet where there are so many layers, calls of
  /// a plan and texts: a mistyped number must not silence a hook.
  void check(std::size_t layers, std::size_t calls = no_limit, std::size_t texts = no_limit) const {
    for (const ActivationHook& hook : hooks_) {
      require(hook.point, "layer", hook.filter.layers, layers);
      require(hook.point, "call", hook.filter.calls, calls);
      require(hook.point, "text", hook.filter.texts, texts);
    }
  }

  /// All of them, in the order in which they were added.
  std::span<const ActivationHook> all() const { return hooks_; }
  /// Whether there are none.
  bool empty() const { return hooks_.empty(); }

 private:
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  [[noreturn]] static void throw_empty(HookPoint point) {
    throw UsageError("expected a function for the hook at " + std::string(name(point)) +
                     ", found an empty one");
  }

  static void require(HookPoint point, const char* what, const std::vector<std::size_t>& numbers,
                      std::size_t end) {
    for (const std::size_t number : numbers)
      if (number >= end)
        throw UsageError("expected a hook at " + std::string(name(point)) + " of " + what +
                         "s below " + std::to_string(end) +
                         ", as many as there are, found one of " + what + " " +
                         std::to_string(number));
  }

  std::vector<ActivationHook> hooks_;
};

}  // namespace painters::layers

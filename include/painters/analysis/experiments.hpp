// The paper's experiments as a list of values, for a model of any depth.
//
// T layers, start layer s: layers 0..s and T-s..T-1 run as they are, the window s+1..T-s-1 of M =
// T - 2s - 1 layers is changed (the authors' code; the paper's text differs from it in places).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <painters/analysis/method.hpp>
#include <painters/plan/paper.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/sequence.hpp>

namespace painters::analysis {

/// How often the paper loops its looped parallel variant in figures 9 and 11.
inline constexpr std::size_t loops = 3;

/// The one task of figure 2.
inline constexpr std::string_view single_layer_task = "lambada_openai";

/// One plan of the paper, by what it is made of.
struct Experiment {
  Method method = Method::baseline;  // what is changed
  std::size_t start = 0;     // the start layer of a window; of a single layer its number; else 0
  std::size_t affected = 0;  // layers of the window, M; 1 or 2 for single layers
  std::uint64_t seed = 0;    // random order only
  std::string plan;  // in the text form; experiments that come to the same have the same plan
};

/// Whether the paper runs the method on that task.
inline bool runs_on(Method method, std::string_view task) {
  return method == Method::baseline || changes_window(method) || task == single_layer_task;
}

/// Which windows, seeds and single layers are run.
struct Selection {
  std::vector<std::size_t> starts;   // start layers of windows
  std::vector<std::uint64_t> seeds;  // of random order
  std::vector<std::size_t> single;   // layers that are changed by themselves
};

/// Every start layer, ten seeds and every single layer: the paper's figures.
inline Selection full_selection(std::size_t layers) {
  Selection selection;
  for (std::size_t start = 0; 2 * start + 1 < layers; ++start) selection.starts.push_back(start);
  for (std::uint64_t seed = 0; seed < 10; ++seed) selection.seeds.push_back(seed);
  for (std::size_t layer = 0; layer < layers; ++layer) selection.single.push_back(layer);
  return selection;
}

/// Every second window, from the smallest on, two seeds and every single layer.
inline Selection quick_selection(std::size_t layers) {
  const Selection full = full_selection(layers);
  Selection selection{.starts = {}, .seeds = {0, 1}, .single = full.single};
  for (std::size_t i = full.starts.size(); i > 0; i -= i > 1 ? 2 : 1)
    selection.starts.push_back(full.starts[i - 1]);
  return selection;
}

namespace detail {

inline Plan plan_of(Method method, std::size_t layers, std::size_t start, std::uint64_t seed) {
  const Plan all = Sequence{layers};
  switch (method) {
    case Method::baseline:
      return all;
    case Method::skip_one:
      return all | paper::skip_one(start);
    case Method::switch_two:
      return all | paper::switch_two(start);
    case Method::skip:
      return all | paper::skip(start);
    case Method::middle_repeat:
      return all | paper::middle_repeat(start);
    case Method::reverse:
      return all | paper::reverse(start);
    case Method::random:
      return all | paper::random(start, seed);
    case Method::parallel:
      return all | paper::looped_parallel(start, 1);
    case Method::looped_parallel:
      return all | paper::looped_parallel(start, loops);
  }
  return all;
}

/// The numbers 0..count-1 so that every beginning of the list is spread over all of them: both
/// ends, then the middles of the largest gaps.
inline std::vector<std::size_t> coarse_to_fine(std::size_t count) {
  std::vector<std::size_t> order;
  std::vector<bool> taken(count);
  const auto take = [&](std::size_t i) {
    if (!taken[i]) order.push_back(i);
    taken[i] = true;
  };
  if (count > 0) take(0), take(count - 1);
  for (std::size_t parts = 2; order.size() < count; parts *= 2)
    for (std::size_t i = 1; i < parts; i += 2) take(i * (count - 1) / parts);
  return order;
}

}  // namespace detail

/// All experiments in an order that makes the most of a run that is interrupted: the full model
/// first, then windows and single layers from coarse to fine, all methods of a window together.
inline std::vector<Experiment> experiments(std::size_t layers, const Selection& selection) {
  std::vector<Experiment> list;
  const auto add = [&](Method method, std::size_t start, std::size_t affected,
                       std::uint64_t seed = 0) {
    list.push_back(
        {method, start, affected, seed, to_string(detail::plan_of(method, layers, start, seed))});
  };
  add(Method::baseline, 0, 0);

  const std::vector<std::size_t> windows = detail::coarse_to_fine(selection.starts.size());
  const std::vector<std::size_t> single = detail::coarse_to_fine(selection.single.size());
  const std::size_t rounds = std::max<std::size_t>(windows.size(), 1);
  std::size_t done = 0;  // single layers go along with the windows
  for (std::size_t i = 0; i < rounds; ++i) {
    if (i < windows.size()) {
      const std::size_t start = selection.starts[windows[i]];
      const std::size_t affected = layers - 2 * start - 1;
      for (Method method : window_methods) {
        if (method == Method::random) {
          for (std::uint64_t seed : selection.seeds) add(method, start, affected, seed);
        } else {
          add(method, start, affected);
        }
      }
    }
    for (; done < single.size() * (i + 1) / rounds; ++done) {
      const std::size_t layer = selection.single[single[done]];
      add(Method::skip_one, layer, 1);
      if (layer + 1 < layers) add(Method::switch_two, layer, 2);
    }
  }
  return list;
}

}  // namespace painters::analysis

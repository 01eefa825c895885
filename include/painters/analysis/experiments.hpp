// The paper's experiments as a list of values, for a model of any depth. Their windows are those of
// the authors' code, from which the paper's text differs in places; see plan/window.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <painters/analysis/variant.hpp>
#include <painters/plan/paper_methods.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/window.hpp>
#include <painters/tasks/tasks.hpp>

namespace painters::analysis {

/// The task on which the paper changes single layers (figure 2).
inline constexpr const tasks::Task& single_layer_task =
    **std::find_if(tasks::all_tasks.begin(), tasks::all_tasks.end(),
                   [](const tasks::Task* task) { return task->in_paper == tasks::InPaper::all; });

/// One plan of the paper, by what it is made of.
struct Experiment {
  Variant variant = Variant::baseline;  // what is changed
  std::size_t start = 0;     // the start layer of a window; of a single layer its number; else 0
  std::size_t affected = 0;  // layers of the window, M; 1 or 2 for single layers
  std::uint64_t seed = 0;    // of variants that have seeds
  std::string plan;          // in the text form; experiments can share a plan
};

/// Whether the paper runs the variant on that task: single layers are changed on one only.
constexpr bool runs_on(Variant variant, std::string_view task) {
  if (variant == Variant::baseline || about(variant).changes_window()) return true;
  return task == single_layer_task.name;
}

/// Which windows, seeds and single layers are run.
struct Selection {
  std::vector<std::uint64_t> starts;  // start layers of windows
  std::vector<std::uint64_t> seeds;   // of variants that have seeds
  std::vector<std::uint64_t> single;  // layers that are changed by themselves
};

/// Every start layer, seed and single layer of the paper's figures.
inline Selection full_selection(std::size_t layers) {
  return {figure_values(paper::arguments::start, layers),
          figure_values(paper::arguments::seed, layers),
          figure_values(paper::arguments::layer, layers)};
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

/// The numbers 0..count-1 in an order of which every beginning is spread over all of them: both
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
/// first, then windows and single layers from coarse to fine, all variants of a window together.
inline std::vector<Experiment> experiments(std::size_t layers, const Selection& selection) {
  std::vector<Experiment> list;
  const auto add = [&](Variant variant, std::size_t start, std::size_t affected,
                       std::uint64_t seed = 0) {
    const VariantRow& row = about(variant);
    list.push_back({variant, start, affected, seed,
                    to_string(plan_of(row.method(), layers, row.values(start, seed)))});
  };
  add(Variant::baseline, 0, 0);

  const std::vector<std::size_t> windows = detail::coarse_to_fine(selection.starts.size());
  const std::vector<std::size_t> single = detail::coarse_to_fine(selection.single.size());
  const std::size_t rounds = std::max<std::size_t>(windows.size(), 1);
  std::size_t done = 0;  // single layers go along with the windows
  for (std::size_t i = 0; i < rounds; ++i) {
    if (i < windows.size()) {
      const std::size_t start = selection.starts[windows[i]];
      const std::size_t affected = paper_window(layers, start).count;
      for (Variant variant : window_variants) {
        if (about(variant).has_seeds()) {
          for (std::uint64_t seed : selection.seeds) add(variant, start, affected, seed);
        } else {
          add(variant, start, affected);
        }
      }
    }
    for (; done < single.size() * (i + 1) / rounds; ++done) {
      const std::size_t layer = selection.single[single[done]];
      for (Variant variant : layer_variants)
        if (layer < about(variant).method().arguments[0].count(layers))
          add(variant, layer, about(variant).affected);
    }
  }
  return list;
}

}  // namespace painters::analysis

// Why a result is no number: a damaged weight, or a plan whose states grow without end.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <painters/error.hpp>
#include <painters/formats/damaged_weights.hpp>
#include <painters/models/model_file.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::engine {

/// Whether no element is NaN or infinite.
inline bool is_finite(tensor::ConstMatrix x) {
  for (std::size_t r = 0; r < x.rows; ++r)
    if (!std::all_of(x.row(r), x.row(r) + x.cols, [](float v) { return std::isfinite(v); }))
      return false;
  return true;
}

namespace detail {

/// Remembers the first call whose result is not finite.
struct FirstNotFinite {
  std::optional<std::uint32_t> layer;
  template <class State>
  void after_call(const CallSite& site, const State& x) {
    if (!layer && !is_finite(x.values())) layer = site.layer;
  }
};

/// Whether a tensor's name has `number` between stops: "blk.3.attn_q.weight"; without one, whether
/// it has no number there, as those of embedding and head.
inline bool is_of_layer(std::string_view name, std::optional<std::uint32_t> number) {
  bool has_number = false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string_view word = name.substr(begin, end - begin);
    if (number && word == std::to_string(*number)) return true;
    has_number =
        has_number ||
        (!word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; }));
    begin = end + 1;
  }
  return !number && !has_number;
}

}  // namespace detail

/// For a text whose results under a plan are no numbers. Runs it again from `x`, its embedded
/// tokens, finds where its states first are none, and throws Error if a weight there is NaN or
/// infinite, with its tensor's name. Comes back if all weights are numbers: then the plan makes
/// states grow beyond what f32 holds. `path`: the model's.
template <class Model>
void refuse_damaged_weights(const Model& model, const std::filesystem::path& path, PlanView plan,
                            typename Model::State x) {
  detail::FirstNotFinite first;
  if (is_finite(std::as_const(x).values())) run(plan, model.layers(), x, first);
  const models::ModelFile file = models::ModelFile::open(path);
  const auto place = formats::place_not_finite(file.tensors(), [&](std::string_view name) {
    return detail::is_of_layer(name, first.layer);
  });
  if (place)
    throw Error("expected weights that are numbers in " + path.string() +
                ", found NaN or infinity in " + *place + "; fetch the model again" +
                (first.layer ? ", or leave layer " + std::to_string(*first.layer) + " out" : ""));
}

}  // namespace painters::engine

// Tells why a result is not a number: a weight is damaged, or the plan makes states grow without
// bound.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <painters/error.hpp>
#include <painters/formats/not_finite.hpp>
#include <painters/models/model_file.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/node.hpp>

namespace painters::engine {

namespace detail {

/// Remembers the first call whose result is not finite.
struct FirstNotFinite {
  std::optional<std::uint32_t> layer;
  template <class State>
  void after_call(const CallSite& site, const State& x) {
    if (!layer && !x.backend().is_finite(x.values())) layer = site.layer;
  }
};

/// Whether a tensor's name has `number` between dots, as in "blk.3.attn_q.weight"; without a
/// number, whether the name has none there, like those of the embedding and the head.
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

/// For a text whose results under a plan are not numbers. Runs it again from `x`, its embedded
/// tokens, finds where its states first are not finite, and throws Error with the tensor's name if
/// a weight there is NaN or infinite. Returns if all weights there are numbers: then the plan makes
/// states grow beyond what f32 holds. `path`: the model's.
template <class Model>
void refuse_damaged_weights(const Model& model, const std::filesystem::path& path, PlanView plan,
                            typename Model::State x) {
  detail::FirstNotFinite first;
  if (model.backend().is_finite(std::as_const(x).values())) run(plan, model.layers(), x, first);
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

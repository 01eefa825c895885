// Every family against Hugging Face's transformers, on models whose weights follow from a formula.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/engine/logits.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/plan/sequence.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/doubles.hpp"
#include "support/model_parts.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using nlohmann::json;

namespace {

/// As support/make_family_logits.py defines it.
std::vector<float> elements(std::uint32_t tensor, std::size_t count, bool is_norm) {
  std::vector<float> values;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t x = i * 2654435761u + tensor * 40503u + 1u;
    x ^= x >> 16;
    x *= 0x45d9f3bu;
    x ^= x >> 16;
    const int k = static_cast<int>(x % 2001u) - 1000;
    values.push_back(static_cast<float>(k) / 2048 + (is_norm ? 1.0f : 0.0f));
  }
  return values;
}

support::HuggingFaceParts parts_of(const json& model, const json& config) {
  support::HuggingFaceParts parts;
  parts.config = config;
  std::uint32_t t = 0;
  for (const json& tensor : model["tensors"]) {
    const auto name = tensor[0].get<std::string>();
    const auto shape = tensor[1].get<std::vector<std::size_t>>();
    const bool is_norm = shape.size() == 1 && name.ends_with("weight");
    parts.add(name, elements(t++, shape[0] * (shape.size() == 1 ? 1 : shape[1]), is_norm));
    parts.tensors[name].shape = shape;
  }
  return parts;
}

support::Doubles doubles(const json& rows) {
  support::Doubles all(rows.size(), rows[0].size());
  for (std::size_t r = 0; r < all.rows; ++r)
    for (std::size_t c = 0; c < all.cols; ++c) all(r, c) = rows[r][c].get<double>();
  return all;
}

json all_models() {
  std::ifstream file(support::source_folder() / "tests/data/family_logits.json");
  return json::parse(file);
}

}  // namespace

TEMPLATE_TEST_CASE("every family gives transformers' logits", "[models][families]",
                   PAINTERS_TEST_BACKENDS) {
  const json all = all_models();
  CHECK(all.size() >= 10);
  const support::TemporaryFolder folder;
  TestType backend;
  for (const json& one : all) {
    const support::Doubles exact = doubles(one["logits"]);
    CHECK(support::largest(exact) > 1);
    for (const char* config : {"config", "saved"}) {
      CAPTURE(one[config].dump());
      parts_of(one, one[config]).write(folder.path() / "model");
      const models::CausalLm<TestType> model(folder.path() / "model", backend);
      const tensor::Buffer logits = engine::logits(
          model, Sequence<2>{}, one["tokens"].get<text::Tokens>(), [](tensor::ConstMatrix) {});
      CHECK(support::distance(logits.view(), exact) < 2e-5);
    }
  }
}

TEMPLATE_TEST_CASE("hooks see transformers' values within the layers of every family",
                   "[models][families][hooks]", PAINTERS_TEST_BACKENDS) {
  const json all = all_models();
  const support::TemporaryFolder folder;
  TestType backend;
  for (const json& one : all) {
    CAPTURE(one["config"].dump());
    parts_of(one, one["saved"]).write(folder.path() / "model");
    const models::CausalLm<TestType> model(folder.path() / "model", backend);
    const json& expected = one["activations"];
    layers::ActivationHooks hooks;
    std::vector<layers::KeptValues> kept;
    std::size_t points = 0;
    for (std::size_t i = 0; i < layers::hook_point_names.size(); ++i)
      if (expected.contains(layers::hook_point_names[i])) {
        hooks.keep(static_cast<layers::HookPoint>(i), {.layers = {1}, .positions = {-2, -1}}, kept);
        ++points;
      }
    CHECK(points == expected.size());
    engine::logits(
        model, Sequence<2>{}, one["tokens"].get<text::Tokens>(), [](tensor::ConstMatrix) {},
        &hooks);
    REQUIRE(kept.size() == 2 * points);
    for (const layers::KeptValues& at : kept) {
      const support::Doubles rows = doubles(expected[std::string(layers::name(at.point))]);
      support::Doubles row(1, rows.cols);
      const std::size_t last = one["tokens"].size() - 1;
      for (std::size_t c = 0; c < rows.cols; ++c) row(0, c) = rows(at.position == last ? 1 : 0, c);
      CAPTURE(layers::name(at.point), at.position);
      CHECK(support::distance(at.values.view(), row) < 1e-5);
    }
  }
}

// Every family against Hugging Face's transformers, on models whose weights follow from a formula.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/engine/logits.hpp>
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

}  // namespace

TEMPLATE_TEST_CASE("every family gives transformers' logits", "[models][families]",
                   PAINTERS_TEST_BACKENDS) {
  std::ifstream file(support::source_folder() / "tests/data/family_logits.json");
  const json all = json::parse(file);
  CHECK(all.size() >= 10);
  const support::TemporaryFolder folder;
  TestType backend;
  for (const json& one : all) {
    const json& expected = one["logits"];
    support::Doubles exact(expected.size(), expected[0].size());
    for (std::size_t r = 0; r < exact.rows; ++r)
      for (std::size_t c = 0; c < exact.cols; ++c) exact(r, c) = expected[r][c].get<double>();
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

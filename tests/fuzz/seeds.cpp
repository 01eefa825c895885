// Writes the first inputs of the fuzzers: fuzz_seeds FOLDER makes a folder in it for each of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sentencepiece_trainer.h>

#include <painters/tensor/element_type.hpp>
#include <painters/tensor/npy.hpp>
#include <painters/text/byte_alphabet.hpp>
#include <painters/text/character_bpe.hpp>

#include "support/gguf_writer.hpp"
#include "support/safetensors_writer.hpp"

using namespace std::string_literals;
using support::GgufWriter;
using support::SafetensorsWriter;

namespace {

std::filesystem::path folder;

std::filesystem::path path_of(const std::string& fuzzer) {
  static std::size_t number = 0;
  std::filesystem::create_directories(folder / fuzzer);
  return folder / fuzzer / std::to_string(number++);
}
void write(const std::string& fuzzer, std::string_view bytes) {
  std::ofstream(path_of(fuzzer), std::ios::binary) << bytes;
}

void gguf() {
  GgufWriter types;
  for (const auto type : painters::tensor::element_types) {
    const auto t = painters::tensor::traits(type);
    types.tensor(std::string(t.name), GgufWriter::number(type), {2, t.block_elements},
                 std::string(2 * t.block_bytes, '\x35'));
  }
  write("gguf", types.bytes());
  write("gguf", GgufWriter()
                    .metadata("general.architecture", "llama"s)
                    .metadata("general.alignment", std::uint32_t{32})
                    .metadata("i8", std::int8_t{-1})
                    .metadata("u64", std::uint64_t{1} << 40)
                    .metadata("f32", 1.5f)
                    .metadata("f64", 1e300)
                    .metadata("bool", true)
                    .metadata("numbers", std::vector<std::int32_t>{1, -2, 3})
                    .metadata("texts", std::vector<std::string>{"a", "", "bc"})
                    .metadata("nested", std::vector<std::vector<std::string>>{{"a"}, {}})
                    .tensor("v", {3}, std::vector<float>{1, 2, 3})
                    .tensor("future", 99, {5, 7}, "?")
                    .bytes());
}

void safetensors() {
  const std::string shard = SafetensorsWriter()
                                .tensor("a", {1, 2}, std::vector<float>{1, 2})
                                .tensor("b", "BF16", {3}, std::string(6, '\1'))
                                .tensor("ids", "I64", {0, 1}, "")
                                .bytes();
  write("safetensors",
        R"({"metadata": {}, "weight_map": {"a": "a.safetensors", "b": "a.safetensors"}})" + "\0"s +
            shard);
  write("safetensors",
        "\0"s + SafetensorsWriter::file(R"({"__metadata__": {"format": "pt"}})", ""));
}

/// Tensors of a layer and a vocabulary of five, all 0: names and shapes.
template <class Writer>
Writer zeros(const std::vector<std::pair<std::string, std::vector<std::size_t>>>& shapes,
             Writer writer = {}) {
  for (const auto& [name, shape] : shapes) {
    std::size_t elements = 1;
    for (const std::size_t n : shape) elements *= n;
    writer.tensor(name, shape, std::vector<float>(elements));
  }
  return writer;
}

void json() {
  const std::string at = "model.layers.0.";
  write("json",
        R"({"model_type": "llama", "num_hidden_layers": 1, "hidden_size": 8,
    "intermediate_size": 12, "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 5,
    "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 1e4, "head_dim": 2,
    "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
      "high_freq_factor": 4.0, "original_max_position_embeddings": 32},
    "attention_bias": false, "mlp_bias": false, "hidden_act": "silu", "tie_word_embeddings": true})"
        "\0"s +
            zeros<SafetensorsWriter>({{"model.embed_tokens.weight", {5, 8}},
                                      {at + "input_layernorm.weight", {8}},
                                      {at + "self_attn.q_proj.weight", {8, 8}},
                                      {at + "self_attn.k_proj.weight", {4, 8}},
                                      {at + "self_attn.v_proj.weight", {4, 8}},
                                      {at + "mlp.down_proj.weight", {8, 12}}})
                .bytes());
  const std::string neox = "gpt_neox.layers.0.";
  write("json",
        R"({"model_type": "gpt_neox", "num_hidden_layers": 1, "hidden_size": 8,
    "intermediate_size": 12, "num_attention_heads": 2, "vocab_size": 5, "layer_norm_eps": 1e-5,
    "max_position_embeddings": 64, "rotary_pct": 0.5, "rotary_emb_base": 10000,
    "use_parallel_residual": true, "hidden_act": "gelu", "tie_word_embeddings": false})"
        "\0"s +
            zeros<SafetensorsWriter>({{"gpt_neox.embed_in.weight", {5, 8}},
                                      {"embed_out.weight", {5, 8}},
                                      {neox + "input_layernorm.weight", {8}},
                                      {neox + "input_layernorm.bias", {8}},
                                      {neox + "attention.query_key_value.weight", {24, 8}},
                                      {neox + "attention.query_key_value.bias", {24}},
                                      {neox + "mlp.dense_4h_to_h.weight", {8, 12}},
                                      {neox + "mlp.dense_4h_to_h.bias", {8}}})
                .bytes());
  const std::string bert = "bert.encoder.layer.0.attention.self.";
  write("json",
        R"({"model_type": "bert", "architectures": ["BertForSequenceClassification"],
    "num_hidden_layers": 1, "hidden_size": 8, "intermediate_size": 12, "num_attention_heads": 2,
    "vocab_size": 5, "type_vocab_size": 2, "max_position_embeddings": 16, "layer_norm_eps": 1e-12,
    "hidden_act": "gelu", "id2label": {"0": "no", "1": "yes"}, "num_labels": 2,
    "problem_type": "single_label_classification", "position_embedding_type": "absolute"})"
        "\0"s +
            zeros<SafetensorsWriter>({{"bert.embeddings.word_embeddings.weight", {5, 8}},
                                      {"bert.embeddings.position_embeddings.weight", {16, 8}},
                                      {"bert.embeddings.LayerNorm.gamma", {8}},
                                      {"bert.embeddings.LayerNorm.beta", {8}},
                                      {bert + "query.weight", {8, 8}},
                                      {bert + "query.bias", {8}},
                                      {bert + "key.weight", {8, 8}},
                                      {bert + "key.bias", {8}},
                                      {bert + "value.weight", {8, 8}},
                                      {bert + "value.bias", {8}},
                                      {"bert.pooler.dense.weight", {8, 8}},
                                      {"classifier.weight", {2, 8}},
                                      {"classifier.bias", {2}}})
                .bytes());
  for (const char* family : {"mistral", "qwen2", "qwen3"})
    write("json", R"({"model_type": ")"s + family +
                      R"(", "num_hidden_layers": 4, "hidden_size": 8,
    "intermediate_size": 12, "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 5,
    "sliding_window": 4, "use_sliding_window": true, "max_window_layers": 2,
    "layer_types": ["full_attention", "sliding_attention"], "rope_scaling": null,
    "rope_parameters": {"rope_type": "linear", "factor": 2, "rope_theta": 1e6}})"
                      "\0"s +
                      SafetensorsWriter().bytes());
  write("json", R"({"list": [[1, 2], ["a", -3, 1.5, true]], "text": "\ud83c\udfa8 \u00e9"})");
}

/// A layer of Llama, GPT-NeoX and BERT in GGUF.
void gguf_models() {
  const auto start = [](const std::string& family) {
    GgufWriter writer;
    writer.metadata("general.architecture", family)
        .metadata(family + ".block_count", std::uint32_t{1})
        .metadata(family + ".embedding_length", std::uint32_t{8})
        .metadata(family + ".feed_forward_length", std::uint32_t{12})
        .metadata(family + ".attention.head_count", std::uint32_t{4})
        .metadata(family + ".context_length", std::uint32_t{64})
        .metadata(family + ".rope.dimension_count", std::uint32_t{2});
    return writer;
  };
  write("gguf", zeros({{"token_embd.weight", {5, 8}},
                       {"blk.0.attn_norm.weight", {8}},
                       {"blk.0.attn_q.weight", {8, 8}},
                       {"blk.0.attn_k.weight", {4, 8}},
                       {"blk.0.attn_v.weight", {4, 8}},
                       {"blk.0.ffn_down.weight", {8, 12}}},
                      start("llama")
                          .metadata("llama.attention.head_count_kv", std::uint32_t{2})
                          .metadata("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                          .metadata("llama.rope.freq_base", 1e4f)
                          .metadata("llama.rope.scaling.type", "linear"s)
                          .metadata("llama.rope.scaling.factor", 2.0f))
                    .bytes());
  write("gguf", zeros({{"token_embd.weight", {5, 8}},
                       {"output.weight", {5, 8}},
                       {"blk.0.attn_norm.weight", {8}},
                       {"blk.0.attn_norm.bias", {8}},
                       {"blk.0.attn_qkv.weight", {24, 8}},
                       {"blk.0.attn_qkv.bias", {24}},
                       {"blk.0.ffn_down.weight", {8, 12}},
                       {"blk.0.ffn_down.bias", {8}}},
                      start("gptneox")
                          .metadata("gptneox.attention.layer_norm_epsilon", 1e-5f)
                          .metadata("gptneox.use_parallel_residual", false))
                    .bytes());
  write("gguf",
        zeros({{"token_embd.weight", {5, 8}},
               {"position_embd.weight", {64, 8}},
               {"token_types.weight", {2, 8}},
               {"token_embd_norm.weight", {8}},
               {"token_embd_norm.bias", {8}},
               {"blk.0.attn_q.weight", {8, 8}},
               {"blk.0.attn_q.bias", {8}},
               {"cls.weight", {8, 8}},
               {"cls.output.weight", {2, 8}},
               {"cls.output.bias", {2}}},
              start("bert")
                  .metadata("bert.attention.layer_norm_epsilon", 1e-12f)
                  .metadata("bert.attention.causal", false)
                  .metadata("bert.classifier.output_labels", std::vector<std::string>{"no", "yes"}))
            .bytes());
}

void tokenizer_json() {
  const std::string text = "ab <s>\u00e9 \u751f\xff Unable, 12\n";
  const auto seed = [&](const std::string& tokenizer, const std::string& config = "{}") {
    write("tokenizer_json", tokenizer + "\0"s + config + "\0"s + text);
  };
  seed(
      R"({"added_tokens": [{"id": 0, "content": "<unk>"},
      {"id": 1, "content": "<s>", "lstrip": true, "rstrip": true, "single_word": true}],
    "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
      {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
    "post_processor": {"type": "TemplateProcessing",
      "special_tokens": {"<s>": {"id": "<s>", "ids": [1]}},
      "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
      "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}]},
    "decoder": {"type": "Sequence", "decoders": [
      {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
      {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
    "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
      "vocab": {"<unk>": 0, "<s>": 1, "a": 2, "b": 3, "▁": 4, "ab": 5, "▁ab": 6, "<0x0A>": 7},
      "merges": ["a b", "▁ ab"]}})",
      R"({"bos_token": "<s>", "eos_token": {"content": "<s>"}, "add_bos_token": true, "add_eos_token": true})");
  seed(R"({"added_tokens": [{"id": 5, "content": "<end>", "normalized": true}],
    "normalizer": {"type": "NFC"},
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true},
      {"type": "Split", "pattern": {"Regex": "[^\\s]+|(a|b)*c|\\s+(?!\\S) ?"
}
, "behavior" : "Isolated"
},
      {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}]
}
, "decoder" : {"type" : "ByteLevel"}, "model" : {
  "type" : "BPE",
           "ignore_merges" : true,
                             "vocab" : {"a" : 0, "b" : 1, "Ġ" : 2, "ab" : 3, "Ġab" : 4},
                                       "merges" : [ [ "a", "b" ], [ "Ġ", "ab" ] ]
}
})");
  seed(
      R"({"normalizer": {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "NFKD"},
      {"type": "StripAccents"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
    "pre_tokenizer": {"type": "Metaspace", "prepend_scheme": "first", "split": true},
    "decoder": {"type": "Metaspace", "prepend_scheme": "always"},
    "model": {"vocab": {"▁": 0, "a": 1, "b": 2, "▁a": 3}, "merges": ["▁ a"]}})");
  seed(R"({"added_tokens": [{"id": 1, "content": "[CLS]"}, {"id": 2, "content": "[SEP]"}],
    "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
      "strip_accents": null, "lowercase": true},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
    "decoder": {"type": "WordPiece", "cleanup": true},
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "max_input_chars_per_word": 100,
      "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "un": 3, "##able": 4, ",": 5}}})");
}

/// The library itself makes a model of a few sentences.
void tokenizer_model() {
  struct Sentences : sentencepiece::SentenceIterator {
    std::vector<std::string> all{"the painter paints the middle layers",
                                 "layers of paint on a canvas", "unable to paint 12 layers"};
    std::size_t at = 0;
    bool done() const override { return at == all.size(); }
    void Next() override { ++at; }
    const std::string& value() const override { return all[at]; }
    sentencepiece::util::Status status() const override { return {}; }
  };
  const std::filesystem::path rules = folder / "rules.tsv";
  std::ofstream(rules) << "41\t61\n43 44\t63\n";  // A is a, CD is c
  const std::string identity = " --normalization_rule_name=identity";
  for (const std::string& options :
       {"--model_type=bpe --vocab_size=300 --byte_fallback=true" + identity,
        "--model_type=unigram --vocab_size=28 --normalization_rule_tsv=" + rules.string(),
        "--model_type=char --vocab_size=30 --hard_vocab_limit=false "
        "--user_defined_symbols=<mask>" +
            identity}) {
    Sentences sentences;
    std::string model;
    const auto status = sentencepiece::SentencePieceTrainer::Train(options + " --minloglevel=2",
                                                                   &sentences, &model);
    if (!status.ok()) throw std::runtime_error(status.ToString());
    write("tokenizer_model", model);
  }
  std::filesystem::remove(rules);
}

void gguf_tokenizer() {
  const auto common = [](const std::string& kind, const std::vector<std::string>& pieces,
                         const std::vector<std::int32_t>& types) {
    GgufWriter writer;
    writer.metadata("tokenizer.ggml.model", kind)
        .metadata("tokenizer.ggml.tokens", pieces)
        .metadata("tokenizer.ggml.token_type", types)
        .metadata("tokenizer.ggml.bos_token_id", std::uint32_t{1})
        .metadata("tokenizer.ggml.eos_token_id", std::uint32_t{2});
    return writer;
  };
  const std::vector<std::string> words{"[UNK]", "[CLS]", "[SEP]", "a",      "\u2581",
                                       "ab",    "▁ab",   "▁able", "<0x0A>", "<mask>"};
  const std::vector<std::int32_t> types{2, 3, 3, 1, 1, 1, 1, 1, 6, 4};
  write("gguf_tokenizer", common("llama", words, types)
                              .metadata("tokenizer.ggml.scores",
                                        std::vector<float>{0, 0, 0, -1, -2, -3, -4, -5, 0, 0})
                              .metadata("tokenizer.ggml.add_space_prefix", true)
                              .metadata("tokenizer.ggml.add_eos_token", true)
                              .bytes());
  write("gguf_tokenizer", common("bert", words, types).bytes());
  std::vector<std::string> pieces{"<unk>", "<s>", "</s>", "Ġt", "he", "Ġthe"};
  for (const char c : "the ab12\n"s) pieces.push_back(painters::text::to_byte_alphabet({&c, 1}));
  std::vector<std::string> distinct;
  for (const std::string& piece : pieces)
    if (std::find(distinct.begin(), distinct.end(), piece) == distinct.end())
      distinct.push_back(piece);
  for (const char* rules : {"gpt-2", "gpt-neox", "smollm", "llama-bpe", "qwen2"})
    write("gguf_tokenizer",
          common("gpt2", distinct, std::vector<std::int32_t>(distinct.size(), 1))
              .metadata("tokenizer.ggml.pre", std::string(rules))
              .metadata("tokenizer.ggml.merges", std::vector<std::string>{"Ġ t", "h e", "Ġt he"})
              .bytes());
}

void vocab_txt() {
  write("vocab_txt",
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##able\n##a\r\nable\n,\n'\ns\n\0Un\u00e9able's "
        "[MASK] able\u751f\xff\x01"s);
}

void npy() {
  const float values[] = {1, 2, 3, 4, 5, 6};
  for (const std::vector<std::size_t>& shape : {std::vector<std::size_t>{2, 3}, {6}, {}, {0, 4}})
    painters::tensor::write_npy(path_of("npy"), shape, values);
}

void jsonl() {
  write("jsonl", R"({"context": "a b", "continuation": " c"}

{"context_ids": [1, 2], "continuation_ids": [3]}
)");
  write("jsonl", R"({"text": "Anna has a cat."}
{"text": "two words"})");
  write("jsonl", R"({"sentence": "so _ broke.", "option1": "a", "option2": "b", "answer": "2"})");
  write("jsonl", R"({"activity_label": "A [b]", "ctx_a": "B", "ctx_b": "c",
                     "endings": ["a", "b", "c", "d"], "label": "0"})");
  write(
      "jsonl",
      R"({"activity_label": "A [b]", "ctx_a": "B", "ctx_b": "c", "endings": ["a [x]", "b", "c", "d"], "label": 0})");
  write(
      "jsonl",
      R"({"id": "1", "question": "Q?", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": "B"})");
}

void plan() {
  for (const char* text : {"0..4, mean(5..7) x3, 8..11",
                           "19..13",
                           "16 x7",
                           "(1..3) x3",
                           "each(1..3) x2",
                           "mean((1..2), (3, 4), none)",
                           "sum(3 * 0.5)",
                           "mean(3 * 0.7, 4 * 3e-1)",
                           "1.attention, 2.ffn",
                           "3..5.part7",
                           "@skip(start=4)",
                           "@random(start=3, seed=3)",
                           "@skip(start=4, layers=12)",
                           "@looped_parallel(start=4, repeats=3)",
                           "@baseline",
                           "@reverse(start=4)",
                           "@middle_repeat(start=5)",
                           "@skip_one(layer=2)",
                           "@switch_two(layer=2)",
                           "@double_repeat(start=2)",
                           "@triple_repeat(start=2)",
                           "none",
                           "sum(each(0..3) x2 * -0.25, (((4 x2) x3) x4), mean(5, sum(6 * 1e-30)))"})
    write("plan", text);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "fuzz_seeds: expected a folder to write to\n");
    return 2;
  }
  folder = argv[1];
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  gguf();
  safetensors();
  gguf_models();
  json();
  tokenizer_json();
  tokenizer_model();
  gguf_tokenizer();
  vocab_txt();
  npy();
  jsonl();
  plan();
}

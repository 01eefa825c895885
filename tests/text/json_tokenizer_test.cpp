#include <painters/text/json_tokenizer.hpp>
#include <painters/text/load_tokenizer.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"
#include "support/tokenizer_vectors.hpp"

using namespace painters;
using text::Tokens;

namespace {

/// Three letters, two merges and an added token; `change` makes variants of it.
nlohmann::json small_tokenizer() {
  return nlohmann::json::parse(R"({
    "added_tokens": [{"id": 5, "content": "<end>", "single_word": false, "lstrip": false, "rstrip": false}],
    "normalizer": null,
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
    "model": {"type": "BPE", "unk_token": null, "vocab": {"a": 0, "b": 1, "Ġ": 2, "ab": 3, "Ġab": 4},
              "merges": ["a b", "Ġ ab"]}})");
}

text::Tokenizer load(const support::TemporaryFolder& folder, const nlohmann::json& json) {
  folder.write("tokenizer.json", json.dump());
  return text::load_tokenizer(folder.path());
}

}  // namespace

TEST_CASE("a tokenizer.json is read with its added tokens and configuration", "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  folder.write("tokenizer_config.json",
               R"({"bos_token": null, "eos_token": {"content": "<end>"}, "add_bos_token": false})");
  nlohmann::json json = small_tokenizer();
  const text::Tokenizer tokenizer = load(folder, json);
  CHECK(tokenizer.size() == 6);
  CHECK(tokenizer.encode("ab ab<end>b") == Tokens{3, 4, 5, 1});
  CHECK(tokenizer.encode("axb") == Tokens{3});  // a byte without a token is dropped before merging
  CHECK(tokenizer.decode(Tokens{4, 5}) == " ab<end>");
  CHECK(tokenizer.eos() == 5);
  CHECK_FALSE(tokenizer.bos());

  json["model"]["merges"] =
      nlohmann::json::parse(R"([["a", "b"], ["Ġ", "ab"]])");  // newer spelling
  CHECK(load(folder, json).encode(" ab") == Tokens{4});
  json["model"]["unk_token"] = "<end>";
  CHECK(load(folder, json).encode("axb") == Tokens{0, 5, 1});
  json["model"]["merges"] = nlohmann::json::array();
  CHECK(load(folder, json).encode(" ab") == Tokens{2, 0, 1});
  json["model"]["ignore_merges"] = true;
  CHECK(load(folder, json).encode(" ab") == Tokens{4});
  json["pre_tokenizer"] = nlohmann::json::parse(
      R"({"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "b"}, "behavior": "Isolated"},
          {"type": "Digits", "individual_digits": true}, {"type": "ByteLevel", "use_regex": false}]})");
  CHECK(load(folder, json).encode(" ab") == Tokens{2, 0, 1});
}

TEST_CASE("a tokenizer.json that we cannot follow exactly is refused", "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  const auto refused = [&](const char* pointer, const nlohmann::json& value) {
    nlohmann::json json = small_tokenizer();
    json[nlohmann::json::json_pointer(pointer)] = value;
    INFO(pointer << " " << value);
    CHECK_THROWS_AS(load(folder, json), Error);
  };
  refused("/model/type", "WordPiece");
  refused("/model/type", "Unigram");
  refused("/model/byte_fallback", true);
  refused("/model/vocab/b", 0);
  refused("/model/vocab/b", -1);
  refused("/model/vocab/b", (1 << 24) - 1);
  refused("/model/vocab/b", 1 << 30);
  refused("/model/merges/0", "ab");
  refused("/model/merges/0", "a c");
  refused("/model/merges/0", {"a", "b", "c"});
  refused("/added_tokens/0/id", 3);
  refused("/model/dropout", 0.1);
  refused("/model/end_of_word_suffix", "</w>");
  refused("/normalizer", {{"type", "Precompiled"}});
  refused("/normalizer", {{"type", "Replace"}, {"pattern", {{"String", ""}}}, {"content", "a"}});
  refused("/decoder", {{"type", "CTC"}});
  refused("/decoder", {{"type", "Strip"}, {"content", "_"}, {"start", 1}, {"stop", 0}});
  refused("/post_processor", {{"type", "RobertaProcessing"}});
  refused("/post_processor",
          nlohmann::json::parse(R"({"type": "TemplateProcessing", "special_tokens": {},
          "single": [{"SpecialToken": {"id": "<end>", "type_id": 0}}], "pair": []})"));
  refused("/post_processor", nlohmann::json::parse(R"({"type": "TemplateProcessing", "pair": [],
          "single": [{"SpecialToken": {"id": "x", "type_id": 0}}], "special_tokens": {"x": {"ids": [6]}}})"));
  refused("/pre_tokenizer", nlohmann::json::parse(R"({"type": "Sequence", "pretokenizers": [
      {"type": "Digits"}, {"type": "ByteLevel", "add_prefix_space": true}]})"));
  refused("/pre_tokenizer/type", "BertPreTokenizer");
  refused("/pre_tokenizer/type", "Whitespace");
  refused("/pre_tokenizer",
          {{"type", "Split"}, {"pattern", {{"Regex", "("}}}, {"behavior", "Isolated"}});
  refused("/pre_tokenizer",
          {{"type", "Split"}, {"pattern", {{"Regex", "a"}}}, {"behavior", "Removed"}});
  load(folder, small_tokenizer());
  folder.write("tokenizer_config.json", R"({"eos_token": "<other>"})");
  CHECK_THROWS_AS(load(folder, small_tokenizer()), Error);
}

TEST_CASE("added tokens take the white space beside them, or stand alone", "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  const auto with = [&](const char* option) {
    nlohmann::json json = small_tokenizer();
    json["added_tokens"][0][option] = true;
    return load(folder, json);
  };
  const std::string input = "a <end> \u3000 b<end>_";
  const Tokens ids = load(folder, small_tokenizer()).encode(input);
  CHECK(ids == Tokens{0, 2, 5, 2, 2, 1, 5});
  CHECK(with("lstrip").encode(input) == Tokens{0, 5, 2, 2, 1, 5});
  CHECK(with("rstrip").encode(input) == Tokens{0, 2, 5, 1, 5});
  CHECK(with("single_word").encode("b<end>_ <end>") == Tokens{1, 2, 5});
  nlohmann::json json = small_tokenizer();
  json["normalizer"] = {{"type", "Lowercase"}};
  CHECK(load(folder, json).encode("A<END>") == Tokens{0});
  json["added_tokens"][0]["normalized"] = true;
  CHECK(load(folder, json).encode("A<END>") == Tokens{0, 5});
}

// Ids of tokenizers 0.23: every match counts, white space that was taken or not.
TEST_CASE("an added token in the white space that another takes is still a token",
          "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  nlohmann::json json = small_tokenizer();
  json["added_tokens"] = nlohmann::json::parse(
      R"([{"id": 5, "content": "<end>", "rstrip": true}, {"id": 6, "content": "\n\n", "lstrip": true}])");
  const text::Tokenizer tokenizer = load(folder, json);
  CHECK(tokenizer.encode("a<end>\n\n b") == Tokens{0, 5, 6, 2, 1});
  CHECK(tokenizer.encode("a<end> \n\n b") == Tokens{0, 5, 6, 2, 1});
  CHECK(tokenizer.encode("a<end>  b") == Tokens{0, 5, 1});
}

TEST_CASE("a tokenizer.json may leave ids out", "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  nlohmann::json json = small_tokenizer();
  json["added_tokens"][0]["id"] = 9;
  const text::Tokenizer gap = load(folder, json);
  CHECK(gap.size() == 10);
  CHECK(gap.encode("ab<end>") == Tokens{3, 9});
  CHECK(gap.piece(7).empty());
  CHECK(gap.decode(Tokens{3, 7, 9}) == "ab<end>");
  json["model"]["vocab"]["b"] = 7;
  CHECK(load(folder, json).encode("bab") == Tokens{7, 3});
  // tokenizers gives an added token the id that it has in the vocabulary
  json["added_tokens"].push_back({{"id", 12}, {"content", "ab"}});
  CHECK(load(folder, json).encode("bab") == Tokens{7, 3});
  CHECK(load(folder, json).size() == 10);
}

TEST_CASE("the post-processor says what is put around a text", "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  nlohmann::json json = small_tokenizer();
  json["post_processor"] =
      nlohmann::json::parse(R"({"type": "Sequence", "processors": [{"type": "ByteLevel"},
    {"type": "TemplateProcessing", "special_tokens": {"<end>": {"id": "<end>", "ids": [5], "tokens": ["<end>"]}},
     "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<end>", "type_id": 0}}],
     "pair": [{"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "<end>", "type_id": 1}},
              {"Sequence": {"id": "A", "type_id": 0}}]}]})");
  const text::Tokenizer tokenizer = load(folder, json);
  CHECK(tokenizer.encode("ab") == Tokens{3});
  CHECK(tokenizer.encode_with_special("ab").ids == Tokens{3, 5});
  const text::Encoding pair = tokenizer.encode_with_special("ab", "b");
  CHECK(pair.ids == Tokens{1, 5, 3});
  CHECK(pair.types == std::vector<int>{1, 1, 0});

  folder.write("tokenizer_config.json", R"({"eos_token": "<end>", "add_eos_token": true})");
  CHECK(load(folder, small_tokenizer()).encode_with_special("ab").ids == Tokens{3, 5});
}

TEST_CASE("GPT-NeoX gives the same ids from its tokenizer.json and from GGUF",
          "[text][tokenizer][data]") {
  if (support::skipped_without_data()) return;
  const std::filesystem::path folder = support::data_folder() / "tokenizers";
  const text::Tokenizer json = text::load_tokenizer(folder / "gpt-neox-20b-tokenizer.json");
  const text::Tokenizer gguf =
      text::load_tokenizer(folder / "ggml_vocab" / "ggml-vocab-gpt-neox.gguf");
  support::check_vectors(json, "neox");
  support::check_vectors(gguf, "neox");
  const std::string code =
      "def f(x):\n        return x  # 12,5 %\n\n\t<|endoftext|>Caf\u0065\u0301 it's  ";
  const Tokens ids = json.encode(code);
  CHECK(gguf.encode(code) == ids);
  CHECK(json.decode(ids) ==
        "def f(x):\n        return x  # 12,5 %\n\n\t<|endoftext|>Caf\u00e9 it's  ");  // NFC
  CHECK(std::count(ids.begin(), ids.end(), 0) == 1);
}

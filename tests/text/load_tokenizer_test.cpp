// Damaged tokenizer files: whatever the damage, loading and encoding ends in an Error or in tokens.
#include <painters/text/load_tokenizer.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/gguf_writer.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string texts = "ab <s>\u00e9 \u751f\xff unable, 12\n";

/// Whether the file is refused; if not, checks that its tokens are of its vocabulary.
bool refused(const std::filesystem::path& path) {
  try {
    const text::Tokenizer tokenizer = text::load_tokenizer(path);
    const text::Encoding encoding = tokenizer.encode_with_special(texts, texts);
    CHECK_NOTHROW(tokenizer.decode(encoding.ids));
    return false;
  } catch (const Error& e) {
    CHECK(std::string(e.what()).find('\n') == std::string::npos);
    return true;
  }
}

/// Copies cut short, and copies with a few bytes changed.
void damage(const std::string& good, const std::string& name, std::size_t copies) {
  const support::TemporaryFolder folder;
  REQUIRE_FALSE(refused(folder.write(name, good)));
  std::mt19937 random(3);
  std::size_t refusals = 0;
  for (std::size_t i = 0; i < copies; ++i) {
    refusals += refused(folder.write(name, good.substr(0, good.size() * i / copies)));
    std::string bad = good;
    for (unsigned n = 1 + random() % 3; n > 0; --n)
      bad[random() % bad.size()] = static_cast<char>(random() % 2 ? random() : random() % 2 * 255);
    refused(folder.write(name, bad));
  }
  CHECK(refusals > copies / 2);
}

const std::string small_json =
    R"({"added_tokens": [{"id": 0, "content": "<unk>"}, {"id": 1, "content": "<s>"}],
  "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
  "pre_tokenizer": null,
  "post_processor": {"type": "TemplateProcessing", "special_tokens": {"<s>": {"id": "<s>", "ids": [1]}},
    "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}]},
  "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
    {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
  "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
    "vocab": {"<unk>": 0, "<s>": 1, "a": 2, "b": 3, "▁": 4, "ab": 5, "▁ab": 6, "<0x0A>": 7},
    "merges": ["a b", "▁ ab"]}})";

std::string small_gguf(const std::string& kind) {
  return support::GgufWriter()
      .metadata("tokenizer.ggml.model", kind)
      .metadata("tokenizer.ggml.tokens",
                std::vector<std::string>{"[UNK]", "[CLS]", "[SEP]", "a", "▁", "ab", "▁ab", "▁able"})
      .metadata("tokenizer.ggml.scores", std::vector<float>{0, 0, 0, -1, -2, -3, -4, -5})
      .metadata("tokenizer.ggml.token_type", std::vector<std::int32_t>{2, 3, 3, 1, 1, 1, 1, 1})
      .metadata("tokenizer.ggml.bos_token_id", std::uint32_t{1})
      .metadata("tokenizer.ggml.eos_token_id", std::uint32_t{2})
      .bytes();
}

}  // namespace

TEST_CASE("damaged tokenizers end in one sentence or in tokens", "[text][corruption]") {
  damage(small_json, "tokenizer.json", 400);
  damage(small_gguf("llama"), "v.gguf", 400);
  damage(small_gguf("bert"), "v.gguf", 400);
  damage("[UNK]\n[CLS]\n[SEP]\nun\n##able\n", "vocab.txt", 28);
}

TEST_CASE("a folder or file without a tokenizer is refused", "[text][corruption]") {
  const support::TemporaryFolder folder;
  CHECK_THROWS_WITH(text::load_tokenizer(folder.path()), ContainsSubstring("found none"));
  CHECK(refused(folder.path() / "none.model"));
  CHECK(refused(folder.path() / "none.txt"));
  CHECK(refused(folder.path() / "none.gguf"));
  CHECK(refused(folder.write("tokenizer.model", "")));
  CHECK(refused(folder.write("tokenizer.model", "no model")));
  CHECK(refused(folder.write("tokenizer.model", std::string(1000, '\0'))));
}

TEST_CASE("a damaged tokenizer.model is refused", "[text][corruption][data]") {
  if (support::skipped_without_data()) return;
  std::ifstream file(support::data_folder() / "models/stories260K/hf/tokenizer.model",
                     std::ios::binary);
  damage({std::istreambuf_iterator<char>(file), {}}, "tokenizer.model", 200);
}

TEST_CASE("a small file cannot cost much time or memory", "[text][corruption]") {
  const support::TemporaryFolder folder;
  const auto says = [&](const nlohmann::json& json, const std::string& text,
                        const std::string& sentence) {
    folder.write("tokenizer.json", json.dump());
    CHECK_THROWS_WITH(text::load_tokenizer(folder.path()).encode(text),
                      ContainsSubstring(sentence));
  };
  const nlohmann::json good = nlohmann::json::parse(small_json);

  nlohmann::json json = good;
  json["model"]["vocab"]["b"] = (1 << 24) - 1;
  says(json, "", "token ids below 65556 for the 10 tokens");

  const nlohmann::json longer = {
      {"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", std::string(64, 'a')}};
  json = good;
  json["normalizer"]["normalizers"] = std::vector<nlohmann::json>(20, longer);
  says(json, "aaaa", "at most 1088 bytes of a text of 4");
  json["normalizer"]["normalizers"][0]["content"] = std::string(65, 'a');
  says(json, "", "at most 64 bytes to insert");
  json["normalizer"]["normalizers"] = std::vector<nlohmann::json>(65, {{"type", "NFC"}});
  says(json, "", "at most 64 rules");

  json = good;
  json["post_processor"]["single"] =
      std::vector<nlohmann::json>(101, {{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}});
  says(json, "", "at most 100 parts");

  json = good;
  json["normalizer"] = nullptr;
  json["decoder"] = nullptr;
  const auto cuts_by = [&](const char* pattern) {
    json["pre_tokenizer"] = {
        {"type", "Sequence"},
        {"pretokenizers",
         {{{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}},
          {{"type", "ByteLevel"}, {"use_regex", false}}}}};
    json["model"]["byte_fallback"] = false;
  };
  cuts_by("(a|aa)+b|a");  // exponentially many ways to find no b
  says(json, std::string(2000, 'a'), "too many steps");
  cuts_by("\\C");  // half a character is no text for the next rule
  says(json, "\u00e9", "regular expression");
}

TEST_CASE("one very long token does no harm", "[text][corruption]") {
  const support::TemporaryFolder folder;
  const std::string long_piece(200'000, 'a');
  for (const char* kind : {"llama", "bert"}) {
    support::GgufWriter()
        .metadata("tokenizer.ggml.model", std::string(kind))
        .metadata("tokenizer.ggml.tokens",
                  std::vector<std::string>{"[UNK]", "[CLS]", "[SEP]", "a", "aa", long_piece})
        .metadata("tokenizer.ggml.scores", std::vector<float>{0, 0, 0, -1, -2, -3})
        .metadata("tokenizer.ggml.token_type", std::vector<std::int32_t>{2, 3, 3, 1, 1, 1})
        .metadata("tokenizer.ggml.add_space_prefix", false)
        .write(folder.path() / "v.gguf");
    const text::Tokenizer tokenizer = text::load_tokenizer(folder.path() / "v.gguf");
    CHECK(tokenizer.encode("a") == text::Tokens{3});
    CHECK(tokenizer.decode(std::vector<text::TokenId>{5}).size() >= long_piece.size());
  }
}

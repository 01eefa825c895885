#include <painters/text/character_bpe.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <sentencepiece_processor.h>
#include <nlohmann/json.hpp>

#include <painters/text/load_tokenizer.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/gguf_writer.hpp"
#include "support/temporary_folder.hpp"
#include "support/tokenizer_vectors.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using text::Tokens;

namespace {

std::filesystem::path llama2() { return support::data_folder() / "tokenizers" / "llama2"; }

/// Token types of GGUF.
constexpr std::int32_t normal = 1, unknown = 2, control = 3, byte = 6;

support::GgufWriter gguf(const std::vector<std::string>& pieces, const std::vector<float>& scores,
                         const std::vector<std::int32_t>& types) {
  support::GgufWriter writer;
  writer.metadata("tokenizer.ggml.model", std::string("llama"))
      .metadata("tokenizer.ggml.tokens", pieces)
      .metadata("tokenizer.ggml.scores", scores)
      .metadata("tokenizer.ggml.token_type", types)
      .metadata("tokenizer.ggml.bos_token_id", std::uint32_t{1})
      .metadata("tokenizer.ggml.eos_token_id", std::uint32_t{2});
  return writer;
}

/// Three special tokens, three bytes and a few pieces; "é" is in a piece and no piece itself.
support::GgufWriter small() {
  return gguf({"<unk>", "<s>", "</s>", "<0xC3>", "<0xA9>", "<0x0A>", "▁", "a", "b", "ab", "▁ab",
               "ba", "éa"},
              {0, 0, 0, 0, 0, 0, -9, -8, -7, -3, -4, -2, -5},
              {unknown, control, control, byte, byte, byte, normal, normal, normal, normal, normal,
               normal, normal});
}

text::Tokenizer open(const support::TemporaryFolder& folder, const support::GgufWriter& writer) {
  writer.write(folder.path() / "v.gguf");
  return text::load_tokenizer(folder.path() / "v.gguf");
}

/// The file that a converter makes of a tokenizer.model.
support::GgufWriter converted(const std::filesystem::path& model) {
  sentencepiece::SentencePieceProcessor processor;
  REQUIRE(processor.Load(model.string()).ok());
  std::vector<std::string> pieces;
  std::vector<float> scores;
  std::vector<std::int32_t> types;
  for (int i = 0; i < processor.GetPieceSize(); ++i) {
    pieces.push_back(processor.IdToPiece(i));
    scores.push_back(processor.GetScore(i));
    types.push_back(processor.IsUnknown(i)   ? unknown
                    : processor.IsControl(i) ? control
                    : processor.IsByte(i)    ? byte
                                             : normal);
  }
  return gguf(pieces, scores, types);
}

}  // namespace

TEST_CASE("characters merge by score, and what has no token becomes bytes or unknown",
          "[text][character_bpe]") {
  const support::TemporaryFolder folder;
  const text::Tokenizer tokenizer = open(folder, small());
  CHECK(tokenizer.encode("ab") == Tokens{10});
  CHECK(tokenizer.encode("bab") == Tokens{6, 11, 8});  // "ba" has a higher score than "ab"
  CHECK(tokenizer.encode("ab ab") == Tokens{10, 10});
  CHECK(tokenizer.encode("éa") == Tokens{6, 12});  // a merge that begins with no piece
  CHECK(tokenizer.encode("éb\n") == Tokens{6, 3, 4, 8, 5});
  CHECK(tokenizer.encode("xyb x") == Tokens{6, 0, 8, 6, 0});  // neighbours are one unknown token
  CHECK(tokenizer.encode("\xc3") == Tokens{6, 3});            // not UTF-8, but a byte
  CHECK(tokenizer.encode("\xff") == Tokens{6, 0});
  CHECK(tokenizer.encode("ab</s>ab") == Tokens{10, 2, 10});
  CHECK(tokenizer.encode("").empty());
  CHECK(tokenizer.decode(Tokens{10, 3, 4, 6, 8, 5}) == "ab\u00e9 b\n");
  CHECK(tokenizer.encode_with_special("ab").ids == Tokens{1, 10});
  CHECK(tokenizer.encode_with_special("ab", "b").ids == Tokens{1, 10, 1, 6, 8});

  const text::Tokenizer bare = open(folder, small()
                                                .metadata("tokenizer.ggml.add_space_prefix", false)
                                                .metadata("tokenizer.ggml.add_bos_token", false)
                                                .metadata("tokenizer.ggml.add_eos_token", true));
  CHECK(bare.encode("ab ab") == Tokens{9, 10});
  CHECK(bare.encode_with_special("b").ids == Tokens{8, 2});
  CHECK(bare.decode(Tokens{10}) == " ab");
}

TEST_CASE("a vocabulary of scores that does not match is refused", "[text][character_bpe]") {
  const support::TemporaryFolder folder;
  const std::vector<std::string> pieces{"<unk>", "<s>", "</s>", "a"};
  const auto refused = [&](const support::GgufWriter& writer, const std::string& sentence) {
    CHECK_THROWS_WITH(open(folder, writer), ContainsSubstring(sentence));
  };
  refused(gguf(pieces, {0, 0, 0}, {2, 3, 3, 1}), "tokenizer.ggml.scores as tokens (4)");
  refused(gguf(pieces, {0, 0, 0, 0}, {2, 3, 3}), "tokenizer.ggml.token_type as tokens (4)");
  refused(gguf(pieces, {0, 0, 0, std::numeric_limits<float>::quiet_NaN()}, {2, 3, 3, 1}),
          "found none for token 3");
  refused(gguf({"<unk>"}, {0}, {2}), "found 1");
  refused(small().metadata("tokenizer.ggml.unknown_token_id", std::uint32_t{99}), "found 99");
  refused(support::GgufWriter()
              .metadata("tokenizer.ggml.model", std::string("llama"))
              .metadata("tokenizer.ggml.tokens", pieces),
          "expected tokenizer.ggml.scores");
  refused(support::GgufWriter().metadata("tokenizer.ggml.model", std::string("t5")), "'t5'");
}

TEST_CASE("long texts take no longer than their length", "[text][character_bpe]") {
  const support::TemporaryFolder folder;
  const text::Tokenizer tokenizer = open(folder, small());
  CHECK(tokenizer.encode(std::string(300000, 'b')).size() == 300001);
  CHECK(tokenizer.encode(std::string(300000, '\n')).size() == 300001);
}

TEST_CASE("Llama 2 gives its ids from every kind of file", "[text][character_bpe][data]") {
  if (support::skipped_without_data()) return;
  const support::TemporaryFolder folder;
  const text::Tokenizer json = text::load_tokenizer(llama2()),
                        model = text::load_tokenizer(llama2() / "tokenizer.model"),
                        file = open(folder, converted(llama2() / "tokenizer.model"));
  support::check_vectors(json, "llama2");
  support::check_vectors(model, "llama2");
  support::check_vectors(file, "llama2");

  const nlohmann::json transformers = support::read_data("tokenizers/llama2_hf_transformers.json");
  REQUIRE(transformers.at("cases").size() == 16);
  for (const auto& example : transformers["cases"])
    for (const text::Tokenizer* tokenizer : {&json, &model, &file}) {
      const auto text = example.at("text").get<std::string>();
      INFO(text);
      const Tokens ids = tokenizer->encode_with_special(text).ids;
      CHECK(ids == example.at("ids").get<Tokens>());
      CHECK(tokenizer->decode(tokenizer->encode(text)) == text);
    }

  nlohmann::json metaspace = support::read_data("tokenizers/llama2/tokenizer.json");
  metaspace["normalizer"] = nullptr;
  metaspace["pre_tokenizer"] = {
      {"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "first"}, {"split", false}};
  folder.write("tokenizer.json", metaspace.dump());
  support::check_vectors(text::load_tokenizer(folder.path()), "llama2_metaspace");
}

TEST_CASE("scores and the sentencepiece library agree on texts", "[text][character_bpe][data]") {
  if (support::skipped_without_data()) return;
  const support::TemporaryFolder folder;
  for (const char* name :
       {"tokenizers/llama2/tokenizer.model", "models/stories260K/hf/tokenizer.model"}) {
    const auto path = support::data_folder() / name;
    const text::Tokenizer model = text::load_tokenizer(path), file = open(folder, converted(path));
    CHECK(model.size() == file.size());
    std::ifstream texts(support::data_folder() / "lambada" / "lambada_openai_test.jsonl");
    std::size_t compared = 0;
    for (std::string line; compared < 500 && std::getline(texts, line); ++compared) {
      const auto text = nlohmann::json::parse(line).at("text").get<std::string>();
      const Tokens ids = model.encode(text);
      CHECK(file.encode(text) == ids);
      CHECK(model.decode(ids) == text);
    }
    CHECK(compared == 500);
  }
}

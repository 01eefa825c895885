#include <painters/text/gguf_tokenizer.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <painters/formats/mapped_file.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/gguf_writer.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using text::Tokens;

namespace {

std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

text::Tokenizer open(const std::filesystem::path& path) {
  return text::read_tokenizer(formats::Gguf::open(path));
}

/// The pairs of a .inp file (cases separated by a line) and a .out file (ids, a line each).
void check_pairs(const std::string& name) {
  const std::filesystem::path folder = support::data_folder() / "tokenizers" / "ggml_vocab";
  const text::Tokenizer tokenizer = open(folder / (name + ".gguf"));
  const std::string inputs = slurp(folder / (name + ".gguf.inp")),
                    separator = "\n__ggml_vocab_test__\n";
  std::ifstream outputs(folder / (name + ".gguf.out"));
  std::size_t cases = 0;
  for (std::size_t begin = 0; begin <= inputs.size(); ++cases) {
    const std::size_t end = std::min(inputs.find(separator, begin), inputs.size());
    const std::string input = inputs.substr(begin, end - begin);
    begin = end + separator.size();
    std::string line;
    if (!std::getline(outputs, line)) break;  // what follows the last separator is no case
    std::istringstream ids(line);
    const Tokens expected{std::istream_iterator<text::TokenId>(ids), {}};
    INFO(name << ": '" << input << "'");
    CHECK(tokenizer.encode(input) == expected);
    CHECK(tokenizer.decode(expected) == input);
  }
  CHECK(cases >= 46);
}

/// A vocabulary of all bytes, " t" and "he" and "the", and two added tokens.
support::GgufWriter small_vocabulary() {
  std::vector<std::string> pieces;
  std::vector<std::int32_t> types;
  for (int b = 0; b < 256; ++b)
    pieces.push_back(text::to_byte_alphabet(std::string(1, static_cast<char>(b))));
  for (const char* piece : {"Ġt", "he", "Ġthe", "unreached", "<|end|>", "<|end|>>"})
    pieces.push_back(piece);
  types.assign(pieces.size(), 1);
  types[260] = 3, types[261] = 4;
  support::GgufWriter writer;
  writer.metadata("tokenizer.ggml.model", std::string("gpt2"))
      .metadata("tokenizer.ggml.tokens", pieces)
      .metadata("tokenizer.ggml.token_type", types)
      .metadata("tokenizer.ggml.eos_token_id", std::uint32_t{260});
  return writer;
}
const std::vector<std::string> small_merges{"Ġ t", "h e", "Ġt he"};

}  // namespace

TEST_CASE("the gpt-2 and refact vocabularies give the ids of their test pairs",
          "[text][tokenizer][data]") {
  if (support::skipped_without_data()) return;
  check_pairs("ggml-vocab-gpt-2");
  check_pairs("ggml-vocab-refact");
}

TEST_CASE("the default model's vocabulary gives the ids of the golden requests",
          "[text][tokenizer][data]") {
  if (support::skipped_without_data() || support::skipped_without_default_model()) return;
  const text::Tokenizer tokenizer = open(support::default_model());
  const auto joined = [](Tokens a, const Tokens& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  };
  std::size_t compared = 0;
  const nlohmann::json lambada = support::read_data("golden/gen/smollm2_lambada.json");
  for (const auto& document : lambada["documents"]) {
    const Tokens expected =
        joined(document.at("context").get<Tokens>(), document.at("target").get<Tokens>());
    CHECK(tokenizer.encode(document.at("text").get<std::string>()) == expected);
    ++compared;
  }
  const nlohmann::json choices = support::read_data("golden/gen/smollm2_multiple_choice.json");
  for (const auto& [task, documents] : choices["tasks"].items())
    for (const auto& document : documents)
      for (std::size_t c = 0; c < document.at("requests").size(); ++c) {
        const auto texts = document["requests"][c].get<std::vector<std::string>>();
        const Tokens context = document.at("context")[c].get<Tokens>();
        INFO(task << ": " << texts[0] << "|" << texts[1]);
        CHECK(tokenizer.encode(texts[0]) == context);
        CHECK(tokenizer.encode(texts[0] + texts[1]) ==
              joined(context, document.at("continuation")[c].get<Tokens>()));
        ++compared;
      }
  CHECK(compared > 200);
  CHECK(tokenizer.piece(tokenizer.bos().value()) == "<|im_start|>");
  CHECK(tokenizer.piece(tokenizer.eos().value()) == "<|im_end|>");
  CHECK_FALSE(tokenizer.add_bos());
}

TEST_CASE("a tokenizer reads and writes any bytes", "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  auto writer = small_vocabulary();
  writer.metadata("tokenizer.ggml.merges", small_merges)
      .metadata("tokenizer.ggml.pre", std::string("smollm"));
  writer.write(folder.path() / "v.gguf");
  const text::Tokenizer tokenizer = open(folder.path() / "v.gguf");

  CHECK(tokenizer.size() == 262);
  CHECK(tokenizer.encode(" the") == Tokens{258});
  CHECK(tokenizer.encode("the") == Tokens{'t', 257});
  CHECK(tokenizer.encode("unreached").size() == 8);  // no merge leads there, but one joins h and e
  CHECK(tokenizer.encode(" the<|end|>> the<|end|> the") == Tokens{258, 261, 258, 260, 258});
  CHECK(tokenizer.encode("").empty());
  CHECK(tokenizer.piece(258) == "Ġthe");
  CHECK(tokenizer.eos() == 260);
  CHECK_FALSE(tokenizer.bos());

  const std::string invalid = "a\xff\xfe the\xc3 \xe2\x82 the\xed\xa0\x80";
  CHECK(tokenizer.decode(tokenizer.encode(invalid)) == invalid);
  for (const std::string& long_word :
       {std::string(200000, 'h'), std::string(200000, ' '), std::string(200000, '\xff')})
    CHECK(tokenizer.encode(long_word).size() == 200000);
  CHECK_THROWS_AS(tokenizer.decode(Tokens{262}), Error);
  CHECK_THROWS_AS(tokenizer.piece(-1), Error);
}

TEST_CASE("a vocabulary that does not match is refused", "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  const auto refused = [&](support::GgufWriter writer) {
    writer.write(folder.path() / "v.gguf");
    CHECK_THROWS_AS(open(folder.path() / "v.gguf"), Error);
  };
  const std::string pre = "gpt-2";
  auto fine = small_vocabulary();
  fine.metadata("tokenizer.ggml.merges", small_merges).metadata("tokenizer.ggml.pre", pre);
  fine.write(folder.path() / "v.gguf");
  CHECK_NOTHROW(open(folder.path() / "v.gguf"));

  refused(small_vocabulary().metadata("tokenizer.ggml.merges", small_merges));  // rules unknown
  refused(small_vocabulary()
              .metadata("tokenizer.ggml.merges", small_merges)
              .metadata("tokenizer.ggml.pre", std::string("other")));
  refused(small_vocabulary().metadata("tokenizer.ggml.pre", pre));
  for (const char* merge : {"Ġ x", "he", "Ġ notoken", "notoken Ġ"})
    refused(small_vocabulary()
                .metadata("tokenizer.ggml.pre", pre)
                .metadata("tokenizer.ggml.merges", std::vector<std::string>{merge}));
  refused(support::GgufWriter(fine).metadata("tokenizer.ggml.bos_token_id", std::uint32_t{262}));
  for (const char* kind : {"gpt2", "llama", "bert", "t5", ""})
    refused(support::GgufWriter().metadata("tokenizer.ggml.model", std::string(kind)));
  refused(support::GgufWriter()
              .metadata("tokenizer.ggml.model", std::string("gpt2"))
              .metadata("tokenizer.ggml.tokens", std::vector<std::string>{"a", "b", "a"})
              .metadata("tokenizer.ggml.merges", std::vector<std::string>{})
              .metadata("tokenizer.ggml.pre", pre));
  refused(support::GgufWriter()
              .metadata("tokenizer.ggml.model", std::string("gpt2"))
              .metadata("tokenizer.ggml.tokens", std::vector<std::string>{"a", "b"})
              .metadata("tokenizer.ggml.token_type", std::vector<std::int32_t>{1})
              .metadata("tokenizer.ggml.merges", std::vector<std::string>{})
              .metadata("tokenizer.ggml.pre", pre));
}

// llama.cpp names each empty token after its id, so that none is another's duplicate.
TEST_CASE("empty tokens of a GGUF file are no duplicates", "[text][tokenizer]") {
  const support::TemporaryFolder folder;
  std::vector<std::string> pieces;
  for (int b = 0; b < 256; ++b)
    pieces.push_back(text::to_byte_alphabet(std::string(1, static_cast<char>(b))));
  for (const char* piece : {"Ġt", "", "he", "", "Ġthe"}) pieces.emplace_back(piece);
  support::GgufWriter()
      .metadata("tokenizer.ggml.model", std::string("gpt2"))
      .metadata("tokenizer.ggml.pre", std::string("gpt-2"))
      .metadata("tokenizer.ggml.tokens", pieces)
      .metadata("tokenizer.ggml.merges", small_merges)
      .write(folder.path() / "v.gguf");
  const text::Tokenizer tokenizer = open(folder.path() / "v.gguf");
  CHECK(tokenizer.size() == 261);
  CHECK(tokenizer.encode(" the").back() == 260);
  CHECK(tokenizer.decode(Tokens{257, 258, 259}) == "he");
}

#include <painters/text/word_piece.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

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

std::filesystem::path bert() { return support::data_folder() / "tokenizers" / "bert-base-uncased"; }

const std::string small = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##able\n##a\nable\n,\n'\ns\n";

/// The file that a converter makes of a vocab.txt: what begins a word is marked.
std::filesystem::path converted(const support::TemporaryFolder& folder, std::istream& vocabulary) {
  std::vector<std::string> pieces;
  std::vector<std::int32_t> types;
  for (std::string line; std::getline(vocabulary, line);) {
    const bool special = line == "[PAD]" || line == "[UNK]" || line == "[CLS]" || line == "[SEP]" ||
                         line == "[MASK]";
    types.push_back(special ? 3 : 1);
    pieces.push_back(special                                     ? line
                     : line.starts_with("##") && line.size() > 2 ? line.substr(2)
                                                                 : "\u2581" + line);
  }
  support::GgufWriter()
      .metadata("tokenizer.ggml.model", std::string("bert"))
      .metadata("tokenizer.ggml.tokens", pieces)
      .metadata("tokenizer.ggml.token_type", types)
      .write(folder.path() / "v.gguf");
  return folder.path() / "v.gguf";
}

}  // namespace

TEST_CASE("words are cut into the longest tokens", "[text][word_piece]") {
  const support::TemporaryFolder folder;
  std::istringstream vocabulary(small);
  for (const auto& path : {folder.write("vocab.txt", small), converted(folder, vocabulary)}) {
    const text::Tokenizer tokenizer = text::load_tokenizer(path);
    CHECK(tokenizer.encode("Unable, \u00fcn\u0301able's") ==
          Tokens{5, 6, 9, 5, 6, 10, 11});  // accents and case go
    CHECK(tokenizer.encode("una unb able") == Tokens{5, 7, 1, 8});
    CHECK(tokenizer.encode("un[MASK]un[SEP]") == Tokens{5, 4, 5, 3});
    CHECK(tokenizer.encode("un\xff\x01\u200b\tun") == Tokens{5, 5});
    CHECK(tokenizer.encode("\u751fun") == Tokens{1, 5});
    CHECK(tokenizer.encode(std::string(101, 's')) == Tokens{1});
    CHECK(tokenizer.encode(" \n").empty());
    CHECK(tokenizer.decode(Tokens{2, 5, 6, 9, 8, 10, 11, 3}) == "[CLS] unable, able ' s [SEP]");
    CHECK(tokenizer.encode_with_special("un").ids == Tokens{2, 5, 3});
    const text::Encoding pair = tokenizer.encode_with_special("un", "able un");
    CHECK(pair.ids == Tokens{2, 5, 3, 8, 5, 3});
    CHECK(pair.types == std::vector<int>{0, 0, 0, 1, 1, 1});
    CHECK(tokenizer.encode_with_special("un", "able un able", 6).ids == Tokens{2, 5, 3, 8, 5, 3});
    CHECK(tokenizer.encode_with_special("un able", 3).ids == Tokens{2, 5, 3});
    CHECK(tokenizer.encode_with_special("un able", "un", 0).ids == Tokens{2, 3, 3});
  }
}

TEST_CASE("case stays where the model wants it", "[text][word_piece]") {
  const support::TemporaryFolder folder;
  folder.write("tokenizer_config.json", R"({"do_lower_case": false})");
  CHECK(text::load_tokenizer(folder.write("vocab.txt", small + "Un\n")).encode("Un un") ==
        Tokens{12, 5});
  std::istringstream vocabulary(small + "Un\n");  // GGUF has no such key, but the words show it
  CHECK(text::load_tokenizer(converted(folder, vocabulary)).encode("Un un") == Tokens{12, 5});
}

// Ids of transformers 5.24, which fills a dict line by line.
TEST_CASE("lines of vocab.txt that recur or are empty are counted", "[text][word_piece]") {
  const support::TemporaryFolder folder;
  const text::Tokenizer twice =
      text::load_tokenizer(folder.write("vocab.txt", small + "un\nend\n"));
  CHECK(twice.encode("un unable end") == Tokens{12, 12, 6, 13});
  CHECK(twice.size() == 14);
  CHECK(twice.piece(5).empty());
  CHECK(twice.decode(Tokens{5, 12}) == "un");
  const text::Tokenizer empty =
      text::load_tokenizer(folder.write("vocab.txt", "[UNK]\n\n[CLS]\n[SEP]\n\r\n\nun\n"));
  CHECK(empty.encode("un on") == Tokens{6, 0});
}

TEST_CASE("a vocabulary without BERT's own tokens is refused", "[text][word_piece]") {
  const support::TemporaryFolder folder;
  CHECK_THROWS_WITH(text::load_tokenizer(folder.write("vocab.txt", "[UNK]\n[CLS]\na\n")),
                    ContainsSubstring("expected a token [SEP]"));
  CHECK_THROWS_AS(text::load_tokenizer(folder.write("vocab.txt", "")), Error);
  std::istringstream vocabulary("[UNK]\n[CLS]\na\n");
  CHECK_THROWS_WITH(text::load_tokenizer(converted(folder, vocabulary)),
                    ContainsSubstring("expected a token [SEP]"));
}

TEST_CASE("BERT gives its ids from every kind of file", "[text][word_piece][data]") {
  if (support::skipped_without_data()) return;
  const support::TemporaryFolder folder;
  std::ifstream vocabulary(bert() / "vocab.txt");
  const text::Tokenizer json = text::load_tokenizer(bert()),
                        lines = text::load_tokenizer(bert() / "vocab.txt"),
                        file = text::load_tokenizer(converted(folder, vocabulary));
  const nlohmann::json vectors = support::tokenizer_vectors();
  for (const text::Tokenizer* tokenizer : {&json, &lines, &file}) {
    support::check_vectors(*tokenizer, "bert");
    for (std::size_t i = 0; i < vectors.at("bert_pairs").size(); ++i)
      CHECK(tokenizer
                ->encode_with_special(vectors["texts"][2 * i].get<std::string>(),
                                      vectors["texts"][2 * i + 1].get<std::string>())
                .ids == vectors["bert_pairs"][i].get<Tokens>());
  }
  nlohmann::json cased = support::read_data("tokenizers/bert-base-uncased/tokenizer.json");
  cased["normalizer"]["lowercase"] = false;
  folder.write("tokenizer.json", cased.dump());
  support::check_vectors(text::load_tokenizer(folder.path()), "bert_cased");
}

TEST_CASE("BERT's pairs are truncated as in its fine-tuning", "[text][word_piece][data]") {
  if (support::skipped_without_data()) return;
  const text::Tokenizer tokenizer = text::load_tokenizer(bert());
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(support::data_folder() / "glue" / "RTE" / "dev.tsv");
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, '\t');) rows.back().push_back(cell);
  }
  const nlohmann::json golden = support::read_data("golden/bert/rte_truncation.json");
  for (const auto& example : golden.at("cases")) {
    const auto& row = rows.at(example.at("row").get<std::size_t>() + 1);  // after the header
    const auto most = example.at("max_length").get<std::size_t>();
    const text::Encoding encoding = example.at("pair").get<bool>()
                                        ? tokenizer.encode_with_special(row.at(1), row.at(2), most)
                                        : tokenizer.encode_with_special(row.at(1), most);
    INFO("row " << example["row"] << " to " << most);
    CHECK(encoding.ids == example.at("input_ids").get<Tokens>());
  }
  const nlohmann::json whole = support::read_data("golden/bert/minilm_l6_rte.json");
  for (const auto& example : whole.at("rows")) {
    const auto& row = rows.at(example.at("row").get<std::size_t>() + 1);
    const text::Encoding encoding = tokenizer.encode_with_special(row.at(1), row.at(2), 128);
    CHECK(encoding.ids == example.at("input_ids").get<Tokens>());
    CHECK(encoding.types.at(example.at("first_type1").get<std::size_t>()) == 1);
    CHECK(encoding.types.at(example.at("first_type1").get<std::size_t>() - 1) == 0);
  }
}

#include <painters/text/tokenizer_config.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/text/load_tokenizer.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using text::Tokens;

// Where no other source is named, ids are those of transformers 5.24.

namespace {

const std::string small_vocabulary =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ndog\n[\n]\ne\n##1\nThe\n";

/// A WordPiece of the same tokens with BERT's normalizer.
nlohmann::json small_word_piece() {
  nlohmann::json json = nlohmann::json::parse(R"({
    "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                   "strip_accents": null, "lowercase": true},
    "pre_tokenizer": {"type": "BertPreTokenizer"}, "added_tokens": [{"id": 1, "content": "[UNK]"}],
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {}}})");
  std::size_t id = 0, end = 0;
  for (std::size_t begin = 0; begin < small_vocabulary.size(); begin = end + 1) {
    end = small_vocabulary.find('\n', begin);
    json["model"]["vocab"][small_vocabulary.substr(begin, end - begin)] = id++;
  }
  return json;
}

/// Bytes of "the dog", with a blank before either word.
nlohmann::json small_bytes() {
  return nlohmann::json::parse(R"({
    "added_tokens": [{"id": 4, "content": "<end>"}],
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
    "model": {"type": "BPE", "vocab": {"a": 0, "Ġ": 1, "b": 2, "Ġa": 3}, "merges": ["Ġ a"]}})");
}

/// A folder with these files, loaded.
text::Tokenizer load(const std::vector<std::pair<const char*, std::string>>& files) {
  const support::TemporaryFolder folder;
  for (const auto& [name, content] : files) folder.write(name, content);
  return text::load_tokenizer(folder.path());
}

}  // namespace

TEST_CASE("tokens of added_tokens.json are tokens beside vocab.txt", "[text][tokenizer_config]") {
  const text::Tokenizer tokenizer =
      load({{"vocab.txt", small_vocabulary}, {"added_tokens.json", R"({"[E1]": 12})"}});
  CHECK(tokenizer.encode("[E1] the dog") == Tokens{12, 5, 6});
  CHECK(tokenizer.encode("the [e1]") == Tokens{5, 12});  // it is no special token: normalized
  CHECK(tokenizer.size() == 13);
  const text::Tokenizer special =
      load({{"vocab.txt", small_vocabulary},
            {"added_tokens.json", R"({"[E1]": 12})"},
            {"special_tokens_map.json", R"({"additional_special_tokens": ["[E1]"]})"}});
  CHECK(special.encode("the [e1]") == Tokens{5, 7, 9, 10, 8});
}

TEST_CASE("added_tokens_decoder says how tokens are found, and wins over the older files",
          "[text][tokenizer_config]") {
  const std::string decoder = R"({"added_tokens_decoder": {
      "12": {"content": "[E1]", "lstrip": true, "rstrip": false, "single_word": false,
             "normalized": false, "special": true},
      "6": {"content": "[E2]", "normalized": false}}})";
  const text::Tokenizer tokenizer = load({{"vocab.txt", small_vocabulary},
                                          {"tokenizer_config.json", decoder},
                                          {"added_tokens.json", R"({"e1": 13})"}});
  CHECK(tokenizer.encode("the  [E1][e1]") == Tokens{5, 13, 7, 9, 10, 8});
  CHECK(tokenizer.piece(12) == "[E2]");  // an id that another token has: the next one
  CHECK(tokenizer.piece(6) == "dog");
}

TEST_CASE("special tokens that the vocabulary has are found as a whole",
          "[text][tokenizer_config]") {
  const nlohmann::json json = small_bytes();
  CHECK(load({{"tokenizer.json", json.dump()}}).encode("aba") == Tokens{0, 2, 0});
  const text::Tokenizer tokenizer =
      load({{"tokenizer.json", json.dump()},
            {"tokenizer_config.json", R"({"pad_token": {"content": "b", "rstrip": true}})"}});
  CHECK(tokenizer.encode("b aa") == Tokens{2, 0, 0});
  CHECK(load({{"tokenizer.json", json.dump()},
              {"special_tokens_map.json", R"({"eos_token": "<end>"})"}})
            .eos() == 4);
}

TEST_CASE("the configuration's rules of case win over tokenizer.json", "[text][tokenizer_config]") {
  const auto ids = [](const char* config, bool lowercase) {
    nlohmann::json json = small_word_piece();
    json["normalizer"]["lowercase"] = lowercase;
    return load({{"tokenizer.json", json.dump()}, {"tokenizer_config.json", config}})
        .encode("The \u00e9");
  };
  CHECK(ids(R"({})", true) == Tokens{5, 9});
  CHECK(ids(R"({"tokenizer_class": "BertTokenizer", "do_lower_case": false})", true) ==
        Tokens{11, 1});
  CHECK(ids(R"({"tokenizer_class": "ElectraTokenizerFast", "do_lower_case": false})", true) ==
        Tokens{11, 1});
  CHECK(ids(R"({"tokenizer_class": "BertTokenizer", "do_lower_case": false,
                "strip_accents": true})",
            true) == Tokens{11, 9});
  CHECK(ids(R"({"tokenizer_class": "BertTokenizer"})", false) == Tokens{5, 9});  // its default
  CHECK(ids(R"({"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": false})", true) ==
        Tokens{5, 9});
}

TEST_CASE("the configuration's blank before texts wins over tokenizer.json",
          "[text][tokenizer_config]") {
  const auto ids = [](const char* config, bool in_file) {
    nlohmann::json json = small_bytes();
    json["pre_tokenizer"]["add_prefix_space"] = in_file;
    return load({{"tokenizer.json", json.dump()}, {"tokenizer_config.json", config}})
        .encode("a<end>a a");
  };
  const Tokens plain{0, 4, 0, 3}, blanks{3, 4, 3, 3};
  CHECK(ids("{}", false) == plain);
  CHECK(ids("{}", true) == blanks);
  CHECK(ids(R"({"add_prefix_space": true})", false) == blanks);
  CHECK(ids(R"({"tokenizer_class": "GPTNeoXTokenizer", "add_prefix_space": true})", false) ==
        blanks);
  CHECK(ids(R"({"tokenizer_class": "GPT2TokenizerFast", "add_prefix_space": false})", true) ==
        plain);
  CHECK(ids(R"({"tokenizer_class": "PreTrainedTokenizerFast", "add_prefix_space": true})", false) ==
        plain);
  nlohmann::json digits = small_bytes();
  digits["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers", {{{"type", "Digits"}}, {{"type", "ByteLevel"}, {"use_regex", true}}}}};
  CHECK_THROWS_WITH(load({{"tokenizer.json", digits.dump()},
                          {"tokenizer_config.json", R"({"add_prefix_space": true})"}}),
                    ContainsSubstring("add_prefix_space"));
}

TEST_CASE("classes with an algorithm of their own are refused by name",
          "[text][tokenizer_config]") {
  const auto refused = [](const char* name, const char* config, const char* word) {
    CHECK_THROWS_WITH(load({{"vocab.txt", small_vocabulary}, {name, config}}),
                      ContainsSubstring(word));
  };
  refused("tokenizer_config.json", R"({"tokenizer_class": "BertJapaneseTokenizer"})",
          "BertJapaneseTokenizer");
  refused("config.json", R"({"tokenizer_class": "BertJapaneseTokenizer"})",
          "BertJapaneseTokenizer");
  refused("tokenizer_config.json", R"({"tokenizer_class": "RoFormerTokenizerFast"})", "RoFormer");
  refused("tokenizer_config.json", R"({"word_tokenizer_type": "sudachi"})", "sudachi");
  refused("tokenizer_config.json", R"({"subword_tokenizer_type": "character"})", "character");
  refused("tokenizer_config.json", R"({"added_tokens_decoder": {"x": {"content": "y"}}})",
          "token ids as the keys");
  refused("added_tokens.json", R"({"y": 99999999})", "below 65560");
  refused("added_tokens.json", R"({"x": 65559, "y": 196654})", "below 65560");
  CHECK_NOTHROW(load({{"vocab.txt", small_vocabulary},
                      {"tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer",
                         "word_tokenizer_type": "basic", "unk_token": null})"}}));
}

TEST_CASE("a vocab.txt may have special tokens of other names", "[text][tokenizer_config]") {
  const text::Tokenizer tokenizer =
      load({{"vocab.txt", "<pad>\n<unk>\n<s>\n</s>\nthe\n"},
            {"tokenizer_config.json",
             R"({"unk_token": "<unk>", "cls_token": {"content": "<s>"}, "sep_token": "</s>"})"}});
  CHECK(tokenizer.encode_with_special("the <s> dog").ids == Tokens{2, 4, 2, 1, 3});
}

TEST_CASE("a tokenizer.model is read with the files beside it", "[text][tokenizer_config][data]") {
  if (support::skipped_without_data()) return;
  const support::TemporaryFolder folder;
  std::filesystem::copy_file(support::data_folder() / "tokenizers/llama2/tokenizer.model",
                             folder.path() / "tokenizer.model");
  const auto ids = [&](const char* config, const std::string& text) {
    folder.write("tokenizer_config.json", config);
    return text::load_tokenizer(folder.path()).encode(text);
  };
  // "▁the", "<s>", "dog", "▁dog"; the sentencepiece library gives these ids for each piece
  CHECK(ids(R"({"legacy": true})", "the<s>dog") == Tokens{278, 1, 11203});
  CHECK(ids("{}", "the<s>dog") == Tokens{278, 1, 11203});
  CHECK(ids(R"({"legacy": false})", "the<s>dog") == Tokens{278, 1, 26169});
  CHECK(ids(R"({"legacy": false})", "<s>dog") == Tokens{1, 26169});
  CHECK(ids(R"({"legacy": false})", "dog the") == Tokens{11203, 278});
  CHECK(ids(R"({"legacy": false})", " dog the") == Tokens{11203, 278});
  CHECK(ids("{}", " dog the") == Tokens{29871, 11203, 278});
  CHECK(ids(R"({"add_prefix_space": false})", "dog the") == Tokens{26169, 278});
  folder.write("added_tokens.json", R"({"<|im_end|>": 32000, "<|im_start|>": 32001})");
  CHECK(ids("{}", "<|im_start|>the dog<|im_end|>") == Tokens{32001, 278, 11203, 32000});
}

// BERT's vocab.txt: a token on every line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/file_kind.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/json_stages.hpp>
#include <painters/text/json_tokenizer.hpp>
#include <painters/text/normalizer.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/tokenizer.hpp>
#include <painters/text/tokenizer_config.hpp>
#include <painters/text/tokenizer_parts.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// `path`: a vocab.txt. The files beside it name more tokens (see tokenizer_config.hpp), and
/// tokenizer_config.json may say do_lower_case, tokenize_chinese_chars, strip_accents. Throws Error
/// if it cannot be read or lacks BERT's own tokens.
inline Tokenizer read_vocab_txt(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw Error("expected a vocabulary of BERT at " + path.string() +
                ", found no file that can be read; check the path");
  std::vector<VocabularyEntry> entries;
  std::unordered_map<std::string, std::size_t> lines;
  for (std::string line; std::getline(file, line);) {
    if (entries.empty() && !line.empty())
      formats::refuse_other_kinds(line, "a vocabulary of BERT", path);
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) {
      entries.emplace_back();
      continue;
    }
    // the last of equal lines is the token, as in a dict that is filled line by line
    if (const auto [it, first] = lines.try_emplace(line, entries.size()); !first) {
      entries[it->second] = {};
      it->second = entries.size();
    }
    const bool added = line == "[PAD]" || line == "[UNK]" || line == "[CLS]" || line == "[SEP]" ||
                       line == "[MASK]";
    entries.push_back({line, added ? line : detail::json_word_bytes(line, "##"), added});
  }
  const formats::JsonObject config = detail::tokenizer_config(path.parent_path());
  Vocabulary vocabulary(
      detail::ConfiguredTokens(std::move(entries), config, path.parent_path()).take(),
      path.string());
  const auto piece = [&](const char* key, const char* otherwise) {
    const auto value = config.find<nlohmann::json>(key);
    return value ? detail::special_token_text(*value, config.place()).content : otherwise;
  };
  const auto special = [&](const char* key, const char* otherwise) {
    const std::string text = piece(key, otherwise);
    if (const auto id = vocabulary.find(text)) return *id;
    throw Error("expected a token " + text + " in " + path.string() +
                ", found none; the file is not a vocabulary of BERT");
  };
  const auto surrounding =
      TextTemplate::bert(special("cls_token", "[CLS]"), special("sep_token", "[SEP]"));
  const formats::JsonObject model({{"unk_token", piece("unk_token", "[UNK]")}}, path.string());
  WordPiece word_piece = detail::json_word_piece(model, vocabulary, "##");

  const bool lowercase = detail::flag(config, "do_lower_case", true);
  TokenizerStages stages{.decoder = {.strip_first_blank = true, .words = true, .clean_up = true},
                         .surrounding = surrounding};
  stages.normalizer.then(
      bert_text({.chinese_chars = detail::flag(config, "tokenize_chinese_chars", true),
                 .strip_accents = detail::flag(config, "strip_accents", lowercase),
                 .lowercase = lowercase}));
  return Tokenizer(std::move(vocabulary), std::move(word_piece), {}, std::move(stages));
}

}  // namespace painters::text

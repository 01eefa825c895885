// BERT's vocab.txt: a token on every line.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/file_kind.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/json_stages.hpp>
#include <painters/text/json_surrounding.hpp>
#include <painters/text/json_tokenizer.hpp>
#include <painters/text/normalizer.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/tokenizer.hpp>
#include <painters/text/tokenizer_parts.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// `path`: a vocab.txt; tokenizer_config.json beside it may say do_lower_case,
/// tokenize_chinese_chars, strip_accents. Throws Error if it cannot be read or lacks BERT's own
/// tokens.
inline Tokenizer read_vocab_txt(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw Error("expected a vocabulary of BERT at " + path.string() +
                ", found no file that can be read; check the path");
  std::vector<VocabularyEntry> entries;
  for (std::string line; std::getline(file, line);) {
    if (entries.empty() && !line.empty())
      formats::refuse_other_kinds(line, "a vocabulary of BERT", path);
    if (line.ends_with('\r')) line.pop_back();
    const bool added = line == "[PAD]" || line == "[UNK]" || line == "[CLS]" || line == "[SEP]" ||
                       line == "[MASK]";
    entries.push_back({line, added ? line : detail::json_word_bytes(line, "##"), added});
  }
  Vocabulary vocabulary(std::move(entries), path.string());
  const auto special = [&](const char* piece) {
    if (const auto id = vocabulary.find(piece)) return *id;
    throw Error("expected a token " + std::string(piece) + " in " + path.string() +
                ", found none; the file is not a vocabulary of BERT");
  };
  const auto surrounding = TextTemplate::bert(special("[CLS]"), special("[SEP]"));
  const formats::JsonObject model({{"unk_token", "[UNK]"}}, path.string());
  WordPiece word_piece = detail::json_word_piece(model, vocabulary, "##");

  const formats::JsonObject config = detail::tokenizer_config(path.parent_path());
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

// Byte-level BPE tokenizers of model folders: tokenizer.json, and tokenizer_config.json beside it.
// Format: the tokenizers library of Hugging Face. What it can say and we do not do is refused, not
// passed over.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/byte_alphabet.hpp>
#include <painters/text/pre_tokenizer.hpp>
#include <painters/text/tokenizer.hpp>

namespace painters::text {

namespace detail {

using formats::JsonObject;

[[noreturn]] inline void unsupported(const JsonObject& object, const std::string& expected) {
  throw Error("expected " + expected + " in " + object.place() + ", found " +
              formats::detail::json_excerpt(object.value()) +
              "; use a model with a byte-level BPE tokenizer");
}

/// The members of a Sequence (of normalizers, of pre-tokenizers), or the object itself as the only
/// one.
inline std::vector<JsonObject> members(const JsonObject& object, std::string_view list) {
  if (object.get<std::string>("type") != "Sequence") return {object};
  std::vector<JsonObject> result;
  for (auto& member : object.get<std::vector<nlohmann::json>>(list))
    result.emplace_back(std::move(member), object.place());
  return result;
}

inline void add_rule(const JsonObject& rule, PreTokenizerRules& rules) {
  const auto type = rule.get<std::string>("type");
  if (type == "ByteLevel") {
    if (rule.find<bool>("add_prefix_space").value_or(false))
      unsupported(rule, "no space before the text");
    if (rule.find<bool>("use_regex").value_or(true)) rules.patterns.emplace_back(gpt2_pattern);
  } else if (type == "Digits") {
    rules.patterns.emplace_back(
        rule.find<bool>("individual_digits").value_or(false) ? every_digit_alone : R"(\p{N}+)");
  } else if (type == "Split") {
    const auto behaviour = rule.get<std::string>("behavior");
    const auto regex = rule.object("pattern").find<std::string>("Regex");
    if (!regex || behaviour != "Isolated" || rule.find<bool>("invert").value_or(false))
      unsupported(rule, "a Split by a Regex that isolates its matches");
    rules.patterns.push_back(*regex);
  } else {
    unsupported(rule, "a pre-tokenizer of type ByteLevel, Digits or Split");
  }
}

inline PreTokenizerRules json_rules(const JsonObject& file) {
  PreTokenizerRules rules;
  if (file.find<nlohmann::json>("normalizer"))
    for (const JsonObject& normalizer : members(file.object("normalizer"), "normalizers")) {
      if (normalizer.get<std::string>("type") != "NFC")
        unsupported(normalizer, "no normalizer but NFC");
      rules.nfc = true;
    }
  for (const JsonObject& rule : members(file.object("pre_tokenizer"), "pretokenizers"))
    add_rule(rule, rules);
  rules.ignore_merges = file.object("model").find<bool>("ignore_merges").value_or(false);
  return rules;
}

inline void place(std::vector<std::optional<VocabularyEntry>>& entries, std::size_t id,
                  VocabularyEntry entry, const JsonObject& file) {
  constexpr std::size_t most = 1u << 24;  // ids are dense: one far out would only cost memory
  if (id >= most)
    throw Error("expected token ids below " + std::to_string(most) + " in " + file.place() +
                ", found " + std::to_string(id));
  if (id >= entries.size()) entries.resize(id + 1);
  if (entries[id] && entries[id]->piece != entry.piece)
    throw Error("expected one token for each id in " + file.place() + ", found '" +
                entries[id]->piece + "' and '" + entry.piece + "' for " + std::to_string(id));
  entries[id] = std::move(entry);
}

inline Vocabulary json_vocabulary(const JsonObject& file) {
  std::vector<std::optional<VocabularyEntry>> entries;
  const JsonObject vocabulary = file.object("model").object("vocab");
  for (const auto& [piece, unused] : vocabulary.value().items()) {
    std::string bytes = from_byte_alphabet(piece).value_or(piece);
    place(entries, vocabulary.get<std::size_t>(piece), {piece, std::move(bytes), false}, file);
  }
  for (auto& json : file.find<std::vector<nlohmann::json>>("added_tokens")
                        .value_or(std::vector<nlohmann::json>{})) {
    const JsonObject token(std::move(json), "the added tokens of " + file.place());
    for (const char* option : {"single_word", "lstrip", "rstrip"})
      if (token.find<bool>(option).value_or(false))
        unsupported(token, std::string("an added token without ") + option);
    const auto content = token.get<std::string>("content");
    place(entries, token.get<std::size_t>("id"), {content, content, true}, file);
  }
  std::vector<VocabularyEntry> dense;
  dense.reserve(entries.size());
  for (std::size_t id = 0; id < entries.size(); ++id) {
    if (!entries[id])
      throw Error("expected every token id below " + std::to_string(entries.size()) + " in " +
                  file.place() + ", found none with " + std::to_string(id));
    dense.push_back(std::move(*entries[id]));
  }
  return Vocabulary(std::move(dense), file.place());
}

/// Merges are "a b" or, in newer files, ["a", "b"].
inline std::vector<std::pair<std::string, std::string>> json_merges(const JsonObject& model) {
  std::vector<std::pair<std::string, std::string>> merges;
  for (const nlohmann::json& merge : model.get<std::vector<nlohmann::json>>("merges")) {
    const auto pair = formats::detail::json_as<std::vector<std::string>>(merge);
    const auto line = formats::detail::json_as<std::string>(merge);
    const std::size_t space = line ? line->find(' ', 1) : std::string::npos;
    if (pair && pair->size() == 2)
      merges.emplace_back((*pair)[0], (*pair)[1]);
    else if (space != std::string::npos)
      merges.emplace_back(line->substr(0, space), line->substr(space + 1));
    else
      throw Error("expected merges of two tokens in " + model.place() + ", found " +
                  formats::detail::json_excerpt(merge));
  }
  return merges;
}

/// The id of a special token, which tokenizer_config.json gives as its text or as an object with
/// its text.
inline std::optional<TokenId> special_token(const JsonObject& config, std::string_view key,
                                            const Vocabulary& vocabulary) {
  const auto value = config.find<nlohmann::json>(key);
  if (!value) return std::nullopt;
  const auto content = value->is_object() ? config.object(key).get<std::string>("content")
                                          : config.get<std::string>(key);
  const auto id = vocabulary.find(content);
  if (!id)
    throw Error("expected " + std::string(key) + " of " + config.place() +
                " in the vocabulary of " + vocabulary.source() + ", found '" + content +
                "', which is not a token");
  return id;
}

}  // namespace detail

/// `path`: a tokenizer.json or the folder that holds it. Throws Error if it is another kind of
/// tokenizer, asks for something that we do not do, or contradicts itself.
inline Tokenizer read_tokenizer_json(const std::filesystem::path& path) {
  const auto json_path = std::filesystem::is_directory(path) ? path / "tokenizer.json" : path;
  const formats::JsonObject file = formats::read_json(json_path);
  const formats::JsonObject model = file.object("model");
  if (model.find<std::string>("type").value_or("BPE") != "BPE" ||
      model.find<bool>("byte_fallback").value_or(false))
    throw Error("expected a byte-level BPE tokenizer in " + file.place() +
                ", found another kind; use a model with such a one");

  Vocabulary vocabulary = detail::json_vocabulary(file);
  std::optional<TokenId> unknown;
  if (const auto piece = model.find<std::string>("unk_token")) unknown = vocabulary.find(*piece);
  ByteLevelBpe bpe(vocabulary, detail::json_merges(model), detail::json_rules(file), unknown);

  SpecialTokens special;
  const auto config_path = json_path.parent_path() / "tokenizer_config.json";
  if (std::filesystem::exists(config_path)) {
    const formats::JsonObject config = formats::read_json(config_path);
    special = {detail::special_token(config, "bos_token", vocabulary),
               detail::special_token(config, "eos_token", vocabulary),
               config.find<bool>("add_bos_token").value_or(false)};
  }
  return Tokenizer(std::move(vocabulary), std::move(bpe), special);
}

}  // namespace painters::text

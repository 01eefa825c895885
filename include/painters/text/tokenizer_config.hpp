// What the files beside a tokenizer say about it: tokenizer_config.json, and the older
// special_tokens_map.json and added_tokens.json. Format: the transformers library, of which a
// configuration names the class.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/json_vocabulary.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text::detail {

/// The class of transformers, without "Fast"; empty if the configuration names none.
inline std::string tokenizer_class(const JsonObject& config) {
  auto name = config.find<std::string>("tokenizer_class").value_or("");
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  return name;
}

/// Whether the class is one of `names`.
template <std::size_t n>
bool is_class(const JsonObject& config, const std::array<std::string_view, n>& names) {
  return std::ranges::find(names, tokenizer_class(config)) != names.end();
}

/// Throws Error if words are cut by a library that is no part of the files.
inline void refuse_other_algorithms(const JsonObject& config) {
  constexpr std::array<std::string_view, 17> others = {"BertJapaneseTokenizer",
                                                       "BertweetTokenizer",
                                                       "BioGptTokenizer",
                                                       "BlenderbotSmallTokenizer",
                                                       "ByT5Tokenizer",
                                                       "CTRLTokenizer",
                                                       "CanineTokenizer",
                                                       "CpmAntTokenizer",
                                                       "CpmTokenizer",
                                                       "EsmTokenizer",
                                                       "FSMTTokenizer",
                                                       "FlaubertTokenizer",
                                                       "GPTNeoXJapaneseTokenizer",
                                                       "PhobertTokenizer",
                                                       "RoFormerTokenizer",
                                                       "TransfoXLTokenizer",
                                                       "XLMTokenizer"};
  const auto refuse = [&](const std::string& found) {
    throw Error("expected a tokenizer whose files hold all its rules in " + config.place() +
                ", found " + found + "; give token ids or use a model with another tokenizer");
  };
  if (is_class(config, others))
    refuse("the class " + config.get<std::string>("tokenizer_class") +
           ", which cuts words by an algorithm of its own");
  constexpr std::array<std::pair<const char*, std::string_view>, 2> kinds = {
      {{"word_tokenizer_type", "basic"}, {"subword_tokenizer_type", "wordpiece"}}};
  for (const auto& [key, known] : kinds)
    if (const auto kind = config.find<std::string>(key).value_or(std::string(known)); kind != known)
      refuse("the " + std::string(key) + " '" + kind + "'");
}

/// The file of this name in a folder; an empty object if there is none.
inline JsonObject json_beside(const std::filesystem::path& folder, const char* name) {
  const auto path = folder / name;
  std::error_code error;
  return std::filesystem::exists(path, error) ? formats::read_json(path)
                                              : JsonObject(nlohmann::json::object(), path.string());
}

/// tokenizer_config.json beside a tokenizer, with the special tokens of special_tokens_map.json,
/// which win unless the configuration lists all added tokens itself, and the class that config.json
/// names. Throws Error for a class that does what no file describes.
inline JsonObject tokenizer_config(const std::filesystem::path& folder) {
  const JsonObject file = json_beside(folder, "tokenizer_config.json");
  nlohmann::json config = file.value();
  if (!config.contains("added_tokens_decoder"))
    config.update(json_beside(folder, "special_tokens_map.json").value());
  if (!config.contains("tokenizer_class"))
    if (const auto name =
            json_beside(folder, "config.json").find<nlohmann::json>("tokenizer_class"))
      config["tokenizer_class"] = *name;
  JsonObject result(std::move(config), file.place());
  refuse_other_algorithms(result);
  return result;
}

/// A special token as configurations give it: its text, or an object with its text and rules.
struct SpecialTokenText {
  std::string content;      // the token itself
  AddedTokenRules rules{};  // how it is found
};

inline SpecialTokenText special_token_text(const nlohmann::json& value, const std::string& place) {
  if (value.is_string()) return {value.get<std::string>()};
  const JsonObject token(value, place);
  return {token.get<std::string>("content"), json_added_rules(token)};
}

/// The special tokens that a configuration names, each with its key.
inline std::vector<std::pair<std::string, SpecialTokenText>> special_token_texts(
    const JsonObject& config) {
  std::vector<std::pair<std::string, SpecialTokenText>> result;
  const auto add = [&](const char* key, const nlohmann::json& value) {
    result.emplace_back(
        key, special_token_text(value, "\"" + std::string(key) + "\" of " + config.place()));
  };
  for (const char* key :
       {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"})
    if (const auto value = config.find<nlohmann::json>(key)) add(key, *value);
  for (const char* key : {"additional_special_tokens", "extra_special_tokens"})
    if (const auto list = config.find<nlohmann::json>(key))
      for (const nlohmann::json& value : *list) add(key, value);
  return result;
}

/// The tokens of a folder's files by id: those of its vocabulary, `entries`, and the added tokens
/// that `config` and added_tokens.json name. A token that the vocabulary has is found as a whole
/// from now on; one without an id of its own, or with one that another token has, gets the next
/// one, as in the tokenizers library. Throws Error for an id that no vocabulary of this size has.
class ConfiguredTokens {
 public:
  ConfiguredTokens(std::vector<VocabularyEntry> entries, const JsonObject& config,
                   const std::filesystem::path& folder)
      : entries_(std::move(entries)), most_(most_ids(entries_.size())) {
    for (std::size_t id = 0; id < entries_.size(); ++id) ids_.try_emplace(entries_[id].piece, id);
    const auto named = special_token_texts(config);
    if (config.contains("added_tokens_decoder")) {
      for (const auto& [id, token] : decoder(config.object("added_tokens_decoder")))
        add(token, id, config.place());
    } else {
      std::set<std::string> special;
      for (const auto& [key, token] : named) special.insert(token.content);
      for (const auto& [id, content] : encoder(json_beside(folder, "added_tokens.json")))
        if (!is_added(content))
          add({content, {.normalized = !special.contains(content)}}, id, config.place());
    }
    for (const auto& [key, token] : named) {
      if (is_added(token.content)) continue;
      // a beginning or an end that is no token is a mistake, which special_token() tells
      if (ids_.contains(token.content) || (key != "bos_token" && key != "eos_token"))
        add(token, std::nullopt, config.place());
    }
  }

  /// By id.
  std::vector<VocabularyEntry> take() { return std::move(entries_); }

 private:
  static std::map<std::size_t, SpecialTokenText> decoder(const JsonObject& file) {
    std::map<std::size_t, SpecialTokenText> result;
    for (const auto& [key, value] : file.value().items()) {
      std::size_t id = 0;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
      if (error != std::errc() || end != key.data() + key.size())
        throw Error("expected token ids as the keys of " + file.place() + ", found \"" + key +
                    "\"");
      const JsonObject token(value, file.place());
      SpecialTokenText text = special_token_text(value, file.place());
      text.rules.normalized =
          token.find<bool>("normalized").value_or(!token.find<bool>("special").value_or(false));
      result.emplace(id, std::move(text));
    }
    return result;
  }
  static std::map<std::size_t, std::string> encoder(const JsonObject& file) {
    std::map<std::size_t, std::string> result;
    for (const auto& [content, unused] : file.value().items())
      result.emplace(file.get<std::size_t>(content), content);
    return result;
  }

  bool is_added(const std::string& content) const {
    const auto found = ids_.find(content);
    return found != ids_.end() && entries_[found->second].added;
  }

  void add(const SpecialTokenText& token, std::optional<std::size_t> wanted,
           const std::string& place) {
    if (token.content.empty()) return;
    std::size_t id = wanted.value_or(entries_.size());
    if (const auto found = ids_.find(token.content); found != ids_.end()) {
      id = found->second;
    } else {
      if (id < entries_.size() && !entries_[id].piece.empty()) id = entries_.size();
      if (id >= most_)
        throw Error("expected added tokens with ids below " + std::to_string(most_) +
                    " for the vocabulary beside " + place + ", found '" + token.content +
                    "' with " + std::to_string(id));
      if (id >= entries_.size()) entries_.resize(id + 1);
      ids_.emplace(token.content, id);
    }
    entries_[id] = {token.content, token.content, true, token.rules};
  }

  std::vector<VocabularyEntry> entries_;
  std::size_t most_;
  std::unordered_map<std::string, std::size_t> ids_;
};

}  // namespace painters::text::detail

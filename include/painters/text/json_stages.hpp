// What tokenizer.json does to a text before the algorithm and to tokens after it: normalizers,
// pre-tokenizers, decoders. What it can ask for and we do not do is refused, never ignored.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/bert_text.hpp>
#include <painters/text/decoder.hpp>
#include <painters/text/metaspace.hpp>
#include <painters/text/normalizer.hpp>
#include <painters/text/pre_tokenizer.hpp>
#include <painters/text/tokenizer_config.hpp>
#include <painters/text/utf8.hpp>

namespace painters::text::detail {

using formats::JsonObject;

[[noreturn]] inline void unsupported(const JsonObject& object, const std::string& expected) {
  throw Error("expected " + expected + " in " + object.place() + ", found " +
              formats::detail::json_excerpt(object.value()) +
              "; use a model with another tokenizer");
}

/// The members of the Sequence (of normalizers, of pre-tokenizers) that `key` holds, or the object
/// itself as the only one; none if there is no such key.
inline std::vector<JsonObject> members(const JsonObject& file, std::string_view key,
                                       std::string_view list) {
  if (!file.find<nlohmann::json>(key)) return {};
  constexpr std::size_t most = 64;  // real ones have a handful, and every one reads the text
  const JsonObject object = file.object(key);
  if (object.get<std::string>("type") != "Sequence") return {object};
  std::vector<JsonObject> result;
  for (auto& member : object.get<std::vector<nlohmann::json>>(list)) {
    if (result.size() == most) unsupported(object, "at most " + std::to_string(most) + " rules");
    result.emplace_back(std::move(member), object.place());
  }
  return result;
}

inline bool flag(const JsonObject& object, std::string_view key, bool otherwise) {
  return object.find<bool>(key).value_or(otherwise);
}

/// What a rule inserts into a text: a few characters at most, so that no rule blows up a short
/// text.
inline std::string json_insertion(const JsonObject& rule, std::string_view key) {
  constexpr std::size_t most = 64;
  auto text = rule.get<std::string>(key);
  if (text.size() > most) unsupported(rule, "at most " + std::to_string(most) + " bytes to insert");
  return text;
}

inline Normalizer::Step json_replace(const JsonObject& rule) {
  const JsonObject pattern = rule.object("pattern");
  auto content = json_insertion(rule, "content");
  if (const auto regex = pattern.find<std::string>("Regex"))
    return replace_matches(*regex, std::move(content));
  auto text = pattern.get<std::string>("String");
  if (text.empty()) unsupported(rule, "a Replace of something");
  return replace_text(std::move(text), std::move(content));
}

/// A configuration of BERT's class, or of none, wins over the rule; where it names the class, what
/// it does not say is the default of the class.
inline BertRules json_bert(const JsonObject& rule, const JsonObject& config) {
  constexpr std::array<std::string_view, 11> classes = {
      "BertTokenizer",       "ConvBertTokenizer", "DistilBertTokenizer", "ElectraTokenizer",
      "FunnelTokenizer",     "LayoutLMTokenizer", "LxmertTokenizer",     "MPNetTokenizer",
      "MobileBertTokenizer", "SplinterTokenizer", "SqueezeBertTokenizer"};
  const bool named = is_class(config, classes), wins = named || tokenizer_class(config).empty();
  const auto rule_or = [&](const char* key, const char* wanted, bool otherwise) {
    const bool of_rule = named ? otherwise : flag(rule, key, otherwise);
    return wins ? flag(config, wanted, of_rule) : of_rule;
  };
  const bool lowercase = rule_or("lowercase", "do_lower_case", true);
  return {.clean_text = flag(rule, "clean_text", true),
          .chinese_chars = rule_or("handle_chinese_chars", "tokenize_chinese_chars", true),
          .strip_accents = rule_or("strip_accents", "strip_accents", lowercase),
          .lowercase = lowercase};
}

/// What a configuration says of a blank before texts; empty if nothing, or if transformers does not
/// listen to it for want of a class that has the key.
template <std::size_t n>
std::optional<bool> configured_blank(const JsonObject& config,
                                     const std::array<std::string_view, n>& classes) {
  if (!is_class(config, classes) && !tokenizer_class(config).empty()) return std::nullopt;
  return config.find<bool>("add_prefix_space");
}

inline constexpr std::array<std::string_view, 2> metaspace_classes = {"CodeLlamaTokenizer",
                                                                      "LlamaTokenizer"};

inline Normalizer json_normalizer(const JsonObject& file, const JsonObject& config) {
  Normalizer normalizer;
  for (const JsonObject& rule : members(file, "normalizer", "normalizers")) {
    const auto type = rule.get<std::string>("type");
    if (type == "NFC")
      normalizer.then(normal_form(NormalForm::c));
    else if (type == "NFD")
      normalizer.then(normal_form(NormalForm::d));
    else if (type == "NFKC")
      normalizer.then(normal_form(NormalForm::kc));
    else if (type == "NFKD")
      normalizer.then(normal_form(NormalForm::kd));
    else if (type == "Lowercase")
      normalizer.then([](std::string_view text) { return to_lower(text); });
    else if (type == "StripAccents")
      normalizer.then(strip_marks());
    else if (type == "Prepend")
      normalizer.then(configured_blank(config, metaspace_classes).value_or(true)
                          ? prepend(json_insertion(rule, "prepend"))
                          : prepend(""));
    else if (type == "Replace")
      normalizer.then(json_replace(rule));
    else if (type == "BertNormalizer")
      normalizer.then(bert_text(json_bert(rule, config)));
    else
      unsupported(rule,
                  "a normalizer of type NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Prepend, "
                  "Replace or BertNormalizer");
  }
  return normalizer;
}

/// How texts are cut.
struct JsonWords {
  PreTokenizerRules rules;  // for bytes
  bool byte_level = false;
  bool bert = false;
  bool prefix_blank = false;  // before every piece that does not begin with white space
  std::optional<MetaspaceRules> metaspace;
};

inline MetaspaceRules json_metaspace(const JsonObject& rule) {
  if (rule.find<std::string>("replacement").value_or(std::string(metaspace)) != metaspace)
    unsupported(rule, "'" + std::string(metaspace) + "' for a blank");
  const auto scheme = rule.find<std::string>("prepend_scheme")
                          .value_or(flag(rule, "add_prefix_space", true) ? "always" : "never");
  using Prepend = MetaspaceRules::Prepend;
  if (scheme != "always" && scheme != "first" && scheme != "never")
    unsupported(rule, "a prepend_scheme of always, first or never");
  return {.prepend = scheme == "always"  ? Prepend::always
                     : scheme == "first" ? Prepend::first
                                         : Prepend::never,
          .split = flag(rule, "split", true)};
}

/// Whether bytes get a blank before them: what the configuration says wins.
inline bool json_prefix_blank(const JsonObject& rule, const JsonObject& config) {
  constexpr std::array<std::string_view, 4> classes = {"CodeGenTokenizer", "GPT2Tokenizer",
                                                       "GPTNeoXTokenizer", "Qwen2Tokenizer"};
  return configured_blank(config, classes)
      .value_or(!is_class(config, classes) && flag(rule, "add_prefix_space", false));
}

/// The rules of a Metaspace, in which the configuration has the last word on the first blank.
inline MetaspaceRules configured_metaspace(const JsonObject& rule, const JsonObject& config) {
  using Prepend = MetaspaceRules::Prepend;
  MetaspaceRules rules = json_metaspace(rule);
  if (const auto blank = configured_blank(config, metaspace_classes)) {
    if (!*blank)
      rules.prepend = Prepend::never;
    else if (rules.prepend == Prepend::never)
      rules.prepend = flag(config, "legacy", true) ? Prepend::always : Prepend::first;
  }
  return rules;
}

inline void add_rule(const JsonObject& rule, const JsonObject& config, JsonWords& words) {
  auto& patterns = words.rules.patterns;
  const auto type = rule.get<std::string>("type");
  if (type == "ByteLevel") {
    words.prefix_blank = json_prefix_blank(rule, config);
    if (words.prefix_blank && !patterns.empty())
      unsupported(rule, "no add_prefix_space of true, here or in " + config.place() +
                            ", where other rules cut the text before");
    if (flag(rule, "use_regex", true)) patterns.emplace_back(gpt2_pattern);
    words.byte_level = true;
  } else if (type == "Digits") {
    patterns.emplace_back(flag(rule, "individual_digits", false) ? every_digit_alone : R"(\p{N}+)");
  } else if (type == "Split") {
    const auto behaviour = rule.get<std::string>("behavior");
    const auto regex = rule.object("pattern").find<std::string>("Regex");
    if (!regex || behaviour != "Isolated" || flag(rule, "invert", false))
      unsupported(rule, "a Split by a Regex that isolates its matches");
    patterns.push_back(*regex);
  } else if (type == "Metaspace" && !words.metaspace) {
    words.metaspace = configured_metaspace(rule, config);
  } else if (type == "BertPreTokenizer") {
    words.bert = true;
  } else {
    unsupported(rule,
                "a pre-tokenizer of type ByteLevel, Digits, Split, Metaspace or BertPreTokenizer");
  }
}

inline JsonWords json_words(const JsonObject& file, const JsonObject& config) {
  JsonWords words;
  for (const JsonObject& rule : members(file, "pre_tokenizer", "pretokenizers"))
    add_rule(rule, config, words);
  words.rules.ignore_merges = flag(file.object("model"), "ignore_merges", false);
  return words;
}

/// How tokens become text.
struct JsonDecoder {
  Decoder decoder;
  bool metaspace = false;  // "▁" stands for a blank
  bool bytes = false;      // "<0x0A>" stands for a byte
};

inline JsonDecoder json_decoder(const JsonObject& file) {
  JsonDecoder result;
  for (const JsonObject& rule : members(file, "decoder", "decoders")) {
    const auto type = rule.get<std::string>("type");
    if (type == "Metaspace") {
      result.metaspace = true;
      result.decoder.strip_first_blank =
          json_metaspace(rule).prepend != MetaspaceRules::Prepend::never;
    } else if (type == "WordPiece") {
      result.decoder = {
          .strip_first_blank = true, .words = true, .clean_up = flag(rule, "cleanup", true)};
    } else if (type == "ByteFallback") {
      result.bytes = true;
    } else if (type == "Replace") {
      if (rule.object("pattern").find<std::string>("String") != metaspace ||
          rule.get<std::string>("content") != " ")
        unsupported(rule, "a Replace of '" + std::string(metaspace) + "' by a blank");
      result.metaspace = true;
    } else if (type == "Strip") {
      const auto start = rule.find<std::size_t>("start").value_or(0);
      if (rule.get<std::string>("content") != " " || start > 1 ||
          rule.find<std::size_t>("stop").value_or(0) != 0)
        unsupported(rule, "a Strip of one blank at the start");
      result.decoder.strip_first_blank = start == 1;
    } else if (type != "ByteLevel" && type != "Fuse") {
      unsupported(rule,
                  "a decoder of type ByteLevel, Metaspace, WordPiece, ByteFallback, Replace, Strip "
                  "or Fuse");
    }
  }
  return result;
}

}  // namespace painters::text::detail

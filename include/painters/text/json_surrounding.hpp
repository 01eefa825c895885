// What tokenizer.json and tokenizer_config.json put around a text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/json_stages.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/token.hpp>
#include <painters/text/tokenizer.hpp>
#include <painters/text/tokenizer_config.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text::detail {

/// A list of {"SpecialToken": {"id", "type_id"}} and {"Sequence": {"id": "A" or "B", "type_id"}}.
inline std::vector<TemplatePart> json_template(const JsonObject& processor, std::string_view list) {
  constexpr std::size_t most = 100;  // real ones have a handful
  std::vector<TemplatePart> parts;
  const JsonObject specials = processor.contains("special_tokens")
                                  ? processor.object("special_tokens")
                                  : JsonObject(nlohmann::json::object(), processor.place());
  for (auto& json : processor.get<std::vector<nlohmann::json>>(list)) {
    const JsonObject part(std::move(json), "\"" + std::string(list) + "\" of " + processor.place());
    if (part.contains("Sequence")) {
      const JsonObject text = part.object("Sequence");
      const auto name = text.get<std::string>("id");
      if (name != "A" && name != "B") unsupported(text, "a Sequence A or B");
      parts.push_back({std::nullopt, name == "B", text.find<int>("type_id").value_or(0)});
    } else {
      const JsonObject special = part.object("SpecialToken");
      const auto name = special.get<std::string>("id");
      const auto ids = specials.object(name).get<std::vector<TokenId>>("ids");
      for (const TokenId id : ids)
        parts.push_back({id, false, special.find<int>("type_id").value_or(0)});
    }
    if (parts.size() > most)
      unsupported(processor,
                  "at most " + std::to_string(most) + " parts of \"" + std::string(list) + "\"");
  }
  return parts;
}

/// ["[CLS]", 101] of a BertProcessing.
inline TokenId json_pair_id(const JsonObject& processor, std::string_view key) {
  const auto pair = processor.get<std::vector<nlohmann::json>>(key);
  const auto id = pair.size() == 2 ? formats::detail::json_as<TokenId>(pair[1]) : std::nullopt;
  if (!id) unsupported(processor, "a token and its id as \"" + std::string(key) + "\"");
  return *id;
}

/// The template of the post-processor; empty if none adds anything.
inline std::optional<TextTemplate> json_surrounding(const JsonObject& file) {
  std::optional<TextTemplate> result;
  for (const JsonObject& processor : members(file, "post_processor", "processors")) {
    const auto type = processor.get<std::string>("type");
    if (type == "TemplateProcessing")
      result = {json_template(processor, "single"), json_template(processor, "pair")};
    else if (type == "BertProcessing")
      result = TextTemplate::bert(json_pair_id(processor, "cls"), json_pair_id(processor, "sep"));
    else if (type != "ByteLevel")  // that one only counts characters
      unsupported(processor, "a post-processor of type TemplateProcessing or BertProcessing");
  }
  return result;
}

/// The id of a special token, which tokenizer_config.json gives as its text or as an object with
/// its text.
inline std::optional<TokenId> special_token(const JsonObject& config, std::string_view key,
                                            const Vocabulary& vocabulary) {
  const auto value = config.find<nlohmann::json>(key);
  if (!value) return std::nullopt;
  const auto content = special_token_text(*value, config.place()).content;
  const auto id = vocabulary.find(content);
  if (!id)
    throw Error("expected " + std::string(key) + " of " + config.place() +
                " in the vocabulary of " + vocabulary.source() + ", found '" + content +
                "', which is not a token");
  return id;
}

/// The tokens at the beginning and the end of texts that the configuration names; `adds_bos` is for
/// configurations that do not say whether there is a first one.
inline SpecialTokens special_tokens(const JsonObject& config, const Vocabulary& vocabulary,
                                    bool adds_bos) {
  return {special_token(config, "bos_token", vocabulary),
          special_token(config, "eos_token", vocabulary), flag(config, "add_bos_token", adds_bos)};
}

/// Those that it wants around every text.
inline TextTemplate configured_surrounding(const JsonObject& config, const SpecialTokens& special) {
  return TextTemplate::around(special.add_bos ? special.bos : std::nullopt,
                              flag(config, "add_eos_token", false) ? special.eos : std::nullopt);
}

}  // namespace painters::text::detail

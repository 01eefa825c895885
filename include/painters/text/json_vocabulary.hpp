// Tokens and merges of tokenizer.json. Format: the tokenizers library of Hugging Face.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text::detail {

using formats::JsonObject;

/// `entries` has room for as many as there are: ids are dense.
inline void place(std::vector<std::optional<VocabularyEntry>>& entries, std::size_t id,
                  VocabularyEntry entry, const std::string& source) {
  if (id >= entries.size())
    throw Error("expected token ids below " + std::to_string(entries.size()) +
                ", as many as there are tokens, in " + source + ", found " + std::to_string(id));
  if (entries[id] && entries[id]->piece != entry.piece)
    throw Error("expected one token for each id in " + source + ", found '" + entries[id]->piece +
                "' and '" + entry.piece + "' for " + std::to_string(id));
  entries[id] = std::move(entry);
}

/// `bytes(piece)`: what a token stands for, if it is not an added one.
template <class Bytes>
Vocabulary json_vocabulary(const JsonObject& file, Bytes&& bytes) {
  const JsonObject vocabulary = file.object("model").object("vocab");
  auto added = file.find<std::vector<nlohmann::json>>("added_tokens")
                   .value_or(std::vector<nlohmann::json>{});
  std::vector<std::optional<VocabularyEntry>> entries(vocabulary.value().size() + added.size());
  for (const auto& [piece, unused] : vocabulary.value().items())
    place(entries, vocabulary.get<std::size_t>(piece), {piece, bytes(piece), false}, file.place());
  for (auto& json : added) {
    const JsonObject token(std::move(json), "the added tokens of " + file.place());
    const auto content = token.get<std::string>("content");
    const auto flag = [&](const char* name) { return token.find<bool>(name).value_or(false); };
    place(entries, token.get<std::size_t>("id"),
          {content,
           content,
           true,
           {.normalized = flag("normalized"),
            .strip_left = flag("lstrip"),
            .strip_right = flag("rstrip"),
            .single_word = flag("single_word")}},
          file.place());
  }
  while (!entries.empty() && !entries.back())
    entries.pop_back();  // added ones may be among the others
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

/// The token for what the vocabulary lacks; empty if the file names none or one that is not there.
inline std::optional<TokenId> json_unknown(const JsonObject& model, const Vocabulary& vocabulary) {
  const auto piece = model.find<std::string>("unk_token");
  return piece ? vocabulary.find(*piece) : std::nullopt;
}

}  // namespace painters::text::detail

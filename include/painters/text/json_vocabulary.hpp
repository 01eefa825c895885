// Tokens and merges of tokenizer.json. Format: the tokenizers library of Hugging Face.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text::detail {

using formats::JsonObject;

/// How an added token is found; what the file does not say is not done.
inline AddedTokenRules json_added_rules(const JsonObject& token) {
  const auto flag = [&](const char* name) { return token.find<bool>(name).value_or(false); };
  return {.normalized = flag("normalized"),
          .strip_left = flag("lstrip"),
          .strip_right = flag("rstrip"),
          .single_word = flag("single_word")};
}

/// The most ids that a file of so many tokens may have: files leave ids out, but a damaged one must
/// not cost much memory.
inline std::size_t most_ids(std::size_t tokens) { return 2 * tokens + 65'536; }

/// Puts a token at its id. Throws Error if another token has that id.
inline void place(std::vector<VocabularyEntry>& entries, std::size_t id, VocabularyEntry entry,
                  const std::string& source) {
  if (id >= entries.size()) entries.resize(id + 1);
  if (!entries[id].piece.empty() && entries[id].piece != entry.piece)
    throw Error("expected one token for each id in " + source + ", found '" + entries[id].piece +
                "' and '" + entry.piece + "' for " + std::to_string(id));
  entries[id] = std::move(entry);
}

/// The tokens by id; `bytes(piece)`: what a token stands for, if it is not an added one. An added
/// token that the vocabulary has too keeps the vocabulary's id, as in the tokenizers library.
template <class Bytes>
std::vector<VocabularyEntry> json_vocabulary(const JsonObject& file, Bytes&& bytes) {
  const JsonObject vocabulary = file.object("model").object("vocab");
  auto added = file.find<std::vector<nlohmann::json>>("added_tokens")
                   .value_or(std::vector<nlohmann::json>{});
  const std::size_t tokens = vocabulary.value().size() + added.size();
  const auto checked = [&](std::size_t id) {
    if (id >= most_ids(tokens))
      throw Error("expected token ids below " + std::to_string(most_ids(tokens)) + " for the " +
                  std::to_string(tokens) + " tokens in " + file.place() + ", found " +
                  std::to_string(id));
    return id;
  };
  std::vector<VocabularyEntry> entries;
  for (const auto& [piece, unused] : vocabulary.value().items())
    place(entries, checked(vocabulary.get<std::size_t>(piece)), {piece, bytes(piece), false},
          file.place());
  std::unordered_map<std::string, std::size_t> ids;
  for (auto& json : added) {
    const JsonObject token(std::move(json), "the added tokens of " + file.place());
    const auto content = token.get<std::string>("content");
    const auto id = token.get<std::size_t>("id");
    const auto known = vocabulary.find<std::size_t>(content);
    place(entries, checked(ids.try_emplace(content, known.value_or(id)).first->second),
          {content, content, true, json_added_rules(token)}, file.place());
  }
  return entries;
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

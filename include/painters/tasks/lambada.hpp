// LAMBADA (Paperno et al., 2016) as OpenAI published it: the last word of a passage. A line is
// {"text"}.
#pragma once

#include <string>

#include <painters/formats/json.hpp>
#include <painters/tasks/task.hpp>

namespace painters::tasks {

namespace detail {

inline bool recognizes_lambada(const formats::JsonObject& line) {
  return line.contains("text") && !line.contains("label");
}

/// The text is split at its last ' ', which goes to the continuation.
inline Document lambada_document(const formats::JsonObject& line) {
  const std::string text = line.get<std::string>("text");
  const std::size_t space = text.rfind(' ');
  if (text.empty() || space == text.size() - 1)
    throw Error(
        line.place() +
        ": expected \"text\" to end with the word to predict, found no word after its last space");
  Document document;
  if (space == std::string::npos)
    document.requests.push_back({"", ' ' + text});
  else
    document.requests.push_back({text.substr(0, space), text.substr(space)});
  return document;
}

}  // namespace detail

/// The last word is the continuation, the passage before it the context.
inline constexpr Task lambada_openai{.name = "lambada_openai",
                                     .title = "LAMBADA",
                                     .data_set = "LAMBADA",
                                     .chance = 0,
                                     .metrics = {&perplexity, &acc},
                                     .in_paper = InPaper::all,
                                     .recognizes = detail::recognizes_lambada,
                                     .document = detail::lambada_document};

}  // namespace painters::tasks

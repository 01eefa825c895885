// HellaSwag (Zellers et al., 2019): which of four endings continues a text. A line has
// {"activity_label", "ctx_a", "ctx_b", "endings": [4 texts], "label"}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <painters/formats/json.hpp>
#include <painters/tasks/gold.hpp>
#include <painters/tasks/task.hpp>
#include <painters/text/python_text.hpp>

namespace painters::tasks {

namespace detail {

/// Removes what stands in brackets within a line: Python's re.sub(r"\[.*?\]", "", text).
inline std::string without_brackets(std::string_view text) {
  std::string result;
  for (std::size_t at = 0;;) {
    const std::size_t open = text.find('[', at);
    const std::size_t close =
        open == std::string_view::npos ? open : text.find_first_of("]\n", open);
    if (close == std::string_view::npos) return result += text.substr(at);
    const bool dropped = text[close] == ']';
    result += text.substr(at, (dropped ? open : close) - at);
    at = dropped ? close + 1 : close;
  }
}

/// Removes what WikiHow's pages left in the texts, as the harness does.
inline std::string hellaswag_text(std::string_view text) {
  return text::replace(without_brackets(text::replace(text::strip(text), " [title]", ". ")), "  ",
                       " ");
}

inline bool recognizes_hellaswag(const formats::JsonObject& line) {
  return line.contains("endings") && line.contains("ctx_a");
}

inline Document hellaswag_document(const formats::JsonObject& line) {
  const std::string context = hellaswag_text(line.get<std::string>("activity_label") + ": " +
                                             line.get<std::string>("ctx_a") + ' ' +
                                             text::capitalize(line.get<std::string>("ctx_b")));
  const std::vector<std::string> endings = line.get<std::vector<std::string>>("endings");
  if (endings.size() != 4)
    throw Error(line.place() + ": expected four texts in \"endings\", found " +
                std::to_string(endings.size()));
  Document document;
  document.gold = gold_position(line, "label", {"0", "1", "2", "3"});
  for (const std::string& ending : endings) {
    const std::string choice = hellaswag_text(ending);
    document.requests.push_back({context, ' ' + choice});
    document.choice_lengths.push_back(text::length(choice));
  }
  return document;
}

}  // namespace detail

/// All choices have the same context; the ending is the continuation.
inline constexpr Task hellaswag{.name = "hellaswag",
                                .title = "HellaSwag",
                                .data_set = "HellaSwag",
                                .chance = 0.25,
                                .metrics = {&acc, &acc_norm},
                                .in_paper = InPaper::windows,
                                .recognizes = detail::recognizes_hellaswag,
                                .document = detail::hellaswag_document};

}  // namespace painters::tasks

// ARC (Clark et al., 2018): science questions with three to five choices. A line is that of
// Hugging Face, {"question", "choices": {"text": [...], "label": [...]}, "answerKey"}, or the
// original one, {"question": {"stem", "choices": [{"text", "label"}]}, "answerKey"}; labels are
// letters or numbers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <painters/formats/json.hpp>
#include <painters/tasks/gold.hpp>
#include <painters/tasks/task.hpp>
#include <painters/text/python_text.hpp>

namespace painters::tasks {

namespace detail {

inline bool recognizes_arc(const formats::JsonObject& line) {
  return line.contains("answerKey") && line.contains("question");
}

struct ArcQuestion {
  std::string question;
  std::vector<std::string> choices;
  std::vector<std::string> labels;
};

inline ArcQuestion original_arc_question(const formats::JsonObject& question) {
  ArcQuestion result{question.get<std::string>("stem"), {}, {}};
  for (auto& element : question.get<std::vector<nlohmann::json>>("choices")) {
    const formats::JsonObject choice(std::move(element), "\"choices\" of " + question.place());
    result.choices.push_back(choice.get<std::string>("text"));
    result.labels.push_back(label(choice, "label"));
  }
  return result;
}

inline ArcQuestion arc_question(const formats::JsonObject& line) {
  if (line.contains("question") && line.value()["question"].is_object())
    return original_arc_question(line.object("question"));
  const formats::JsonObject choices = line.object("choices");
  return {line.get<std::string>("question"), choices.get<std::vector<std::string>>("text"),
          choices.get<std::vector<std::string>>("label")};
}

inline Document arc_document(const formats::JsonObject& line) {
  const auto [question, choices, labels] = arc_question(line);
  if (choices.size() < 2 || choices.size() != labels.size())
    throw Error(line.place() + ": expected at least two choices with a label each, found " +
                std::to_string(choices.size()) + " choices and " + std::to_string(labels.size()) +
                " labels");
  Document document;
  document.gold = gold_position(line, "answerKey", labels);
  for (const std::string& choice : choices) {
    document.requests.push_back({"Question: " + question + "\nAnswer:", ' ' + choice});
    document.choice_lengths.push_back(text::length(choice));
  }
  return document;
}

}  // namespace detail

/// The questions that both retrieval and word co-occurrence got wrong.
inline constexpr Task arc_challenge{.name = "arc_challenge",
                                    .title = "ARC",
                                    .data_set = "ARC",
                                    .chance = 0.25,
                                    .metrics = {&acc, &acc_norm},
                                    .in_paper = InPaper::windows,
                                    .recognizes = detail::recognizes_arc,
                                    .document = detail::arc_document};

/// The other questions.
inline constexpr Task arc_easy{.name = "arc_easy",
                               .title = "ARC (easy)",
                               .data_set = "ARC",
                               .chance = 0.25,
                               .metrics = {&acc, &acc_norm},
                               .in_paper = InPaper::no,
                               .recognizes = detail::recognizes_arc,
                               .document = detail::arc_document};

}  // namespace painters::tasks

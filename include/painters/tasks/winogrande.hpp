// WinoGrande (Sakaguchi et al., 2019): who or what the blank stands for. A line has
// {"sentence" with one '_', "option1", "option2", "answer": "1" or "2"}.
//
// "Partial" scoring (Trinh and Le, 2018): the choices are the contexts, the sentence up to the
// blank with an option in its place; the continuation is the rest of the sentence.
#pragma once

#include <string>
#include <string_view>

#include <painters/formats/json.hpp>
#include <painters/tasks/gold.hpp>
#include <painters/tasks/task.hpp>
#include <painters/text/python_text.hpp>

namespace painters::tasks {

namespace detail {

inline bool recognizes_winogrande(const formats::JsonObject& line) {
  return line.contains("sentence") && line.contains("option1");
}

inline Document winogrande_document(const formats::JsonObject& line) {
  const std::string sentence = line.get<std::string>("sentence");
  const std::size_t blank = sentence.find('_');
  if (blank == std::string::npos)
    throw Error(line.place() + ": expected a blank, '_', in \"sentence\", found none");
  const std::string before = sentence.substr(0, blank);
  const std::string after{text::strip(std::string_view(sentence).substr(blank + 1))};
  if (after.empty())
    throw Error(line.place() +
                ": expected \"sentence\" to continue after its blank, '_', found its end");
  Document document;
  document.gold = gold_position(line, "answer", {"1", "2"});
  for (const char* option : {"option1", "option2"})
    document.requests.push_back({before + line.get<std::string>(option), ' ' + after});
  return document;
}

}  // namespace detail

/// The choices are in the contexts; both have the same continuation.
inline constexpr Task winogrande{.name = "winogrande",
                                 .title = "WinoGrande",
                                 .data_set = "WinoGrande",
                                 .chance = 0.5,
                                 .metrics = {&acc},
                                 .in_paper = InPaper::windows,
                                 .recognizes = detail::recognizes_winogrande,
                                 .document = detail::winogrande_document};

}  // namespace painters::tasks

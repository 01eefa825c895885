#include <painters/tasks/tasks.hpp>
#include <painters/text/python_text.hpp>

#include <initializer_list>
#include <utility>

#include "support/catch.hpp"

using namespace painters;
using Json = nlohmann::json;

namespace {

tasks::Document document_of(const tasks::Task& task, const char* line) {
  return task.document(formats::JsonObject::parse(line, "line 1"));
}

std::string error_of(const tasks::Task& task, const char* line) {
  try {
    document_of(task, line);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("text operations are those of Python's str", "[tasks][python_text]") {
  CHECK(text::capitalize("the Lady ROWS") == "The lady rows");
  // As CPython 3.11 gives them: full title cases, and sigmas at the end of a word.
  for (const auto& [given, expected] :
       std::initializer_list<std::pair<const char*, const char*>>{{"\xc3"
                                                                   "\x9f"
                                                                   "mall THINGS",
                                                                   "Ssmall things"},
                                                                  {"\xce"
                                                                   "\x9f"
                                                                   "\xce"
                                                                   "\x94"
                                                                   "\xce"
                                                                   "\xa5"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "\xce"
                                                                   "\x95"
                                                                   "\xce"
                                                                   "\xa5"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "",
                                                                   "\xce"
                                                                   "\x9f"
                                                                   "\xce"
                                                                   "\xb4"
                                                                   "\xcf"
                                                                   "\x85"
                                                                   "\xcf"
                                                                   "\x83"
                                                                   "\xcf"
                                                                   "\x83"
                                                                   "\xce"
                                                                   "\xb5"
                                                                   "\xcf"
                                                                   "\x85"
                                                                   "\xcf"
                                                                   "\x82"
                                                                   ""},
                                                                  {"\xef"
                                                                   "\xac"
                                                                   "\x81"
                                                                   "sh FISH",
                                                                   "Fish fish"},
                                                                  {"\xc5"
                                                                   "\x89"
                                                                   " N",
                                                                   "\xca"
                                                                   "\xbc"
                                                                   "N n"},
                                                                  {"\xce"
                                                                   "\xa3"
                                                                   "\xce"
                                                                   "\x91"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   ".\xce"
                                                                   "\xa3"
                                                                   "\xce"
                                                                   "\x91"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   " \xce"
                                                                   "\xa3"
                                                                   " \xce"
                                                                   "\xa3"
                                                                   "'\xce"
                                                                   "\xa3"
                                                                   "",
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "\xce"
                                                                   "\xb1"
                                                                   "\xcf"
                                                                   "\x83"
                                                                   ".\xcf"
                                                                   "\x83"
                                                                   "\xce"
                                                                   "\xb1"
                                                                   "\xcf"
                                                                   "\x82"
                                                                   " \xcf"
                                                                   "\x83"
                                                                   " \xcf"
                                                                   "\x83"
                                                                   "'\xcf"
                                                                   "\x82"
                                                                   ""},
                                                                  {"\xc4"
                                                                   "\xb0"
                                                                   "STANBUL \xc4"
                                                                   "\xb0"
                                                                   "",
                                                                   "\xc4"
                                                                   "\xb0"
                                                                   "stanbul i\xcc"
                                                                   "\x87"
                                                                   ""},
                                                                  {"\xce"
                                                                   "\x91"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "\xe2"
                                                                   "\x80"
                                                                   "\x99"
                                                                   "",
                                                                   "\xce"
                                                                   "\x91"
                                                                   "\xcf"
                                                                   "\x82"
                                                                   "\xe2"
                                                                   "\x80"
                                                                   "\x99"
                                                                   ""},
                                                                  {"\xce"
                                                                   "\x91"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "\xe2"
                                                                   "\x80"
                                                                   "\x99"
                                                                   "\xce"
                                                                   "\x91"
                                                                   "",
                                                                   "\xce"
                                                                   "\x91"
                                                                   "\xcf"
                                                                   "\x83"
                                                                   "\xe2"
                                                                   "\x80"
                                                                   "\x99"
                                                                   "\xce"
                                                                   "\xb1"
                                                                   ""},
                                                                  {"\xce"
                                                                   "\xa3"
                                                                   "",
                                                                   "\xce"
                                                                   "\xa3"
                                                                   ""},
                                                                  {"a\xce"
                                                                   "\xa3"
                                                                   "",
                                                                   "A\xcf"
                                                                   "\x82"
                                                                   ""},
                                                                  {"a.\xce"
                                                                   "\xa3"
                                                                   "",
                                                                   "A.\xcf"
                                                                   "\x82"
                                                                   ""},
                                                                  {"\xc7"
                                                                   "\x86"
                                                                   "UNGLA",
                                                                   "\xc7"
                                                                   "\x85"
                                                                   "ungla"},
                                                                  {"\xe1"
                                                                   "\xbe"
                                                                   "\xb3"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "",
                                                                   "\xe1"
                                                                   "\xbe"
                                                                   "\xbc"
                                                                   "\xcf"
                                                                   "\x82"
                                                                   ""},
                                                                  {"\xce"
                                                                   "\x90"
                                                                   " \xce"
                                                                   "\xa3"
                                                                   "a",
                                                                   "\xce"
                                                                   "\x99"
                                                                   "\xcc"
                                                                   "\x88"
                                                                   "\xcc"
                                                                   "\x81"
                                                                   " \xcf"
                                                                   "\x83"
                                                                   "a"},
                                                                  {"\xcd"
                                                                   "\x85"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "",
                                                                   "\xce"
                                                                   "\x99"
                                                                   "\xcf"
                                                                   "\x83"
                                                                   ""},
                                                                  {"\xef"
                                                                   "\xac"
                                                                   "\x97"
                                                                   "X",
                                                                   "\xd5"
                                                                   "\x84"
                                                                   "\xd5"
                                                                   "\xad"
                                                                   "x"},
                                                                  {"x\xcc"
                                                                   "\x80"
                                                                   "\xce"
                                                                   "\xa3"
                                                                   "\xcc"
                                                                   "\x81"
                                                                   " b",
                                                                   "X\xcc"
                                                                   "\x80"
                                                                   "\xcf"
                                                                   "\x82"
                                                                   "\xcc"
                                                                   "\x81"
                                                                   " b"}}) {
    CAPTURE(given);
    CHECK(text::capitalize(given) == expected);
  }
  CHECK(text::capitalize("") == "");
  CHECK(text::capitalize("\u00e9T\u00c9 \u0416") == "\u00c9t\u00e9 \u0436");
  CHECK(text::capitalize("\u01c6") ==
        "\u01c5");  // the title case of dz with caron is neither of the others
  CHECK(text::capitalize("\xff"
                         "A") ==
        "\xff"
        "a");
  CHECK(text::strip("\t\u00a0 a b\u3000\u2028\x1f") == "a b");
  CHECK(text::strip(" \n ").empty());
  CHECK(text::strip("\u200b") == "\u200b");  // zero width, no separator
  CHECK(text::length("na\u00efve \U0001f600") == 7);
  CHECK(text::replace("a   b  c", "  ", " ") == "a  b c");
}

TEST_CASE("LAMBADA asks for what follows the last space", "[tasks][lambada]") {
  const auto of = [](const char* text) {
    return tasks::lambada_openai.document({Json{{"text", text}}, "line 1"}).requests.at(0);
  };
  CHECK(of("He saw\nthe  dog").context == "He saw\nthe ");
  CHECK(of("He saw\nthe  dog").continuation == " dog");
  CHECK(of("word").context.empty());
  CHECK(of("word").continuation == " word");
  CHECK(error_of(tasks::lambada_openai, R"({"text": "ends with a space "})") ==
        "line 1: expected \"text\" to end with the word to predict, found no word after its last "
        "space");
}

TEST_CASE("ARC reads both schemas and any labels", "[tasks][arc]") {
  const auto copy = document_of(
      tasks::arc_challenge,
      R"({"id": "x", "question": "Why?", "choices": {"text": ["Na\u00efve", "So"], "label": ["1", "2"]}, "answerKey": "2"})");
  const auto original = document_of(
      tasks::arc_easy,
      R"({"id": "x", "question": {"stem": "Why?", "choices": [{"text": "Na\u00efve", "label": "A"}, {"text": "So", "label": "B"}]}, "answerKey": "B"})");
  for (const auto& document : {copy, original}) {
    CHECK(document.gold == 1);
    REQUIRE(document.requests.size() == 2);
    CHECK(document.requests[0].context == "Question: Why?\nAnswer:");
    CHECK(document.requests[0].continuation == " Na\u00efve");
    CHECK(document.choice_lengths == std::vector<std::size_t>{5, 2});
  }
  CHECK(
      error_of(
          tasks::arc_challenge,
          R"({"question": "Q", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": "C"})") ==
      "line 1: expected one of A, B in \"answerKey\", found \"C\"");
  CHECK(
      error_of(
          tasks::arc_challenge,
          R"({"question": "Q", "choices": {"text": ["a", "b"], "label": ["A"]}, "answerKey": "A"})") ==
      "line 1: expected at least two choices with a label each, found 2 choices and 1 labels");
}

TEST_CASE("HellaSwag's texts are cleaned as the harness does", "[tasks][hellaswag]") {
  const auto document = document_of(tasks::hellaswag, R"({"ind": 4,
    "activity_label": " Cooking", "ctx_a": "[header] How to stir [title] Begin.  ", "ctx_b": "the Cook",
    "endings": [" stirs [step] it.", "[a\nb] waits.", "open [ bracket", "a    b"], "label": "2"})");
  CHECK(document.gold == 2);
  CHECK(document.requests[0].context == "Cooking: How to stir. Begin.  The cook");
  CHECK(document.requests[0].continuation == " stirs it.");
  CHECK(document.requests[1].continuation == " [a\nb] waits.");
  CHECK(document.requests[2].continuation == " open [ bracket");
  CHECK(document.requests[3].continuation == " a  b");
  CHECK(document.choice_lengths == std::vector<std::size_t>{9, 12, 14, 4});

  const char* numbered =
      R"({"row": 0, "activity_label": "A", "ctx_a": "B.", "ctx_b": "", "endings": ["a", "b", "c", "d"], "label": 3})";
  CHECK(document_of(tasks::hellaswag, numbered).gold == 3);
  CHECK(document_of(tasks::hellaswag, numbered).requests[0].context == "A: B.");
  CHECK(
      error_of(
          tasks::hellaswag,
          R"({"activity_label": "A", "ctx_a": "B", "ctx_b": "", "endings": ["a", "b", "c", "d"], "label": ""})") ==
      "line 1: expected one of 0, 1, 2, 3 in \"label\", found \"\"; is this a test set without "
      "answers?");
  CHECK(
      error_of(
          tasks::hellaswag,
          R"({"activity_label": "A", "ctx_a": "B", "ctx_b": "", "endings": ["a"], "label": "0"})") ==
      "line 1: expected four texts in \"endings\", found 1");
}

TEST_CASE("WinoGrande puts the options into the contexts", "[tasks][winogrande]") {
  const auto document = document_of(
      tasks::winogrande,
      R"({"sentence": "The cup fell off the shelf so _  broke_. ", "option1": "the cup", "option2": "it", "answer": "1"})");
  CHECK(document.gold == 0);
  CHECK(document.requests[0].context == "The cup fell off the shelf so the cup");
  CHECK(document.requests[1].context == "The cup fell off the shelf so it");
  CHECK(document.requests[1].continuation == " broke_.");
  CHECK(document.choice_lengths.empty());
  CHECK(error_of(tasks::winogrande,
                 R"({"sentence": "No blank.", "option1": "a", "option2": "b", "answer": "1"})") ==
        "line 1: expected a blank, '_', in \"sentence\", found none");
}

// How plan/ reports what is wrong: every mistake ends in fail(), found while compiling or running.
//
// While running the sentence is thrown as UsageError; without exceptions it is printed and the
// program ends. In a constant expression the compiler stops in fail() and shows the call, with the
// sentence, and the column or the number in question as a subscript that is out of bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#if defined(__cpp_exceptions)
#include <painters/error.hpp>
#else
#include <cstdio>
#include <cstdlib>
#endif

namespace painters::plan_detail {

/// What fills a {} of a sentence: a number or a word.
class Detail {
 public:
  constexpr Detail(std::uint64_t number) : number_(number) {}
  constexpr Detail(std::string_view word) : word_(word), is_word_(true) {}
  constexpr Detail(const char* word) : Detail(std::string_view(word)) {}

  constexpr std::uint64_t number() const { return number_; }
  std::string text() const { return is_word_ ? std::string(word_) : std::to_string(number_); }

 private:
  std::uint64_t number_ = 0;
  std::string_view word_;
  bool is_word_ = false;
};

/// The sentence with its numbers, thrown.
[[noreturn]] inline void report(std::string_view sentence, std::initializer_list<Detail> details,
                                std::size_t column) {
  std::string text;
  if (column > 0)
    text.append("the plan's text, column ").append(std::to_string(column)).append(": ");
  for (const Detail& detail : details) {
    const std::size_t hole = sentence.find("{}");
    text.append(sentence.substr(0, hole)).append(detail.text());
    sentence.remove_prefix(hole + 2);
  }
  text.append(sentence);
#if defined(__cpp_exceptions)
  throw UsageError(text);
#else
  std::fprintf(stderr, "painters: %s\n", text.c_str());
  std::abort();
#endif
}

/// Ends with `sentence`, each {} of which is replaced by the next of `details`. `column`, counted
/// from 1, is where the mistake is in the text of a plan; 0: it is not in a text.
template <std::size_t Length>
[[noreturn]] constexpr void fail(const char (&sentence)[Length],
                                 std::initializer_list<Detail> details = {},
                                 std::size_t column = 0) {
  bool shown = false;
  if (std::is_constant_evaluated()) {
    const bool column_of_the_mistake[1]{};
    const bool number_in_question[1]{};
    if (column > 0)
      shown = column_of_the_mistake[column];
    else if (details.size() > 0)
      shown = number_in_question[details.begin()->number()];
  }
  while (true)
    if (!shown) report(sentence, details, column);
}

}  // namespace painters::plan_detail

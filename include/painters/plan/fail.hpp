// How plan/ reports what is wrong: every mistake ends in fail(), whether found while compiling or
// while running.
//
// fail() is not constexpr. A mistake in a constant expression therefore stops the compiler there:
// it shows the sentence and, in the calls that led to it, the numbers. While running the same
// sentence is thrown as UsageError; without exceptions it is printed and the program ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

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

  std::string text() const { return is_word_ ? std::string(word_) : std::to_string(number_); }

 private:
  std::uint64_t number_ = 0;
  std::string_view word_;
  bool is_word_ = false;
};

/// Ends with `sentence`, each {} of which is replaced by the next of `details`. `column`, counted
/// from 1, is where the mistake is in the text of a plan; 0: it is not in a text.
[[noreturn]] inline void fail(std::string_view sentence, std::initializer_list<Detail> details = {},
                              std::size_t column = 0) {
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

}  // namespace painters::plan_detail

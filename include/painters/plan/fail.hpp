// How plan/ reports what is wrong: every mistake ends in fail(), whether found at compile time or
// at run time.
//
// At run time the sentence is thrown as UsageError; without exceptions it is printed and the
// program ends. In a constant expression the compiler stops in mistake() and prints the sentence
// with its numbers, or with the column in the text of a plan, as the subscripts of an array.
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

  constexpr bool is_word() const { return is_word_; }
  constexpr std::uint64_t number() const { return number_; }
  std::string text() const { return is_word_ ? std::string(word_) : std::to_string(number_); }

 private:
  std::uint64_t number_ = 0;
  std::string_view word_;
  bool is_word_ = false;
};

/// Throws the sentence with its numbers filled in.
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

// These objects are never defined, so the order of their addresses is not a constant: a compiler
// that has to compare one with the address of a sentence stops and prints both. Code that runs
// never names them.
inline constexpr std::size_t large = sizeof(std::size_t) > 4 ? 1'000'000 : 1'000;
extern const char the_mistake;
extern const char column_of_the_mistake[1'000'000'000];
extern const char found_number[1'000'000'000];
extern const char found_two[large][large];
extern const char found_three[large][large][large];
extern const char found_four[large / 100][large / 10][large / 100][large / 10];

constexpr bool mistake(const char* sentence) { return sentence < &the_mistake; }
constexpr bool mistake(const char* sentence, std::uint64_t a) {
  return sentence < &found_number[a];
}
constexpr bool mistake(const char* sentence, std::uint64_t a, std::uint64_t b) {
  return sentence < &found_two[a][b];
}
constexpr bool mistake(const char* sentence, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return sentence < &found_three[a][b][c];
}
constexpr bool mistake(const char* sentence, std::uint64_t a, std::uint64_t b, std::uint64_t c,
                       std::uint64_t d) {
  return sentence < &found_four[a][b][c][d];
}
constexpr bool mistake_in_text(const char* sentence, std::size_t column) {
  return sentence < &column_of_the_mistake[column];
}

/// Reports `sentence`, with each {} replaced by the next of `details`, and never returns. `column`,
/// counted from 1, is where the mistake is in the text of a plan; 0: it is not in a text.
/// `sentence` is a literal, or a pointer to one, because compilers print nothing else. (A template,
/// because a plain constexpr function must be able to yield a constant.)
template <class Sentence>
[[noreturn]] constexpr void fail(const Sentence& sentence,
                                 std::initializer_list<Detail> details = {},
                                 std::size_t column = 0) {
  bool shown = false;
  // What std::is_constant_evaluated() calls in g++, clang and MSVC; under that name the branch
  // would stay in unoptimised code, which would then refer to the objects that are never defined.
  if (__builtin_is_constant_evaluated()) {
    std::uint64_t n[4]{};
    std::size_t count = 0;
    for (const Detail& detail : details)
      if (!detail.is_word() && count < 4) n[count++] = detail.number();
    if (column > 0)
      shown = mistake_in_text(sentence, column);
    else if (count == 0)
      shown = mistake(sentence);
    else if (count == 1)
      shown = mistake(sentence, n[0]);
    else if (count == 2)
      shown = mistake(sentence, n[0], n[1]);
    else if (count == 3)
      shown = mistake(sentence, n[0], n[1], n[2]);
    else
      shown = mistake(sentence, n[0], n[1], n[2], n[3]);
  }
  while (true)
    if (!shown) report(sentence, details, column);
}

/// The same where words fill the {}, which a compiler cannot show: in a constant expression it
/// prints `when_compiling`, which has none.
template <class Sentence, class Constant>
[[noreturn]] constexpr void fail(const Sentence& sentence, std::initializer_list<Detail> details,
                                 std::size_t column, const Constant& when_compiling) {
  bool shown = false;
  if (__builtin_is_constant_evaluated())
    shown = column > 0 ? mistake_in_text(when_compiling, column) : mistake(when_compiling);
  while (true)
    if (!shown) report(sentence, details, column);
}

}  // namespace painters::plan_detail

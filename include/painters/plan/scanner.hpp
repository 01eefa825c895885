// Reads the words and numbers of a plan's text and says what is wrong with them. Blanks are skipped
// before each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <painters/plan/decimal.hpp>
#include <painters/plan/fail.hpp>

/// What a text should have at some place, a literal, in the sentences that a compiler can print.
#define PAINTERS_EXPECTED(what) PAINTERS_EXPECTED_AS(what, what)
/// The same for a place where messages at run time say `known`, which need not be a literal.
#define PAINTERS_EXPECTED_AS(known, what)                        \
  painters::plan_detail::Expected {                              \
    known, "expected " what ", found something else",            \
        "expected " what ", found the end of the text",          \
        "expected " what ", found a number of more than 64 bits" \
  }

namespace painters::plan_detail {

/// See PAINTERS_EXPECTED.
struct Expected {
  std::string_view what;       // for messages at run time
  const char* found_other;     // and when compiling: there is something else
  const char* found_end;       // the text ends
  const char* found_too_long;  // the number is too long
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class Scanner {
 public:
  constexpr explicit Scanner(std::string_view text) : text_(text) {}

  constexpr bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }
  /// The next character; 0 at the end.
  constexpr char peek() {
    skip_blanks();
    return here();
  }
  constexpr bool at_digit() { return is_digit(peek()); }
  /// Where the next character is, counted from 1.
  constexpr std::size_t column() {
    skip_blanks();
    return at_ + 1;
  }

  constexpr bool accept(char c) {
    if (at_end() || here() != c) return false;
    ++at_;
    return true;
  }
  constexpr bool accept(std::string_view symbol) {
    skip_blanks();
    if (text_.substr(at_, symbol.size()) != symbol) return false;
    at_ += symbol.size();
    return true;
  }
  constexpr void expect(char c, const Expected& what) {
    if (!accept(c)) expected(what);
  }

  /// Letters and digits that begin with a letter; empty if there are none.
  constexpr std::string_view word() {
    skip_blanks();
    const std::size_t begin = at_;
    if (is_letter(here()))
      while (is_letter(here()) || is_digit(here())) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  /// A whole number.
  constexpr std::uint64_t number(const Expected& wanted) {
    if (!at_digit()) expected(wanted);
    const std::size_t column = this->column();
    constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t number = 0;
    for (; is_digit(here()); ++at_) {
      const auto digit = static_cast<std::uint64_t>(here() - '0');
      if (number > (largest - digit) / 10)
        fail("expected {}, found a number of more than 64 bits", {wanted.what}, column,
             wanted.found_too_long);
      number = 10 * number + digit;
    }
    return number;
  }

  /// A weight: 0.5, -2, 1e-3.
  constexpr float decimal() {
    const std::size_t column = this->column();
    const bool negative = here() == '-';
    if (negative) ++at_;
    if (!is_digit(here())) expected(PAINTERS_EXPECTED("a weight such as 0.5"), column);
    Decimal decimal;
    read_digits(decimal, 0);
    if (here() == '.') {
      ++at_;
      if (!is_digit(here())) expected(PAINTERS_EXPECTED("a digit"));
      read_digits(decimal, -1);
    }
    if (here() == 'e' || here() == 'E') decimal.exponent += read_exponent();
    const float value = to_float(decimal);
    if (value > std::numeric_limits<float>::max())
      fail("a weight is a number that a float can hold, found a larger one", {}, column);
    return negative ? -value : value;
  }

  /// Fails because of what is found at the next character, or at `column`. (A template, because a
  /// plain constexpr function must be able to yield a constant.)
  template <class Wanted>
  [[noreturn]] constexpr void expected(const Wanted& wanted, std::size_t column = 0) {
    if (column > 0) at_ = column - 1;
    column = this->column();
    if (at_end())
      fail("expected {}, found the end of the text", {wanted.what}, column, wanted.found_end);
    if (here() < ' ' || here() > '~')
      fail("expected {}, found a character that no plan has", {wanted.what}, column,
           wanted.found_other);
    const std::string_view found = word();
    fail("expected {}, found '{}'", {wanted.what, found.empty() ? text_.substr(at_, 1) : found},
         column, wanted.found_other);
  }

 private:
  constexpr char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  constexpr void skip_blanks() {
    while (here() == ' ' || here() == '\t' || here() == '\n' || here() == '\r') ++at_;
  }

  /// Adds digits; each moves the value's exponent by `step`. Digits too many for 64 bits count as
  /// zeros.
  constexpr void read_digits(Decimal& decimal, int step) {
    for (; is_digit(here()); ++at_) {
      const bool has_room = decimal.digits < 1'000'000'000'000'000'000u;
      if (has_room) decimal.digits = 10 * decimal.digits + static_cast<std::uint64_t>(here() - '0');
      const int move = has_room ? step : step + 1;
      if (decimal.exponent > -too_far && decimal.exponent < too_far) decimal.exponent += move;
    }
  }

  constexpr int read_exponent() {
    ++at_;
    const bool negative = here() == '-';
    if (negative || here() == '+') ++at_;
    if (!is_digit(here())) expected(PAINTERS_EXPECTED("a digit"));
    int exponent = 0;
    for (; is_digit(here()); ++at_)
      if (exponent < too_far) exponent = 10 * exponent + (here() - '0');
    return negative ? -exponent : exponent;
  }

  /// Any exponent of this size makes a number infinity or zero.
  static constexpr int too_far = 100'000;

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace painters::plan_detail

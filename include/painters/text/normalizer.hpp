// What is done to a text before it is cut into words or merged: normal forms, replaced characters,
// BERT's cleaning up.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <utf8proc.h>

#include <painters/error.hpp>
#include <painters/text/bert_text.hpp>
#include <painters/text/python_text.hpp>
#include <painters/text/regex.hpp>
#include <painters/text/utf8.hpp>

namespace painters::text {

/// Steps that are applied one after another. Once it is in use it must not change; any number of
/// threads may apply it.
class Normalizer {
 public:
  /// From a text to a text; any number of threads may call it.
  using Step = std::function<std::string(std::string_view)>;

  /// One more step, after those that are there.
  Normalizer& then(Step step) {
    steps_.push_back(std::move(step));
    return *this;
  }
  /// Whether texts stay as they are.
  bool empty() const { return steps_.empty(); }

  /// `text` may be any bytes. Throws Error if the steps make a text far longer than those of a real
  /// model can: a normal form makes at most eleven bytes of one.
  std::string operator()(std::string_view text) const {
    const std::size_t most = 16 * (text.size() + 64);
    std::string result(text);
    for (const Step& step : steps_) {
      result = step(result);
      if (result.size() > most)
        throw Error("expected normalizers that make at most " + std::to_string(most) +
                    " bytes of a text of " + std::to_string(text.size()) + ", found " +
                    std::to_string(result.size()) + "; the tokenizer is damaged");
    }
    return result;
  }

 private:
  std::vector<Step> steps_;
};

/// The text in a normal form, except for what is not UTF-8.
inline Normalizer::Step normal_form(NormalForm form) {
  return [form](std::string_view text) { return detail::valid_to_normal_form(text, form); };
}

/// `prefix` before every text that is not empty.
inline Normalizer::Step prepend(std::string prefix) {
  return [prefix = std::move(prefix)](std::string_view text) {
    return text.empty() ? std::string() : prefix + std::string(text);
  };
}

/// `to` for every `from`, which is not empty.
inline Normalizer::Step replace_text(std::string from, std::string to) {
  return [from = std::move(from), to = std::move(to)](std::string_view text) {
    return replace(text, from, to);
  };
}

/// `to` for every match. Throws Error if `pattern` is no regular expression.
inline Normalizer::Step replace_matches(const std::string& pattern, std::string to) {
  return [regex = Regex(pattern), to = std::move(to)](std::string_view text) {
    std::string result;
    for_each_utf8_run(text, [&](std::string_view run, bool valid) {
      if (!valid) {
        result += run;
        return;
      }
      regex.split(run, [&](std::string_view piece, bool matched) {
        result += matched ? std::string_view(to) : piece;
      });
    });
    return result;
  };
}

/// Without combining marks; accents that are part of a letter stay, unless NFD took them off.
inline Normalizer::Step strip_marks() {
  return [](std::string_view text) {
    return detail::without(text, [](utf8proc_int32_t c) {
      const auto category = utf8proc_category(c);
      return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
    });
  };
}

/// BERT's cleaning up.
inline Normalizer::Step bert_text(const BertRules& rules) {
  return [rules](std::string_view text) { return to_bert_text(text, rules); };
}

}  // namespace painters::text

// Cutting a text into words before byte-level BPE merges within each word: the rules of the model
// families, by name.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <painters/error.hpp>
#include <painters/text/regex.hpp>
#include <painters/text/utf8.hpp>

namespace painters::text {

/// What a family of models does to a text before merging. Every rule cuts all pieces that the rules
/// before it left: each match, and what lies between matches, becomes a piece.
struct PreTokenizerRules {
  std::vector<std::string> patterns;  // one after another, each splits what the one before left
  bool nfc = false;                   // the text is brought to normal form C first
  bool ignore_merges =
      false;  // a word that is a token becomes that token, whether merges lead there or not
};

namespace detail {

inline constexpr const char* gpt2_pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
inline constexpr const char* every_digit_alone = R"(\p{N})";
inline constexpr const char* llama3_pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr const char* qwen2_pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

}  // namespace detail

/// The rules for a value of GGUF's tokenizer.ggml.pre. Throws Error for a name that is not in the
/// table. A new family is a new line; sources: the tokenizer.json files of the models.
inline PreTokenizerRules pre_tokenizer_rules(std::string_view name) {
  using namespace detail;
  struct Entry {
    std::string_view names;  // separated by spaces
    PreTokenizerRules rules;
  };
  const std::array<Entry, 5> table{{
      {"gpt-2 phi-2", {{gpt2_pattern}}},
      {"gpt-neox olmo", {{gpt2_pattern}, true}},
      {"smollm refact starcoder command-r codeshell", {{every_digit_alone, gpt2_pattern}}},
      {"llama-bpe llama3 llama-v3", {{llama3_pattern}, false, true}},
      {"qwen2", {{qwen2_pattern}, true}},
  }};
  std::string known;
  for (const Entry& entry : table) {
    for (std::size_t begin = 0; begin < entry.names.size();) {
      const std::size_t end = std::min(entry.names.find(' ', begin), entry.names.size());
      if (entry.names.substr(begin, end - begin) == name) return entry.rules;
      begin = end + 1;
    }
    known += (known.empty() ? "" : " ") + std::string(entry.names);
  }
  throw Error("expected a pre-tokenizer that we know (" + known + "), found '" + std::string(name) +
              "'; add its rules to pre_tokenizer.hpp");
}

/// Rules, compiled. Immutable; any number of threads may split at once.
class PreTokenizer {
 public:
  /// Throws Error for a pattern that is no regular expression.
  explicit PreTokenizer(const PreTokenizerRules& rules) : nfc_(rules.nfc) {
    for (const std::string& pattern : rules.patterns) regexes_.emplace_back(pattern);
  }

  /// Calls f(word) for every word of `text`, in order. Bytes that are not valid UTF-8 form words of
  /// their own.
  template <class F>
  void split(std::string_view text, F&& f) const {
    for_each_utf8_run(text, [&](std::string_view run, bool valid) {
      if (!valid)
        f(run);
      else if (nfc_)
        apply(0, std::string_view(to_nfc(run)), f);
      else
        apply(0, run, f);
    });
  }

 private:
  template <class F>
  void apply(std::size_t rule, std::string_view piece, F& f) const {
    if (rule == regexes_.size()) return f(piece);
    regexes_[rule].split(piece, [&](std::string_view part, bool) { apply(rule + 1, part, f); });
  }

  std::vector<Regex> regexes_;
  bool nfc_ = false;
};

}  // namespace painters::text

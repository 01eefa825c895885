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

inline constexpr const char* qwen35_pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr const char* tekken_pattern =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr const char* gpt4o_pattern =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr const char* three_digits = R"(\p{N}{1,3})";
inline constexpr const char* deepseek_ideographs = R"([一-龥぀-ゟ゠-ヿ]+)";
inline constexpr const char* deepseek_pattern =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

}  // namespace detail

/// The rules for a value of GGUF's tokenizer.ggml.pre. Throws Error for a name that is not in the
/// table, which has llama.cpp's names; rules are those of the models' tokenizer.json files, as far
/// as these are known, and llama.cpp's for the rest. llama.cpp knows no normal form C.
inline PreTokenizerRules pre_tokenizer_rules(std::string_view name) {
  using namespace detail;
  struct Entry {
    std::string_view names;  // separated by spaces
    PreTokenizerRules rules;
  };
  const std::array<Entry, 11> table{{
      {"gpt-2 phi-2 jina-es jina-de jina-v2-es jina-v2-de jina-v1-en jina-v2-code roberta-bpe "
       "gigachat a.x-4.0 mellum exaone4 jais trillion granite-docling",
       {{gpt2_pattern}}},
      {"gpt-neox olmo mpt modern-bert", {{gpt2_pattern}, true}},
      {"smollm refact starcoder command-r codeshell exaone minerva-7b mellum2",
       {{every_digit_alone, gpt2_pattern}}},
      {"llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
       {{llama3_pattern}, false, true}},
      {"smaug-bpe dbrx glm4 chatglm-bpe", {{llama3_pattern}}},
      {"qwen2 deepseek-r1-qwen megrez f2llmv2", {{qwen2_pattern}, true}},
      {"stablelm2 hunyuan solar-open grok-2 kormo", {{qwen2_pattern}}},
      {"qwen35", {{qwen35_pattern}, true}},
      {"tekken", {{tekken_pattern}, false, true}},
      {"gpt-4o llama4 kanana2 talkie minimax-m2", {{gpt4o_pattern}}},
      {"deepseek-v3 hunyuan-dense joyai-llm hy_v4",
       {{three_digits, deepseek_ideographs, deepseek_pattern}}},
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
  throw Error("expected a tokenizer.ggml.pre whose rules are known (" + known + "), found '" +
              std::string(name) +
              "'; use the model's original folder instead, whose tokenizer.json holds the rules");
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

#include <painters/text/pre_tokenizer.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

Words words(const char* rules, const std::string& input) {
  Words result;
  text::PreTokenizer(text::pre_tokenizer_rules(rules)).split(input, [&](std::string_view word) {
    result.emplace_back(word);
  });
  return result;
}

}  // namespace

TEST_CASE("every family cuts texts by its own rules", "[text][pre_tokenizer]") {
  const std::string input = "It's  DON'T 1234½\n\n x";
  CHECK(words("gpt-2", input) == Words{"It", "'s", " ", " DON", "'", "T", " 1234½", "\n\n", " x"});
  CHECK(words("smollm", input) ==
        Words{"It", "'s", " ", " DON", "'", "T", " ", "1", "2", "3", "4", "½", "\n\n", " x"});
  CHECK(words("refact", input) == words("smollm", input));
  CHECK(words("llama-bpe", input) ==
        Words{"It", "'s", " ", " DON", "'T", " ", "123", "4½", "\n\n", " x"});
  CHECK(words("qwen2", input) ==
        Words{"It", "'s", " ", " DON", "'T", " ", "1", "2", "3", "4", "½", "\n\n", " x"});
  CHECK_THROWS_WITH(text::pre_tokenizer_rules("gpt-5"),
                    ContainsSubstring("found 'gpt-5'; use the model's original folder"));
  CHECK_THROWS_AS(text::pre_tokenizer_rules(""), Error);
}

// Words of the tokenizers library, version 0.23, with the patterns of the models' tokenizer.json.
TEST_CASE("families that know case, marks or ideographs cut by them", "[text][pre_tokenizer]") {
  CHECK(words("tekken", "TheCat's DON'T 12/\n \u00f1and\u00fa \u00c9taT e\u0301x  b") ==
        Words{"The", "Cat", "'s", " DON", "'T", " ", "1", "2", "/\n", " \u00f1and\u00fa",
              " \u00c9ta", "T", " e\u0301x", " ", " b"});
  CHECK(words("gpt-4o", "TheCat's DON'T 1234/\n \u00f1and\u00fa \u00c9taT e\u0301x  b") ==
        Words{"The", "Cat's", " DON'T", " ", "123", "4", "/\n", " \u00f1and\u00fa", " \u00c9ta",
              "T", " e\u0301x", " ", " b"});
  const std::string hindi = "It's \u0939\u093f\u0928\u094d\u0926\u0940 12\n\n (a)  b";
  CHECK(words("qwen35", hindi) == Words{"It", "'s", " \u0939\u093f\u0928\u094d\u0926\u0940", " ",
                                        "1", "2", "\n\n", " (", "a", ")", " ", " b"});
  CHECK(words("qwen2", hindi) == Words{"It", "'s", " \u0939", "\u093f\u0928", "\u094d\u0926",
                                       "\u0940", " ", "1", "2", "\n\n", " (", "a", ")", " ", " b"});
  CHECK(words("deepseek-v3", "It's 1234 \u65e5\u672c\u8a9e\u306etext -abc $x\n\n  end.") ==
        Words{"It", "'s", " ", "123", "4", " ", "\u65e5\u672c\u8a9e\u306e", "text", " -", "abc",
              " $", "x", "\n\n", " ", " end", "."});
}

// llama.cpp has the same rules for the names of a line.
TEST_CASE("names of the same rules cut alike", "[text][pre_tokenizer]") {
  const std::string input = "It's  DON'T 1234\u00bd\n\n x\u0301";
  CHECK(words("deepseek-r1-qwen", input) == words("qwen2", input));
  CHECK(words("megrez", input) == words("qwen2", input));
  CHECK(words("grok-2", input) == words("qwen2", input));
  CHECK(words("smaug-bpe", input) == words("llama-bpe", input));
  CHECK(words("falcon3", input) == words("llama-bpe", input));
  CHECK(text::pre_tokenizer_rules("falcon3").ignore_merges);
  CHECK_FALSE(text::pre_tokenizer_rules("dbrx").ignore_merges);
  CHECK(words("exaone", input) == words("smollm", input));
  CHECK(words("jina-v2-code", input) == words("gpt-2", input));
  CHECK(words("llama4", input) == words("gpt-4o", input));
}

TEST_CASE("long runs are words like others", "[text][pre_tokenizer]") {
  for (const char* name : {"gpt-2", "gpt-neox", "smollm", "llama-bpe", "qwen2", "qwen35", "tekken",
                           "gpt-4o", "deepseek-v3"}) {
    const text::PreTokenizer pre_tokenizer(text::pre_tokenizer_rules(name));
    for (const char* part : {" ", "\n", "a", "-", "1", "\u751f", "a b\n  "}) {
      std::string input;
      for (int i = 0; i < 300'000; ++i) input += part;
      input += "x";
      INFO(name << " " << part);
      std::string joined;
      CHECK_NOTHROW(pre_tokenizer.split(input, [&](std::string_view word) { joined += word; }));
      CHECK(joined.size() == input.size());
    }
  }
}

TEST_CASE("white space is Unicode's, and nothing more", "[text][pre_tokenizer]") {
  CHECK(words("gpt-2", "a\u3000\u0085b") == Words{"a", "\u3000", "\u0085", "b"});
  CHECK(words("gpt-2", "a \u180e!") ==
        Words{"a", " \u180e!"});  // U+180E was a space until Unicode 6.3
}

TEST_CASE("text is brought to normal form C only where the family asks for it",
          "[text][pre_tokenizer]") {
  CHECK(words("gpt-neox", "e\u0301") == Words{"\u00e9"});
  CHECK(words("gpt-2", "e\u0301") == Words{"e", "\u0301"});
}

TEST_CASE("no byte of an invalid text is lost", "[text][pre_tokenizer]") {
  CHECK(words("gpt-2", "ab\xff\xfe cd\xc3") == Words{"ab", "\xff\xfe", " cd", "\xc3"});
  CHECK(words("gpt-2", "\xf0\x9f") == Words{"\xf0\x9f"});
}

#include <painters/text/pre_tokenizer.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace painters;
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
  CHECK_THROWS_AS(text::pre_tokenizer_rules("gpt-5"), Error);
  CHECK_THROWS_AS(text::pre_tokenizer_rules(""), Error);
}

TEST_CASE("long runs are words like others", "[text][pre_tokenizer]") {
  for (const char* name : {"gpt-2", "gpt-neox", "smollm", "llama-bpe", "qwen2"}) {
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

#include <painters/engine/encoding.hpp>

#include <optional>
#include <string>

#include <painters/text/gguf_tokenizer.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/small_vocabulary.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using engine::encode;
using engine::TokenRequest;
using text::Tokens;

namespace {

text::Tokenizer tokenizer(std::optional<std::uint32_t> bos, std::optional<std::uint32_t> eos) {
  const support::TemporaryFolder folder;
  support::GgufParts parts;
  support::add_small_vocabulary(parts, bos, eos);
  parts.write(folder.path() / "v.gguf");
  return text::read_tokenizer(formats::Gguf::open(folder.path() / "v.gguf"));
}
text::Tokenizer with_both() { return tokenizer(support::small_bos, support::small_eos); }

constexpr text::TokenId he = 257, the = 258, spaces = 259;  // "he", " the", two spaces

void check(const TokenRequest& request, const Tokens& context, const Tokens& continuation) {
  CHECK(request.context == context);
  CHECK(request.continuation == continuation);
}

}  // namespace

TEST_CASE("context and continuation are encoded as one text", "[engine][encoding]") {
  const text::Tokenizer t = with_both();
  check(encode(t, {"a", " the"}), {'a'}, {the});
  check(encode(t, {"a the", "b"}), {'a', the}, {'b'});
  check(encode(t, {"a", "he"}), {'a'}, {he});
  // The context alone is "h", one token; the whole begins with "he": whatever follows the first
  // token is the continuation.
  check(encode(t, {"h", "eX"}), {'h'}, {'X'});
  // " t" alone is one token, as is " the": nothing is left.
  check(encode(t, {" t", "he"}), {256}, {});
  // The context alone has more tokens than the whole.
  check(encode(t, {" th", "e"}), {256, 'h'}, {});
}

TEST_CASE("white space at the end of a context moves to the continuation", "[engine][encoding]") {
  const text::Tokenizer t = with_both();
  check(encode(t, {"a ", "the"}), {'a'}, {the});
  // GPT-2's pattern leaves the last of several spaces to the word.
  check(encode(t, {"a   ", "the"}), {'a'}, {spaces, the});
  check(encode(t, {"a\n", "b"}), {'a'}, {'\n', 'b'});
  // Python's rstrip takes all of Unicode's white space: U+00A0 is the bytes c2 a0.
  check(encode(t, {"a\xc2\xa0", "b"}), {'a'}, {0xc2, 0xa0, 'b'});
  check(encode(t, {"a\xc2", "b"}), {'a', 0xc2}, {'b'});  // not UTF-8: no white space
}

TEST_CASE("an empty context becomes BOS, or EOS where there is none", "[engine][encoding]") {
  const auto bos = static_cast<text::TokenId>(support::small_bos);
  const auto eos = static_cast<text::TokenId>(support::small_eos);
  check(encode(with_both(), {"", " the"}), {bos}, {the});
  check(encode(tokenizer({}, support::small_eos), {"", " the"}), {eos}, {the});
  check(encode(with_both(), {" ", "the"}), {bos}, {the});  // nothing but white space
  CHECK_THROWS_WITH(encode(tokenizer({}, {}), {"", "a"}),
                    Catch::Matchers::ContainsSubstring("neither a BOS nor an EOS"));
  CHECK_NOTHROW(encode(tokenizer({}, {}), {"a", "b"}));
}

TEST_CASE("BOS stands before a context only where it is asked for, and once",
          "[engine][encoding]") {
  const auto bos = static_cast<text::TokenId>(support::small_bos);
  check(encode(with_both(), {"a", " the"}, true), {bos, 'a'}, {the});
  check(encode(with_both(), {"a ", "the"}, true), {bos, 'a'}, {the});
  check(encode(with_both(), {"", "a"}, true), {bos}, {'a'});
  check(encode(with_both(), {"a", " the"}, false), {'a'}, {the});
  CHECK_THROWS_WITH(encode(tokenizer({}, support::small_eos), {"a", "b"}, true),
                    Catch::Matchers::ContainsSubstring("--add-bos"));
}

TEST_CASE("the default model's requests have the ids of lm-evaluation-harness",
          "[engine][encoding][data]") {
  if (support::skipped_without_data() || support::skipped_without_default_model()) return;
  const text::Tokenizer t = text::read_tokenizer(formats::Gguf::open(support::default_model()));
  const nlohmann::json golden = support::read_data("golden/gen/smollm2_multiple_choice.json");
  std::size_t compared = 0;
  for (const auto& [task, documents] : golden["tasks"].items())
    for (const nlohmann::json& document : documents)
      for (std::size_t c = 0; c < document["requests"].size(); ++c) {
        const auto texts = document["requests"][c].get<std::vector<std::string>>();
        INFO(task << ": " << texts[0] << "|" << texts[1]);
        check(encode(t, {texts[0], texts[1]}), document["context"][c].get<Tokens>(),
              document["continuation"][c].get<Tokens>());
        ++compared;
      }
  CHECK(compared == 20 * (4 + 4 + 2));
}

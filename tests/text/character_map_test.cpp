#include <painters/text/character_map.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <painters/text/load_tokenizer.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A field of a protocol buffer that holds bytes.
std::string field(unsigned number, const std::string& content) {
  std::string bytes(1, static_cast<char>(number << 3 | 2));
  std::size_t size = content.size();
  for (; size >= 0x80; size >>= 7) bytes += static_cast<char>(0x80 | (size & 0x7f));
  return bytes + static_cast<char>(size) + content;
}
/// A field that holds a small number.
std::string number_field(unsigned number, int value) {
  return {static_cast<char>(number << 3), static_cast<char>(value)};
}
std::string piece(const std::string& text, int type) {
  return field(1, field(1, text) + number_field(3, type));
}

/// A unigram model of <unk>, <s>, </s>, "▁" and "a", whose texts go through a map.
std::string model_with(const std::string& map, const std::string& more = "") {
  return piece("<unk>", 2) + piece("<s>", 3) + piece("</s>", 3) + piece("\u2581", 1) +
         piece("a", 1) + more + field(2, number_field(3, 1)) + field(3, field(2, map));
}

/// A map that makes "a" of "A": from the root, unit 0, on byte 'A' to unit 'A', which has a value.
struct Map {
  std::vector<std::uint32_t> units = std::vector<std::uint32_t>(512);
  std::string texts = std::string("a\0", 2);

  Map() {
    units['A'] = 'A' | 1u << 8 | std::uint32_t{'A' ^ 256} << 10;
    units[256] = 0x80000000u;
  }
  std::string bytes() const {
    const auto size = static_cast<std::uint32_t>(4 * units.size());
    std::string result(reinterpret_cast<const char*>(&size), sizeof size);
    result.append(reinterpret_cast<const char*>(units.data()), size);
    return result + texts;
  }
};

}  // namespace

TEST_CASE("a tokenizer.model maps characters", "[text][character_map]") {
  const support::TemporaryFolder folder;
  const auto path = folder.write("tokenizer.model", model_with(Map().bytes()));
  CHECK(text::load_tokenizer(path).encode("A") == text::load_tokenizer(path).encode("a"));
  CHECK(text::load_tokenizer(path).encode("A").back() == 4);
  CHECK(text::detail::is_character_map(""));  // no map at all
}

TEST_CASE("a map of characters that leads outside itself is refused", "[text][character_map]") {
  const support::TemporaryFolder folder;
  const auto refused = [&](const std::string& bytes) {
    CHECK_THROWS_WITH(text::load_tokenizer(folder.write("tokenizer.model", bytes)),
                      ContainsSubstring("expected a SentencePiece model at "));
  };
  Map far;
  far.units['A'] = 'A' | 1u << 8 | 0x1000u << 10;
  refused(model_with(far.bytes()));
  Map farther;
  farther.units['A'] = 'A' | 1u << 9 | 0x1000u << 10;
  refused(model_with(farther.bytes()));
  Map root;
  root.units[0] = 512u << 10;
  refused(model_with(root.bytes()));
  Map cut;
  cut.units.resize(300);  // in the middle of the 256 ways that start at unit 256
  refused(model_with(cut.bytes()));
  Map value;
  value.units[256] = 0x80000000u | 2;
  refused(model_with(value.bytes()));
  Map endless;
  endless.texts = "a";
  refused(model_with(endless.bytes()));
  Map empty;
  empty.units.clear();
  refused(model_with(empty.bytes()));
  refused(model_with("abc"));
  refused(model_with(Map().bytes().substr(0, 1000)));
}

TEST_CASE("a model that makes the library throw is refused like any other",
          "[text][character_map]") {
  const support::TemporaryFolder folder;
  CHECK_THROWS_WITH(text::load_tokenizer(
                        folder.write("tokenizer.model", model_with(Map().bytes(), piece("", 4)))),
                    ContainsSubstring("expected a SentencePiece model at "));
}

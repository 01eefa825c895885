// What the fuzzers share: inputs as files, and what counts as a good end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include <painters/error.hpp>
#include <painters/text/token.hpp>
#include <painters/text/tokenizer.hpp>

#include "support/temporary_folder.hpp"

namespace fuzz {

/// Writes `bytes` to a file that the next input overwrites and gives its path. TMPDIR should be in
/// memory.
inline std::filesystem::path file(std::string_view name, std::string_view bytes) {
  static const support::TemporaryFolder folder;
  return folder.write(name, bytes);
}

/// Takes what lies before the first byte 0 off the front of `input`: some inputs are several files.
inline std::string_view part(std::string_view& input) {
  const std::size_t end = std::min(input.find('\0'), input.size());
  const std::string_view result = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return result;
}

/// A law that must hold for every input.
inline void require(bool holds) {
  if (!holds) std::abort();
}

/// Encodes a text and decodes what came out, whose ids must be of the vocabulary.
inline void use(const painters::text::Tokenizer& tokenizer, std::string_view text) {
  constexpr std::size_t most = 4096;
  const auto encoding =
      tokenizer.encode_with_special(text.substr(0, most), text.substr(0, most / 2), most / 8);
  require(encoding.ids.size() == encoding.types.size());
  for (const painters::text::TokenId id : encoding.ids) tokenizer.piece(id);
  tokenizer.decode(encoding.ids);
  tokenizer.decode(tokenizer.encode(text.substr(0, most)));
}

}  // namespace fuzz

/// Defines the fuzzer: `body` is given the input as std::string_view input. An Error with a
/// sentence is a good end.
#define PAINTERS_FUZZ                                                                 \
  static void fuzz_one(std::string_view input);                                       \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    try {                                                                             \
      fuzz_one({reinterpret_cast<const char*>(data), size});                          \
    } catch (const painters::Error& e) {                                              \
      fuzz::require(!std::string_view(e.what()).empty());                             \
    }                                                                                 \
    return 0;                                                                         \
  }                                                                                   \
  static void fuzz_one(std::string_view input)

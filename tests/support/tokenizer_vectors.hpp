// Texts and the ids that the tokenizers library of Hugging Face gives for them, version 0.23, with
// the tokenizer.json files of the data folder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/text/token.hpp>
#include <painters/text/tokenizer.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"

namespace support {

inline nlohmann::json tokenizer_vectors() {
  std::ifstream file(support::source_folder() / "tests/data/tokenizer_vectors.json");
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

/// Checks all texts except those that contain one of `except`.
inline void check_vectors(const painters::text::Tokenizer& tokenizer, const std::string& name,
                          const std::vector<std::string>& except = {}) {
  const nlohmann::json vectors = tokenizer_vectors();
  std::size_t compared = 0;
  for (std::size_t i = 0; i < vectors.at("texts").size(); ++i) {
    const auto text = vectors["texts"][i].get<std::string>();
    bool skipped = false;
    for (const std::string& part : except) skipped |= text.find(part) != std::string::npos;
    if (skipped) continue;
    INFO(name << ": '" << text << "'");
    CHECK(tokenizer.encode(text) == vectors.at(name).at(i).get<painters::text::Tokens>());
    ++compared;
  }
  CHECK(compared >= 90);
}

}  // namespace support

#include <painters/models/model_tokenizer.hpp>

#include <string>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/small_vocabulary.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a GGUF file has as many tokens as its model embeds", "[models][tokenizer]") {
  const support::TemporaryFolder folder;
  support::GgufParts parts;
  support::add_small_vocabulary(parts, support::small_bos, {});
  parts.write(folder.path() / "m.gguf");
  CHECK(models::load_model_tokenizer(folder.path() / "m.gguf", 262).encode(" the") ==
        text::Tokens{258});
  for (const std::size_t size : {261, 263, 1})
    CHECK_THROWS_WITH(models::load_model_tokenizer(folder.path() / "m.gguf", size),
                      ContainsSubstring("of " + std::to_string(size) + " tokens") &&
                          ContainsSubstring("m.gguf") && ContainsSubstring("found 262"));
  support::GgufParts().write(folder.path() / "none.gguf");
  CHECK_THROWS_AS(models::load_model_tokenizer(folder.path() / "none.gguf", 262), Error);
}

TEST_CASE("a folder has at most as many tokens as its model embeds", "[models][tokenizer]") {
  const support::TemporaryFolder folder;
  const nlohmann::json tokenizer = {
      {"normalizer", nullptr},
      {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
      {"added_tokens", nlohmann::json::array()},
      {"model",
       {{"type", "BPE"},
        {"vocab", {{"a", 0}, {"b", 1}, {"ab", 2}}},
        {"merges", nlohmann::json::array({"a b"})}}}};
  folder.write("tokenizer.json", tokenizer.dump());
  CHECK(models::load_model_tokenizer(folder.path(), 3).encode("abab") == text::Tokens{2, 2});
  CHECK(models::load_model_tokenizer(folder.path(), 64).size() ==
        3);  // embeddings are often padded
  // a token for padding that the model never saw, as in early files of Llama 2
  folder.write("added_tokens.json", R"({"<pad>": 3})");
  CHECK(models::load_model_tokenizer(folder.path(), 3).encode("ab<pad>") == text::Tokens{2, 3});
  CHECK_THROWS_WITH(models::load_model_tokenizer(folder.path(), 2),
                    ContainsSubstring("at most 2 tokens") && ContainsSubstring("found 4"));
}

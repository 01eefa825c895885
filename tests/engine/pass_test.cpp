#include <painters/engine/pass.hpp>

#include <cstddef>
#include <vector>

#include "support/catch.hpp"

using namespace painters;
using engine::cut_into_passes;
using engine::Pass;
using engine::PassMemory;
using engine::PassOptions;
using engine::PassText;

namespace {

const PassMemory memory{
    .states = 2, .bytes_of_state = 10, .bytes_of_layer = 5, .bytes_of_row = 100};

/// Texts of ten tokens, of which neighbours have the first six in common, with one row each.
std::vector<PassText> some_texts(std::size_t count) {
  std::vector<PassText> texts(count);
  for (std::size_t i = 0; i < count; ++i) {
    texts[i].tokens = {1, 2, 3, 4, 5, 6};
    for (std::size_t t = 0; t < 4; ++t)
      texts[i].tokens.push_back(static_cast<text::TokenId>(10 * i + t));
  }
  return texts;
}

std::vector<Pass> cut(const std::vector<PassText>& texts, const PassOptions& options) {
  return cut_into_passes(texts, options, memory);
}

std::vector<std::size_t> sizes(const std::vector<Pass>& passes) {
  std::vector<std::size_t> all;
  for (const Pass& pass : passes) all.push_back(pass.texts.size());
  return all;
}

}  // namespace

TEST_CASE("passes are as large as tokens and memory allow", "[engine][passes]") {
  using Sizes = std::vector<std::size_t>;
  const auto texts = some_texts(5);
  const auto all = cut(texts, {});
  CHECK(sizes(all) == Sizes{5});
  CHECK(all[0].tokens == 10 + 4 * 4);
  CHECK(all[0].rows == 5);
  CHECK(sizes(cut(texts, {.tokens_per_pass = 18})) == Sizes{3, 2});
  CHECK(sizes(cut(texts, {.tokens_per_pass = 17})) == Sizes{2, 2, 1});
  CHECK(sizes(cut(texts, {.tokens_per_pass = 1})) == Sizes{1, 1, 1, 1, 1});
  CHECK(sizes(cut(texts, {.sharing = engine::Sharing::equal_texts})) == Sizes{5});
  CHECK(sizes(cut(texts, {.tokens_per_pass = 18, .sharing = engine::Sharing::equal_texts})) ==
        Sizes{1, 1, 1, 1, 1});
  // 2 states of 10 bytes and 5 for a layer for each token, 100 for each row.
  CHECK(memory(14, 2) == 14 * 25 + 200);
  CHECK(sizes(cut(texts, {.memory = memory(14, 2)})) == Sizes{2, 2, 1});
  CHECK(sizes(cut(texts, {.memory = memory(14, 2) - 1})) == Sizes{1, 1, 1, 1, 1});
}

TEST_CASE("a request that does not fit is refused with the memory that it needs",
          "[engine][passes]") {
  const PassMemory large{.states = 1, .bytes_of_state = 1 << 20};
  const std::vector<Pass> passes{{.texts = {0}, .tokens = 3, .rows = 0},
                                 {.texts = {1}, .tokens = 8, .rows = 0}};
  CHECK_NOTHROW(require_memory(passes, {.memory = 8 << 20}, large));
  CHECK_THROWS_WITH(require_memory(passes, {.memory = 7 << 20}, large),
                    Catch::Matchers::ContainsSubstring("one of 8 tokens needs 8 MB of 7 MB"));
}

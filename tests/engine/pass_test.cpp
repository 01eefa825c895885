#include <painters/engine/passes.hpp>

#include <cstddef>
#include <numeric>
#include <vector>

#include "support/catch.hpp"

using namespace painters;
using engine::cut_into_passes;
using engine::Pass;
using engine::PassMemory;
using engine::ScorerOptions;
using engine::TokenRequest;

namespace {

const PassMemory memory{
    .states = 2, .bytes_of_state = 10, .bytes_of_layer = 5, .bytes_of_target = 100};

/// Requests with ten tokens to read, of which neighbours have the first six in common.
std::vector<TokenRequest> some_requests(std::size_t count) {
  std::vector<TokenRequest> requests(count);
  for (std::size_t i = 0; i < count; ++i) {
    requests[i].context = {1, 2, 3, 4, 5, 6};
    for (std::size_t t = 0; t < 4; ++t)
      requests[i].context.push_back(static_cast<text::TokenId>(10 * i + t));
    requests[i].continuation = {7};
  }
  return requests;
}

std::vector<Pass> cut(const std::vector<TokenRequest>& requests, const ScorerOptions& options) {
  std::vector<std::size_t> numbers(requests.size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return cut_into_passes(requests, numbers, options, memory,
                         [](const TokenRequest& request) { return request.context; });
}

std::vector<std::size_t> sizes(const std::vector<Pass>& passes) {
  std::vector<std::size_t> all;
  for (const Pass& pass : passes) all.push_back(pass.requests.size());
  return all;
}

}  // namespace

TEST_CASE("passes are as large as tokens and memory allow", "[engine][passes]") {
  using Sizes = std::vector<std::size_t>;
  const auto requests = some_requests(5);
  const auto all = cut(requests, {});
  CHECK(sizes(all) == Sizes{5});
  CHECK(all[0].tokens == 10 + 4 * 4);
  CHECK(all[0].targets == 5);
  CHECK(sizes(cut(requests, {.tokens_per_pass = 18})) == Sizes{3, 2});
  CHECK(sizes(cut(requests, {.tokens_per_pass = 17})) == Sizes{2, 2, 1});
  CHECK(sizes(cut(requests, {.tokens_per_pass = 1})) == Sizes{1, 1, 1, 1, 1});
  CHECK(sizes(cut(requests, {.shares_beginnings = false})) == Sizes{5});
  CHECK(sizes(cut(requests, {.tokens_per_pass = 18, .shares_beginnings = false})) ==
        Sizes{1, 1, 1, 1, 1});
  // 2 states of 10 bytes and 5 for a layer for each token, 100 for each target.
  CHECK(memory(14, 2) == 14 * 25 + 200);
  CHECK(sizes(cut(requests, {.memory = memory(14, 2)})) == Sizes{2, 2, 1});
  CHECK(sizes(cut(requests, {.memory = memory(14, 2) - 1})) == Sizes{1, 1, 1, 1, 1});
}

TEST_CASE("a request that does not fit is told with what it needs", "[engine][passes]") {
  const PassMemory large{.states = 1, .bytes_of_state = 1 << 20};
  const std::vector<Pass> passes{{.requests = {0}, .inputs = {}, .tokens = 3, .targets = 0},
                                 {.requests = {1}, .inputs = {}, .tokens = 8, .targets = 0}};
  CHECK_NOTHROW(require_memory(passes, {.memory = 8 << 20}, large));
  CHECK_THROWS_WITH(require_memory(passes, {.memory = 7 << 20}, large),
                    Catch::Matchers::ContainsSubstring("one of 8 tokens needs 8 MB of 7 MB"));
}

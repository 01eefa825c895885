#include <painters/engine/read_requests.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;

namespace {

/// A token for each character; ids as they are, but for 13.
struct Prepare {
  engine::TokenRequest operator()(const engine::Request& request) const {
    return {{request.context.begin(), request.context.end()},
            {request.continuation.begin(), request.continuation.end()}};
  }
  engine::TokenRequest operator()(engine::TokenRequest request) const {
    if (request.continuation.front() == 13) throw Error("no 13 here");
    return request;
  }
};
constexpr Prepare prepare;

std::string error_of(const std::filesystem::path& path) {
  try {
    engine::read_requests(path, prepare);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("requests are texts or ids, one a line", "[engine][read_requests]") {
  const support::TemporaryFolder folder;
  const auto path = folder.write("r.jsonl",
                                 "{\"context\": \"AB\", \"continuation\": \" C\", \"note\": 1}\n"
                                 "\n"
                                 "{\"context_ids\": [], \"continuation_ids\": [7, 8]}");
  const auto requests = engine::read_requests(path, prepare);
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].context == text::Tokens{'A', 'B'});
  CHECK(requests[0].continuation == text::Tokens{' ', 'C'});
  CHECK(requests[1].context.empty());
  CHECK(requests[1].continuation == text::Tokens{7, 8});
}

TEST_CASE("a line that is no request is named", "[engine][read_requests]") {
  const support::TemporaryFolder folder;
  const auto half =
      folder.write("half.jsonl", "\n{\"context\": \"a\", \"continuation_ids\": [1]}\n");
  CHECK(error_of(half) == half.string() +
                              ", line 2: expected either \"context\" and \"continuation\" or "
                              "\"context_ids\" and \"continuation_ids\", found neither");
  const auto both = folder.write(
      "both.jsonl",
      R"({"context": "a", "continuation": "b", "context_ids": [1], "continuation_ids": [1]})");
  CHECK(error_of(both).ends_with("found both"));
  const auto ids =
      folder.write("ids.jsonl", R"({"context_ids": [99999999999], "continuation_ids": [1]})");
  CHECK(error_of(ids).find("ids.jsonl, line 1") != std::string::npos);
  const auto refused = folder.write("refused.jsonl",
                                    "{\"context_ids\": [1], \"continuation_ids\": [2]}\n"
                                    "{\"context_ids\": [1], \"continuation_ids\": [13]}\n");
  CHECK(error_of(refused) == refused.string() + ", line 2: no 13 here");
  const auto empty = folder.write("empty.jsonl", "");
  CHECK(error_of(empty) == empty.string() + " is empty: expected a line for each request");
}

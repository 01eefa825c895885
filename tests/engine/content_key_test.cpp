#include <painters/engine/content_key.hpp>

#include <string>

#include "support/catch.hpp"

using namespace painters;
using engine::ContentKey;
using engine::key_of;

TEST_CASE("a request's key depends on its tokens and on where the context ends",
          "[engine][content_key]") {
  const engine::TokenRequest request{{1, 2}, {3}};
  CHECK(key_of(request) == key_of(engine::TokenRequest{{1, 2}, {3}}));
  CHECK(key_of(request) != key_of(engine::TokenRequest{{1}, {2, 3}}));
  CHECK(key_of(request) != key_of(engine::TokenRequest{{1, 2}, {4}}));
  CHECK(engine::key_from_hex(engine::to_hex(key_of(request))) == key_of(request));
  CHECK(engine::to_hex(ContentKey{1, 0xabc}) == "00000000000000010000000000000abc");
  CHECK_THROWS_AS(engine::key_from_hex("12"), Error);
  CHECK_THROWS_AS(engine::key_from_hex(std::string(32, 'g')), Error);
}

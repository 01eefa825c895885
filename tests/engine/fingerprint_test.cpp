#include <painters/engine/fingerprint.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using painters::engine::fingerprint;

TEST_CASE("a fingerprint depends on the content and on nothing else", "[engine][fingerprint]") {
  const support::TemporaryFolder folder;
  const std::string content(200'000, 'x');
  std::string other = content;
  other[150'000] = 'y';
  const std::string print = fingerprint(folder.write("a", content));
  CHECK(print.size() == 32);
  CHECK(print == fingerprint(folder.write("b", content)));
  CHECK(print != fingerprint(folder.write("c", other)));
  CHECK(print != fingerprint(folder.write("d", content + 'x')));
  CHECK(fingerprint(folder.write("empty", "")) != print);
}

TEST_CASE("every byte of a large file counts", "[engine][fingerprint]") {
  const support::TemporaryFolder folder;
  std::string content(20 << 20, 'x');
  const std::string print = fingerprint(folder.write("a", content));
  content.back() = 'y';
  CHECK(print != fingerprint(folder.write("a", content)));
  content.back() = 'x';
  content[12'345'678] = 'y';
  CHECK(print != fingerprint(folder.write("a", content)));
}

TEST_CASE("the fingerprint of a folder is that of the model in it", "[engine][fingerprint]") {
  const support::TemporaryFolder folder;
  folder.write("config.json", "{}");
  folder.write("model.safetensors", "weights");
  const std::string print = fingerprint(folder.path());
  CHECK(print == fingerprint(folder.path()));
  folder.write("README.md", "text");
  CHECK(print == fingerprint(folder.path()));
  folder.write("config.json", "[]");
  CHECK(print != fingerprint(folder.path()));
}

TEST_CASE("a missing file is reported in one sentence", "[engine][fingerprint]") {
  CHECK_THROWS_AS(fingerprint("/no/such/file"), painters::Error);
}

#include <painters/engine/spill.hpp>

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/temporary_folder.hpp"

using painters::engine::SpillFile;

TEST_CASE("blocks come back as they went, and leave their place to others", "[engine][spill]") {
  const support::TemporaryFolder folder;
  support::Random random(1);
  constexpr std::size_t size = 1000;
  SpillFile file(size * sizeof(int), folder.path());
  CHECK(std::filesystem::is_empty(folder.path()));  // it has no name
  std::map<std::size_t, int> there;                 // what a block is full of, by its place
  std::size_t most = 0;
  for (int step = 0; step < 300; ++step) {
    if (there.empty() || random.between(0, 2) > 0) {
      const std::vector<int> block(size, step);
      CHECK(there.emplace(file.write(block.data()), step).second);
      most = std::max(most, there.size());
    } else {
      const auto at = std::next(there.begin(),
                                static_cast<std::ptrdiff_t>(random.between(0, there.size() - 1)));
      std::vector<int> block(size);
      file.take(at->first, block.data());
      CHECK(block == std::vector<int>(size, at->second));
      there.erase(at);
    }
  }
  for (const auto& [place, value] : there) CHECK(place < most);
}

TEST_CASE("a folder that takes no file is one sentence", "[engine][spill]") {
  CHECK_THROWS_WITH(SpillFile(8, "/no/such/folder"),
                    Catch::Matchers::StartsWith("expected to keep states") &&
                        Catch::Matchers::ContainsSubstring("/no/such/folder"));
}

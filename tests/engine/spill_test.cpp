#include <painters/engine/spill.hpp>

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/random.hpp"
#include "support/states.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using engine::SpillFile;

TEST_CASE("blocks come back unchanged, and leave their place to others", "[engine][spill]") {
  const support::TemporaryFolder folder;
  support::Random random(1);
  constexpr std::size_t size = 1000;
  SpillFile file(size * sizeof(int), folder.path());
  CHECK(std::filesystem::is_empty(folder.path()));  // it has no name
  std::map<std::size_t, int> there;                 // the number that fills a block, by its place
  std::size_t most = 0;
  for (int step = 0; step < 300; ++step) {
    if (there.empty() || random.between(0, 2) > 0) {
      const std::vector<int> block(size, step);
      const SpillFile::Slot slot = file.take();
      const auto bytes = std::as_bytes(std::span(block));
      const std::size_t middle = random.between(0, bytes.size());  // a block may go in pieces
      file.write(slot, middle, bytes.subspan(middle));
      file.write(slot, 0, bytes.first(middle));
      CHECK(there.emplace(slot, step).second);
      most = std::max(most, there.size());
    } else {
      const auto at = std::next(there.begin(),
                                static_cast<std::ptrdiff_t>(random.between(0, there.size() - 1)));
      std::vector<int> block(size);
      file.read(at->first, 0, std::as_writable_bytes(std::span(block)));
      file.give_back(at->first);
      CHECK(block == std::vector<int>(size, at->second));
      there.erase(at);
    }
  }
  for (const auto& [place, value] : there) CHECK(place < most);
}

TEMPLATE_TEST_CASE("states come back by their tickets, wherever they have moved", "[engine][spill]",
                   PAINTERS_TEST_BACKENDS) {
  // Few wide rows go in many pieces, many narrow ones in one.
  for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{3, 300'000}, {70, 16}}) {
    TestType backend;
    support::Random random(2);
    const tensor::PackedBatch batch = tensor::single_sequence(rows);
    auto a = support::random_states(backend, batch, cols, random), b = a;
    scale(b, 2);
    const tensor::Buffer first = layers::on_host(a), second = layers::on_host(b);
    engine::WaitOnDisk wait(rows, cols);
    const auto ticket_of_a = wait.set_aside(a);
    const auto ticket_of_b = wait.set_aside(b);
    CHECK_THROWS_AS(a.values(), UsageError);  // it has let go of its memory
    auto elsewhere = std::move(a);
    wait.bring_back(b, ticket_of_b);
    wait.bring_back(elsewhere, ticket_of_a);
    CHECK(support::distance(layers::on_host(elsewhere).view(), first.view()) == 0);
    CHECK(support::distance(layers::on_host(b).view(), second.view()) == 0);
  }
}

TEST_CASE("a folder that takes no file is reported in one sentence", "[engine][spill]") {
  CHECK_THROWS_WITH(SpillFile(8, "/no/such/folder"),
                    Catch::Matchers::StartsWith("expected to keep states") &&
                        Catch::Matchers::ContainsSubstring("/no/such/folder"));
}

TEST_CASE("places that are not taken and bytes beyond a block are refused", "[engine][spill]") {
  const support::TemporaryFolder folder;
  SpillFile file(8, folder.path());
  std::vector<std::byte> bytes(8);
  CHECK_THROWS_AS(file.write(0, 0, bytes), UsageError);
  const SpillFile::Slot slot = file.take();
  CHECK_THROWS_AS(file.write(slot, 1, bytes), UsageError);  // it would be the next block's
  CHECK_THROWS_AS(file.read(slot, 9, std::span(bytes).first(0)), UsageError);
  file.give_back(slot);
  CHECK_THROWS_AS(file.give_back(slot), UsageError);  // two blocks would have it
  CHECK_THROWS_AS(file.read(slot, 0, bytes), UsageError);
}

TEST_CASE("states of another size do not wait with others", "[engine][spill]") {
  backend::Reference backend;
  support::Random random(2);
  engine::WaitOnDisk wait(3, 4);
  auto longer = support::random_states(backend, tensor::single_sequence(5), 4, random);
  auto wider = support::random_states(backend, tensor::single_sequence(3), 8, random);
  CHECK_THROWS_AS(wait.set_aside(longer), UsageError);
  CHECK_THROWS_AS(wait.set_aside(wider), UsageError);
  auto x = support::random_states(backend, tensor::single_sequence(3), 4, random);
  const auto ticket = wait.set_aside(x);
  CHECK_THROWS_AS(x.values(), UsageError);
  CHECK_THROWS_AS(wait.set_aside(x), UsageError);  // it waits already
  CHECK_THROWS_AS(wait.bring_back(longer, ticket), UsageError);
  wait.bring_back(x, ticket);
  CHECK_THROWS_AS(wait.bring_back(x, ticket), UsageError);
}

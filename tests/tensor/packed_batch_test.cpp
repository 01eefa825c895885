#include <painters/tensor/packed_batch.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include <painters/error.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace painters::tensor;

TEST_CASE("positions of a tree count from the beginning of each text", "[tensor][packed_batch]") {
  PackedBatch batch;
  CHECK(batch.rows() == 0);
  const std::size_t question = batch.add(3);
  const std::size_t a = batch.add(2, question);
  const std::size_t other = batch.add(2);
  const std::size_t b = batch.add(1, question);
  const std::size_t c = batch.add(2, a);
  CHECK(batch.positions() == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 0, 1, 3, 5, 6});
  CHECK(batch.rows() == 10);
  CHECK(batch.chain(question) == std::vector<std::size_t>{question});
  CHECK(batch.chain(c) == std::vector<std::size_t>{question, a, c});
  CHECK(batch.chain(b) == std::vector<std::size_t>{question, b});
  CHECK(batch.chain(other) == std::vector<std::size_t>{other});
  CHECK(batch.segments()[c].first_row == 8);
  CHECK(batch.segments()[c].first_position == 5);
}

TEST_CASE("the chain of a segment is a text without gaps", "[tensor][packed_batch]") {
  REQUIRE(rc::check([](unsigned seed) {
    support::Random random(seed);
    PackedBatch batch = support::random_batch(random, 30, 9);
    batch.add(0, random.between(0, batch.segments().size() - 1));  // nothing forbids an empty one
    std::size_t rows = 0;
    for (const Segment& segment : batch.segments()) {
      RC_ASSERT(segment.first_row == rows);
      rows += segment.length;
    }
    RC_ASSERT(batch.rows() == rows);
    for (std::size_t s = 0; s < batch.segments().size(); ++s) {
      const std::vector<std::size_t> chain = batch.chain(s);
      RC_ASSERT(chain.back() == s);
      RC_ASSERT(batch.segments()[chain[0]].parent == Segment::no_parent);
      std::uint32_t position = 0;
      for (std::size_t i = 0; i < chain.size(); ++i) {
        const Segment& segment = batch.segments()[chain[i]];
        if (i > 0) RC_ASSERT(segment.parent == chain[i - 1]);
        RC_ASSERT(segment.first_position == position);
        for (std::size_t t = 0; t < segment.length; ++t)
          RC_ASSERT(batch.positions()[segment.first_row + t] == position++);
      }
    }
  }));
}

TEST_CASE("a single sequence is one segment", "[tensor][packed_batch]") {
  const PackedBatch batch = single_sequence(4);
  CHECK(batch.segments().size() == 1);
  CHECK(batch.segments()[0].parent == Segment::no_parent);
  CHECK(batch.positions() == std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(single_sequence(0).rows() == 0);
}

TEST_CASE("segments, parents and rows that a batch lacks are refused", "[tensor][packed_batch]") {
  PackedBatch batch;
  CHECK_THROWS_AS(batch.add(3, 0), painters::UsageError);
  batch.add(3);
  CHECK_THROWS_AS(batch.add(3, 1), painters::UsageError);
  CHECK_THROWS_AS(batch.add(std::size_t{1} << 32, 0), painters::UsageError);
  CHECK(batch.rows() == 3);  // as before
  CHECK_THROWS_AS(batch.chain(1), painters::UsageError);
  CHECK_THROWS_AS(batch.segment_of(3), painters::UsageError);
  CHECK(batch.segment_of(2) == 0);
}

// Attention over packed trees of texts, every backend against its definition.
#include <painters/backend/attention.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/random.hpp"

using namespace painters;
using backend::AttentionShape;
using support::Doubles;
using support::Framed;
using support::Random;
using tensor::PackedBatch;

namespace {

// Of values of about 1. A score of two random vectors is about 1, its rounding error some 1e-7
// times the number of terms' root; the weights change by as much.
constexpr double tolerance = 1e-5;

AttentionShape shape_of(std::size_t group, std::size_t key_value_heads, std::size_t head_dim,
                        bool causal = true) {
  return {group * key_value_heads, key_value_heads, head_dim, causal};
}

/// Queries, keys and values side by side in one matrix, as layers have them.
struct Inputs {
  Framed all;
  AttentionShape shape;

  Inputs(const PackedBatch& batch, const AttentionShape& s, Random& random, float deviation = 1)
      : all(batch.rows(), s.query_size() + 2 * s.key_value_size(), random, deviation), shape(s) {}

  tensor::Matrix q() { return all.view().middle_cols(0, shape.query_size()); }
  tensor::Matrix k() { return all.view().middle_cols(shape.query_size(), shape.key_value_size()); }
  tensor::Matrix v() {
    return all.view().middle_cols(shape.query_size() + shape.key_value_size(),
                                  shape.key_value_size());
  }
  template <class B>
  Framed output(B& backend, const PackedBatch& batch) {
    Framed y(batch.rows(), shape.query_size());
    backend.attention(q(), k(), v(), batch, batch.all_rows(), shape, y.view());
    return y;
  }
  Doubles expected(const PackedBatch& batch) {
    return support::attention(Doubles(q()), Doubles(k()), Doubles(v()), batch, shape);
  }
};

template <class B>
double error(B& backend, const PackedBatch& batch, const AttentionShape& shape, Random& random) {
  Inputs inputs(batch, shape, random);
  const Framed y = inputs.output(backend, batch);
  if (!y.frame_is_whole() || !inputs.all.frame_is_whole()) return 1e9;
  return support::distance(y.view(), inputs.expected(batch));
}

/// A question of `length` tokens with three answers, one of them with two endings, and a text of
/// its own.
PackedBatch question_and_answers(std::size_t length) {
  PackedBatch batch;
  const std::size_t question = batch.add(length);
  batch.add(3, question);
  batch.add(length / 2 + 1);
  const std::size_t answer = batch.add(1, question);
  batch.add(5, answer);
  batch.add(2, question);
  batch.add(2, answer);
  return batch;
}

}  // namespace

TEMPLATE_TEST_CASE("attention of every group and head size is that of its definition",
                   "[backend][attention]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(1);
  for (const std::size_t group : {1, 2, 3, 5, 9, 71})
    for (const std::size_t head_dim : {2, 6, 16, 40, 64, 80, 128})
      for (const bool causal : {true, false}) {
        CAPTURE(group, head_dim, causal);
        const std::size_t heads = group == 71 ? 1 : random.between(1, 3);
        const PackedBatch batch = question_and_answers(random.between(2, 11));
        CHECK(error(backend, batch, shape_of(group, heads, head_dim, causal), random) < tolerance);
      }
}

TEMPLATE_TEST_CASE("attention over trees of any form is that of its definition",
                   "[backend][attention]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  REQUIRE(rc::check([&](unsigned seed) {
    Random random(seed);
    constexpr std::size_t groups[] = {1, 2, 3, 5, 9}, head_dims[] = {2, 6, 16, 40};
    const PackedBatch batch = support::random_batch(random, 8, random.between(1, 40));
    const auto shape = shape_of(groups[random.between(0, 4)], random.between(1, 2),
                                head_dims[random.between(0, 3)], random.between(0, 1) == 0);
    RC_ASSERT(error(backend, batch, shape, random) < tolerance);
  }));
}

TEMPLATE_TEST_CASE("attention over long texts is that of its definition", "[backend][attention]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(2);
  // Around the blocks of 128 keys and 64 columns.
  for (const std::size_t length : {63, 64, 65, 126, 127, 128, 129, 130, 200})
    for (const std::size_t group : {1, 3, 9, 71}) {
      CAPTURE(length, group);
      PackedBatch batch;
      const std::size_t first = batch.add(length);
      batch.add(group == 71 ? 2 : 140, first);
      batch.add(1, first);
      CHECK(error(backend, batch, shape_of(group, 1, 6, length != 65), random) < tolerance);
    }
}

TEMPLATE_TEST_CASE("what a token does not see has no influence on it", "[backend][attention]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(3);
  for (const std::size_t group : {1, 3, 71})
    for (const bool causal : {true, false}) {
      const PackedBatch batch = question_and_answers(group == 71 ? 9 : 133);
      Inputs inputs(batch, shape_of(group, 2, 16, causal), random);
      const Framed before = inputs.output(backend, batch);
      for (const std::size_t query : {std::size_t{0}, std::size_t{4}, batch.segments()[1].first_row,
                                      batch.segments()[2].first_row, batch.segments()[3].first_row,
                                      batch.segments()[4].first_row + 1, batch.rows() - 1}) {
        CAPTURE(group, causal, query);
        Inputs changed = inputs;
        std::size_t hidden = 0;
        for (std::size_t key = 0; key < batch.rows(); ++key) {
          if (support::sees(batch, query, key, causal)) continue;
          ++hidden;
          for (std::size_t c = 0; c < changed.shape.key_value_size(); ++c) {
            changed.k()(key, c) = 3e4f * random.normal();
            changed.v()(key, c) = 3e4f * random.normal();
          }
        }
        CHECK(hidden > 0);
        const Framed after = changed.output(backend, batch);
        CHECK(support::distance(before.view().middle_rows(query, 1),
                                after.view().middle_rows(query, 1)) == 0);
      }
    }
}

TEMPLATE_TEST_CASE("a text has the same attention alone and in a batch", "[backend][attention]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(4);
  const PackedBatch batch = question_and_answers(150);
  Inputs inputs(batch, shape_of(3, 2, 16), random);
  const Framed packed = inputs.output(backend, batch);
  for (const std::size_t leaf : {1, 2, 4, 5, 6}) {
    std::vector<std::size_t> rows;
    for (const std::size_t s : batch.chain(leaf))
      for (std::size_t i = 0; i < batch.segments()[s].length; ++i)
        rows.push_back(batch.segments()[s].first_row + i);
    const PackedBatch text = tensor::single_sequence(rows.size());
    Inputs alone(text, inputs.shape, random);
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (std::size_t c = 0; c < alone.all.view().cols; ++c)
        alone.all.view()(r, c) = inputs.all.view()(rows[r], c);
    const Framed y = alone.output(backend, text);
    for (std::size_t r = 0; r < rows.size(); ++r)
      REQUIRE(support::distance(y.view().middle_rows(r, 1), packed.view().middle_rows(rows[r], 1)) <
              tolerance);
  }
}

TEMPLATE_TEST_CASE("attention with extreme scores stays finite and takes the largest",
                   "[backend][attention]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(5);
  const PackedBatch batch = question_and_answers(140);
  for (const float deviation : {1e-6f, 60.0f, 1e4f}) {  // scores of 1e-12, 1e4 and 1e8
    CAPTURE(deviation);
    Inputs inputs(batch, shape_of(3, 1, 16), random, deviation);
    for (std::size_t r = 0; r < batch.rows(); ++r)
      for (std::size_t c = 0; c < 16; ++c) inputs.v()(r, c) = random.normal();
    const Framed y = inputs.output(backend, batch);
    const Doubles expected = inputs.expected(batch);
    // Scores of 1e4 are rounded by 1e-3, those of 1e8 by more than 1: where two come that close
    // there is nothing to compare.
    if (deviation < 1e4f)
      CHECK(support::distance(y.view(), expected) < (deviation < 1 ? tolerance : 2e-2));
    for (std::size_t r = 0; r < batch.rows(); ++r)
      for (std::size_t c = 0; c < y.view().cols; ++c) REQUIRE(std::isfinite(y.view()(r, c)));
  }
}

// Attention over packed trees of texts, every backend against its definition.
#include <painters/backend/attention.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/on_host.hpp"
#include "support/random.hpp"

using namespace painters;
using backend::AttentionShape;
using support::Doubles;
using support::Framed;
using support::Random;
using tensor::PackedBatch;

namespace {

// For values of about 1. The score of two random vectors is about 1, its rounding error some 1e-7
// times the root of the number of terms; the weights change by as much.
constexpr double tolerance = 1e-5;

AttentionShape shape_of(std::size_t group, std::size_t key_value_heads, std::size_t head_dim,
                        bool causal = true, std::size_t window = 0) {
  return {group * key_value_heads, key_value_heads, head_dim, causal, window};
}

/// Queries, keys and values side by side in one matrix, as layers have them.
struct Inputs {
  Framed all;
  AttentionShape shape;

  Inputs(const PackedBatch& batch, const AttentionShape& s, Random& random, float deviation = 1)
      : all(batch.rows(), s.query_size() + 2 * s.key_value_size(), random, deviation), shape(s) {}

  tensor::Matrix q() { return all.view().middle_cols(0, shape.query_size()); }
  tensor::Matrix k() { return all.view().middle_cols(shape.query_size(), shape.key_value_size()); }
  tensor::ConstMatrix v() const {
    return all.view().middle_cols(shape.query_size() + shape.key_value_size(),
                                  shape.key_value_size());
  }
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

TEMPLATE_TEST_CASE("attention of every group and head size matches its definition",
                   "[backend][attention]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
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

TEMPLATE_TEST_CASE("attention over trees of any form matches its definition",
                   "[backend][attention]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  REQUIRE(rc::check([&](unsigned seed) {
    Random random(seed);
    constexpr std::size_t groups[] = {1, 2, 3, 5, 9}, head_dims[] = {2, 6, 16, 40};
    const PackedBatch batch = support::random_batch(random, 8, random.between(1, 40));
    const auto shape = shape_of(groups[random.between(0, 4)], random.between(1, 2),
                                head_dims[random.between(0, 3)], random.between(0, 1) == 0,
                                random.between(0, 1) * random.between(0, 60));
    RC_ASSERT(error(backend, batch, shape, random) < tolerance);
  }));
}

TEMPLATE_TEST_CASE("attention over long texts matches its definition", "[backend][attention]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
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

TEST_CASE("a token sees the last of those before it and itself", "[backend][attention]") {
  for (const std::size_t window : {0, 1, 2, 5, 9, 30})
    for (const bool causal : {true, false}) {
      const AttentionShape shape = shape_of(1, 1, 2, causal, window);
      const PackedBatch text = tensor::single_sequence(20);
      for (std::size_t query = 0; query < 20; ++query)
        for (std::size_t key = 0; key < 20; ++key) {
          const bool behind = key > query, too_far = window > 0 && key + window <= query;
          CHECK(shape.sees(query, key) == !(causal && (behind || too_far)));
          CHECK(support::sees(text, query, key, shape) == shape.sees(query, key));
        }
    }
}

TEMPLATE_TEST_CASE("attention with a window matches its definition", "[backend][attention]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(6);
  constexpr std::size_t groups[] = {1, 3, 9};
  // Around the blocks of 128 keys and 64 columns.
  for (const std::size_t window : {1, 2, 6, 63, 64, 65, 127, 128, 129, 200, 1000})
    for (const std::size_t length :
         {1, 2, 3, 7, 20, 62, 63, 64, 65, 66, 126, 127, 128, 129, 130, 191, 193, 257, 300}) {
      const std::size_t group = groups[random.between(0, 2)];
      CAPTURE(window, length, group);
      CHECK(error(backend, tensor::single_sequence(length),
                  shape_of(group, random.between(1, 2), 6, true, window), random) < tolerance);
    }
}

TEMPLATE_TEST_CASE("a window ends inside an ancestor or after it", "[backend][attention]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(7);
  PackedBatch batch;
  const std::size_t question = batch.add(131);
  const std::size_t answer = batch.add(5, question);
  batch.add(70, answer);
  batch.add(3, question);
  batch.add(1, batch.add(1, batch.add(1, answer)));
  for (const std::size_t window : {1,  2,  3,   4,   5,   6,   7,   8,   64,  69,  70,  71,  74, 75,
                                   76, 77, 128, 129, 130, 131, 132, 135, 136, 137, 205, 206, 207})
    for (const std::size_t group : {1, 2, 9}) {
      CAPTURE(window, group);
      CHECK(error(backend, batch, shape_of(group, 1, 6, true, window), random) < tolerance);
    }
}

TEMPLATE_TEST_CASE("a window of a whole text is no window, one of a single token gives its value",
                   "[backend][attention]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(8);
  for (const std::size_t length : {1, 2, 64, 129, 201}) {
    const PackedBatch batch = question_and_answers(length);
    const std::size_t longest = length + 8;  // tokens of the longest text and more
    for (const std::size_t group : {1, 3}) {
      CAPTURE(length, group);
      Inputs inputs(batch, shape_of(group, 2, 16), random);
      const Framed all = inputs.output(backend, batch);
      for (const std::size_t window :
           {longest, 10 * longest, std::numeric_limits<std::size_t>::max()}) {
        inputs.shape.window = window;
        CHECK(support::distance(inputs.output(backend, batch).view(), all.view()) == 0);
      }
      inputs.shape.window = 1;
      const Framed own = inputs.output(backend, batch);
      double most = 0;
      for (std::size_t head = 0; head < inputs.shape.num_attention_heads; ++head)
        most = std::max(
            most, support::distance(own.view().middle_cols(head * 16, 16),
                                    std::as_const(inputs).v().middle_cols(head / group * 16, 16)));
      CHECK(most < 1e-6);

      inputs.shape.causal = false;  // without causality a window has no effect
      const Framed windowed = inputs.output(backend, batch);
      inputs.shape.window = 0;
      CHECK(support::distance(windowed.view(), inputs.output(backend, batch).view()) == 0);
    }
  }
}

TEMPLATE_TEST_CASE("some queries alone get what they get among all", "[backend][attention]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(9);
  for (const std::size_t window : {0, 1, 5, 64, 130})
    for (const std::size_t group : {1, 3, 9, 71}) {
      const PackedBatch batch = question_and_answers(group == 71 ? 20 : 140);
      Inputs inputs(batch, shape_of(group, 2, 6, true, window), random);
      const Framed all = inputs.output(backend, batch);
      for (const std::size_t one_in : {1, 2, 7, 50}) {
        CAPTURE(window, group, one_in);
        std::vector<std::size_t> queries;
        for (std::size_t r = 0; r < batch.rows(); ++r)
          if (random.between(1, one_in) == 1) queries.push_back(r);
        Framed some(queries.size(), inputs.shape.query_size());
        backend.attention(inputs.q(), inputs.k(), inputs.v(), batch, queries, inputs.shape,
                          some.view());
        double most = 0;
        for (std::size_t i = 0; i < queries.size(); ++i)
          most = std::max(most, support::distance(std::as_const(some).view().middle_rows(i, 1),
                                                  all.view().middle_rows(queries[i], 1)));
        CHECK(most < 1e-5);
        CHECK(some.frame_is_whole());
      }
    }
}

TEMPLATE_TEST_CASE("what a token does not see has no influence on it", "[backend][attention]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(3);
  for (const std::size_t group : {1, 3, 71})
    for (const auto& [causal, window] :
         {std::pair<bool, std::size_t>{true, 0}, {true, 1}, {true, 5}, {true, 70}, {false, 0}}) {
      const PackedBatch batch = question_and_answers(group == 71 ? 9 : 133);
      Inputs inputs(batch, shape_of(group, 2, 16, causal, window), random);
      const Framed before = inputs.output(backend, batch);
      for (const std::size_t query : {std::size_t{0}, std::size_t{4}, batch.segments()[1].first_row,
                                      batch.segments()[2].first_row, batch.segments()[3].first_row,
                                      batch.segments()[4].first_row + 1, batch.rows() - 1}) {
        CAPTURE(group, causal, window, query);
        Inputs changed = inputs;
        std::size_t hidden = 0;
        for (std::size_t key = 0; key < batch.rows(); ++key) {
          if (support::sees(batch, query, key, inputs.shape)) continue;
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
  support::OnHost<TestType> backend;
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
  support::OnHost<TestType> backend;
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

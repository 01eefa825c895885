#include <painters/layers/language_model_head.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <painters/error.hpp>
#include <painters/models/stored_norm.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/random.hpp"
#include "support/states.hpp"

using namespace painters;
using backend::TokenLikelihood;
using layers::LanguageModelHead;
using support::Doubles;
using support::Framed;
using support::Random;

namespace {

constexpr std::size_t hidden_size = 32;

struct Vocabulary {
  support::StoredWeight weight;
  models::StoredNorm norm;

  Vocabulary(std::size_t size, Random& random)
      : weight(
            support::random_weight(tensor::ElementType::q8_0, size, hidden_size, random, 0, 0.5f)),
        norm{random.normals(hidden_size), 1e-5f} {}

  template <class B>
  LanguageModelHead<B> head(B& backend) const {
    return {backend, models::norm(backend, norm), weight.weight};
  }

  Doubles logits(tensor::ConstMatrix hidden) const {
    return support::product(
        support::rms_norm(Doubles(hidden), norm.weight, static_cast<double>(norm.eps)),
        Doubles(weight.values.view()));
  }
};

}  // namespace

TEMPLATE_TEST_CASE("logits are products of the normalised states with every token",
                   "[layers][head]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(1);
  for (const std::size_t size : {1, 100, 2048, 2049, 4500})
    for (const std::size_t rows : {1, 5, 120}) {
      CAPTURE(size, rows);
      const Vocabulary vocabulary(size, random);
      const LanguageModelHead<TestType> head = vocabulary.head(backend);
      CHECK(head.vocab_size() == size);
      const Framed hidden(rows, hidden_size, random, 20);
      auto states = backend.buffer(rows, hidden_size), logits = backend.buffer(rows, size);
      backend.upload(hidden.view(), states.view());
      head.logits(backend, states.view(), logits.view());
      CHECK(support::distance(backend::on_host(backend, std::as_const(logits).view()).view(),
                              vocabulary.logits(hidden.view())) < 2e-5);
    }
}

TEMPLATE_TEST_CASE("likelihoods are those of the logits, wherever the target is", "[layers][head]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(2);
  constexpr std::size_t size = 4500;  // slices of 2048 ids
  const Vocabulary vocabulary(size, random);
  const LanguageModelHead<TestType> head = vocabulary.head(backend);
  std::vector<std::int32_t> targets{0, 1, 2047, 2048, 2049, 4095, 4096, 4499};
  for (int i = 0; i < 120; ++i)
    targets.push_back(static_cast<std::int32_t>(random.between(0, size - 1)));
  const Framed hidden(targets.size(), hidden_size, random, 3);
  const Doubles logits = vocabulary.logits(hidden.view());
  for (std::size_t i = 0; i < targets.size(); i += 3)  // a third of all are the argmax
    targets[i] = static_cast<std::int32_t>(support::argmax(logits.row(i)));
  auto states = backend.buffer(targets.size(), hidden_size);
  backend.upload(hidden.view(), states.view());
  const std::vector<TokenLikelihood> found =
      head.token_likelihoods(backend, states.view(), targets);
  for (std::size_t r = 0; r < targets.size(); ++r) {
    const auto target = static_cast<std::size_t>(targets[r]);
    CHECK(found[r].log_probability() ==
          Approx(support::log_probability(logits.row(r), target)).margin(2e-5));
    CHECK(found[r].argmax == static_cast<std::int32_t>(support::argmax(logits.row(r))));
    CHECK(found[r].is_greedy() == (support::argmax(logits.row(r)) == target));
  }
}

TEMPLATE_TEST_CASE("a head asked for no rows gives none", "[layers][head]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(3);
  const Vocabulary vocabulary(50, random);
  const LanguageModelHead<TestType> head = vocabulary.head(backend);
  auto hidden = backend.buffer(0, hidden_size), logits = backend.buffer(0, 50);
  head.logits(backend, hidden.view(), logits.view());
  CHECK(head.token_likelihoods(backend, hidden.view(), {}).empty());
}

TEMPLATE_TEST_CASE("a head refuses states, room and tokens that are not its own", "[layers][head]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(5);
  const Vocabulary vocabulary(50, random);
  const LanguageModelHead<TestType> head = vocabulary.head(backend);
  const auto room = [&](std::size_t rows, std::size_t cols) { return backend.buffer(rows, cols); };
  auto hidden = room(2, hidden_size), wide = room(2, hidden_size * 2), logits = room(2, 50),
       small = room(1, 50), narrow = room(2, 49);
  for (auto* zeros : {&hidden, &wide})
    backend.upload(
        support::of_values(2, zeros->cols(), std::vector<float>(2 * zeros->cols())).view(),
        zeros->view());
  head.logits(backend, hidden.view(), logits.view());
  CHECK_THROWS_AS(head.logits(backend, wide.view(), logits.view()), Error);
  CHECK_THROWS_AS(head.logits(backend, hidden.view(), small.view()), Error);
  CHECK_THROWS_AS(head.logits(backend, hidden.view(), narrow.view()), Error);
  const auto likelihoods = [&](std::vector<std::int32_t> targets) {
    return head.token_likelihoods(backend, hidden.view(), targets).size();
  };
  CHECK(likelihoods({0, 49}) == 2);
  CHECK_THROWS_AS(likelihoods({0}), Error);
  CHECK_THROWS_AS(likelihoods({0, 50}), Error);
  CHECK_THROWS_AS(likelihoods({-1, 0}), Error);

  const models::StoredNorm longer{random.normals(2 * hidden_size), 1e-5f};
  CHECK_THROWS_AS(
      LanguageModelHead<TestType>(backend, models::norm(backend, longer), vocabulary.weight.weight),
      Error);
  CHECK_THROWS_AS(LanguageModelHead<TestType>(backend, models::norm(backend, vocabulary.norm), {}),
                  Error);
}

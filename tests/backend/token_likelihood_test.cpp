#include <painters/backend/token_likelihood.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/on_host.hpp"
#include "support/random.hpp"

using namespace painters;
using backend::TokenLikelihood;
using support::Doubles;
using support::Framed;
using support::Random;

namespace {

/// The likelihoods of `targets`, the vocabulary seen `slice` tokens at a time, first or last first.
template <class B>
std::vector<TokenLikelihood> likelihoods(B& backend, tensor::ConstMatrix logits,
                                         const std::vector<std::int32_t>& targets,
                                         std::size_t slice, bool backwards = false) {
  auto rows = backend.backend().likelihoods(targets);
  std::vector<std::size_t> starts;
  for (std::size_t first = 0; first < logits.cols; first += slice) starts.push_back(first);
  if (backwards) std::reverse(starts.begin(), starts.end());
  for (const std::size_t first : starts)
    backend.token_likelihoods(logits.middle_cols(first, std::min(slice, logits.cols - first)),
                              static_cast<std::int32_t>(first), rows);
  return backend.backend().download(rows);
}

}  // namespace

TEMPLATE_TEST_CASE("log-probabilities are those of log-softmax in double precision",
                   "[backend][token_likelihoods]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(1);
  for (const std::size_t rows : {1, 7, 33, 130})
    for (const std::size_t vocabulary : {1, 2, 15, 16, 17, 100, 1111})
      for (const std::size_t slice : {1, 16, 40, 1111}) {
        if (slice * 60 < vocabulary) continue;
        CAPTURE(rows, vocabulary, slice);
        const Framed logits(rows, vocabulary, random, 4);
        const Doubles exact(logits.view());
        std::vector<std::int32_t> targets(rows);
        for (std::int32_t& target : targets)
          target = static_cast<std::int32_t>(random.between(0, vocabulary - 1));
        const auto found = likelihoods(backend, logits.view(), targets, slice);
        double most = 0;
        std::size_t wrong = 0;
        for (std::size_t r = 0; r < rows; ++r) {
          const auto target = static_cast<std::size_t>(targets[r]);
          const double error =
              std::abs(found[r].log_probability() - support::log_probability(exact.row(r), target));
          most = error <= most ? most : std::isnan(error) ? 1e9 : error;
          const std::size_t best = support::argmax(exact.row(r));
          wrong += found[r].argmax != static_cast<std::int32_t>(best);
          wrong += found[r].is_greedy() != (best == target);
        }
        CHECK(most < 1e-6);
        CHECK(wrong == 0);
      }
}

TEMPLATE_TEST_CASE("targets are found in every slice and at its borders",
                   "[backend][token_likelihoods]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(2);
  constexpr std::size_t vocabulary = 70;
  const Framed one(1, vocabulary, random, 3);
  Framed logits(vocabulary, vocabulary);
  std::vector<std::int32_t> targets;
  for (std::size_t r = 0; r < vocabulary; ++r) {
    targets.push_back(static_cast<std::int32_t>(r));
    std::copy_n(one.view().row(0), vocabulary, logits.view().row(r));
  }
  const auto found = likelihoods(backend, std::as_const(logits).view(), targets, 17);
  const Doubles exact(one.view());
  double sum = 0;
  for (std::size_t r = 0; r < vocabulary; ++r) {
    CHECK(found[r].log_probability() ==
          Approx(support::log_probability(exact.row(0), r)).margin(1e-6));
    sum += std::exp(found[r].log_probability());
  }
  CHECK(sum == Approx(1).margin(1e-6));
}

TEMPLATE_TEST_CASE("of equal logits the first is the argmax, whatever the slices",
                   "[backend][token_likelihoods]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  for (const std::size_t first : {0, 1, 14, 15, 16, 30, 47})
    for (const std::size_t second : {48, 63, 64, 79})
      for (const std::size_t slice : {8, 16, 25, 80}) {
        CAPTURE(first, second, slice);
        Framed logits(1, 80);
        for (std::size_t c = 0; c < 80; ++c) logits.view()(0, c) = -1;
        logits.view()(0, first) = logits.view()(0, second) = 2;
        const auto view = std::as_const(logits).view();
        const auto f = static_cast<std::int32_t>(first), s = static_cast<std::int32_t>(second);
        CHECK(likelihoods(backend, view, {f}, slice)[0].is_greedy());
        CHECK_FALSE(likelihoods(backend, view, {s}, slice)[0].is_greedy());
      }
  Framed equal(1, 50);
  for (std::size_t c = 0; c < 50; ++c) equal.view()(0, c) = -7;
  const auto found = likelihoods(backend, std::as_const(equal).view(), {3}, 20);
  CHECK(found[0].argmax == 0);
  CHECK(found[0].log_probability() == Approx(-std::log(50.0)).margin(1e-6));
}

TEMPLATE_TEST_CASE("extreme logits give finite log-probabilities", "[backend][token_likelihoods]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(3);
  const std::size_t vocabulary = 90;
  for (const float size : {1e4f, 1e-30f, 3e37f})
    for (const bool backwards : {false, true}) {
      CAPTURE(size, backwards);
      Framed logits(4, vocabulary, random, size / 3);
      for (std::size_t c = 0; c < vocabulary; ++c) {
        logits.view()(1, c) = c == 60 ? size : -size;
        logits.view()(2, c) = c == 60 ? -size : size;
      }
      const Doubles exact(logits.view());
      const auto found =
          likelihoods(backend, std::as_const(logits).view(), {5, 60, 60, 89}, 16, backwards);
      const std::size_t targets[] = {5, 60, 60, 89};
      for (std::size_t r = 0; r < 4; ++r) {
        REQUIRE(std::isfinite(found[r].log_probability()));
        const double expected = support::log_probability(exact.row(r), targets[r]);
        CHECK(found[r].log_probability() == Approx(expected).epsilon(1e-9).margin(1e-6));
      }
      CHECK(found[1].is_greedy());
      CHECK_FALSE(found[2].is_greedy());
    }
}

TEMPLATE_TEST_CASE("a logit that is not a number is not hidden", "[backend][token_likelihoods]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  for (const std::size_t at : {0, 5, 16, 37, 99})
    for (const std::size_t slice : {40, 100}) {
      std::vector<float> logits(100, 1.0f);
      logits[at] = std::nanf("");
      for (const std::int32_t target : {0, 3, static_cast<std::int32_t>(at)}) {
        const auto found = likelihoods(backend, {logits.data(), 1, 100}, {target}, slice);
        CHECK(std::isnan(found[0].log_probability()));
        CHECK_FALSE(found[0].is_greedy());
      }
    }
}

TEST_CASE("slices can be merged in any order", "[backend][token_likelihoods]") {
  TokenLikelihood forwards, backwards;
  forwards.merge(1, 4, 2.5);
  forwards.merge(3, 12, 1.25);
  forwards.merge(-2, 21, 4);
  backwards.merge(-2, 21, 4);
  backwards.merge(3, 12, 1.25);
  backwards.merge(1, 4, 2.5);
  const double sum = 2.5 * std::exp(1 - 3.0) + 1.25 + 4 * std::exp(-2 - 3.0);
  for (const TokenLikelihood& row : {forwards, backwards}) {
    CHECK(row.max == 3);
    CHECK(row.argmax == 12);
    CHECK(row.sum == Approx(sum).epsilon(1e-14));
  }
}

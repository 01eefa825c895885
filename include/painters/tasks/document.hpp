// A question of a benchmark as the requests that a model scores, and what its scores amount to.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <painters/engine/request.hpp>

namespace painters::tasks {

/// One request: a target that the model has to say. Several: choices of which one is right, in the
/// data's order.
struct Document {
  std::size_t index = 0;                  // of the document in its file, from 0
  std::vector<engine::Request> requests;  // at least one
  std::size_t gold = 0;                   // the right request
  std::vector<std::size_t>
      choice_lengths;  // Unicode characters of each choice without the space before it
};

/// What a model's scores of a document's requests amount to.
struct DocumentResult {
  std::size_t index = 0;       // the document's
  std::size_t gold = 0;        // the right request
  std::size_t prediction = 0;  // the likeliest request, the first of equals
  bool correct =
      false;  // a target: its tokens are the greedy ones; choices: the prediction is the gold one
  std::optional<bool> correct_norm;  // by log-likelihood per character, for tasks with that metric
  double loglikelihood = 0;          // of the gold request
  std::vector<double> loglikelihoods;  // of every request
};

}  // namespace painters::tasks

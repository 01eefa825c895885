// A question of a benchmark as requests that a model scores, and the result that the scores give.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <painters/engine/request.hpp>

namespace painters::tasks {

/// A document with one request asks for a target that the model has to say; one with several asks
/// which of these choices, in the order of the data, is right.
struct Document {
  std::size_t index = 0;                    // of the document in its file, from 0
  std::vector<engine::Request> requests;    // at least one
  std::size_t gold = 0;                     // the right request
  std::vector<std::size_t> choice_lengths;  // in Unicode characters, without the space in front
};

/// What a model's scores of a document's requests say.
struct DocumentResult {
  std::size_t index = 0;       // of the document in its file
  std::size_t gold = 0;        // the right request
  std::size_t prediction = 0;  // the likeliest request, the first of equals
  bool correct = false;  // choices: the prediction is right; a target: greedy decoding gives it
  std::optional<bool> correct_norm;    // by log-likelihood per character, for tasks with acc_norm
  double loglikelihood = 0;            // of the right request
  std::vector<double> loglikelihoods;  // of every request
};

}  // namespace painters::tasks

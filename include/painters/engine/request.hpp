// What scoring takes and gives: the log-likelihood of a continuation after a context.
#pragma once

#include <cstddef>
#include <string>

#include <painters/text/token.hpp>

namespace painters::engine {

/// A request as text; encoding.hpp turns it into tokens as lm-evaluation-harness does.
struct Request {
  std::string context;       // what the model is given; may be empty
  std::string continuation;  // what is scored
};

/// A request as tokens. Scoring needs at least one of each; encoding.hpp puts the prefix token in
/// place of an empty context.
struct TokenRequest {
  text::Tokens context;       // what the model is given
  text::Tokens continuation;  // what is scored
};

/// What a model says about a continuation.
struct Score {
  double loglikelihood = 0;  // in nats, summed in double over the tokens of the continuation
  bool is_greedy = false;    // every token of the continuation is the argmax at its position
  std::size_t tokens = 0;    // tokens of the continuation
};

}  // namespace painters::engine

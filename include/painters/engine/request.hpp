// What scoring takes and gives: the log-likelihood of a continuation after a context.
#pragma once

#include <cstddef>
#include <string>

#include <painters/text/token.hpp>

namespace painters::engine {

/// A request as text; encoding.hpp turns it into tokens as lm-evaluation-harness does.
struct Request {
  std::string context;
  std::string continuation;
};

/// A request as tokens. An empty context is allowed only where encoding.hpp has put the prefix
/// token before.
struct TokenRequest {
  text::Tokens context;
  text::Tokens continuation;
};

/// Natural logarithm, summed in double over the tokens of the continuation.
struct Score {
  double loglikelihood = 0;
  bool is_greedy = false;  // every token of the continuation is the argmax at its position
  std::size_t tokens = 0;  // tokens of the continuation
};

}  // namespace painters::engine

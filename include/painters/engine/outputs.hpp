// What can be had of texts beside scores: logits and states.
#pragma once

#include <vector>

#include <painters/tensor/buffer.hpp>

namespace painters::engine {

/// The tokens of a text whose logits are wanted.
enum class LogitsOf { no_token, last_token, every_token };

/// What is kept of each text.
struct Wanted {
  bool states = false;                   // after every step
  LogitsOf logits = LogitsOf::no_token;  // of the last states
};

/// What was kept of a text, on the host.
struct TextOutputs {
  /// [tokens, hidden_size] before the first step and after each, see for_each_step; or empty.
  std::vector<tensor::Buffer> states;
  /// [tokens, vocab_size], [1, vocab_size] for the last token, or empty.
  tensor::Buffer logits;
};

}  // namespace painters::engine

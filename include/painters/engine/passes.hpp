// Requests cut into passes: as many as go through the layers together within the memory that is
// allowed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/engine/request.hpp>
#include <painters/error.hpp>

namespace painters::engine {

/// What scoring may take, and share.
struct ScorerOptions {
  /// Requests are packed up to so many tokens, common beginnings counted once.
  std::size_t tokens_per_pass = 4096;
  /// Bytes for states and what layers need for a pass. Passes get smaller to stay below, then
  /// states that wait go to disk.
  std::size_t memory = std::numeric_limits<std::size_t>::max();
  /// Whether common beginnings are computed once; without it only to see what that saves.
  bool shares_beginnings = true;
};

/// Bytes that a pass takes.
struct PassMemory {
  std::size_t states = 1;           // in memory at a time
  std::size_t bytes_of_state = 0;   // for each token
  std::size_t bytes_of_layer = 0;   // that a layer needs for each token
  std::size_t bytes_of_target = 0;  // for each token of a continuation

  /// Bytes of a pass of so many tokens that scores so many tokens of continuations.
  std::size_t operator()(std::size_t tokens, std::size_t targets) const {
    return tokens * (states * bytes_of_state + bytes_of_layer) + targets * bytes_of_target;
  }
};

/// Neighbouring requests that go through the layers together.
struct Pass {
  std::vector<std::size_t> requests;  // by number
  std::vector<text::Tokens> inputs;   // what the model reads for each
  std::size_t tokens = 0;             // of all, what neighbours have in common counted once
  std::size_t targets = 0;            // tokens of the continuations
};

/// Passes of these requests in this order, each within the options, or of one request.
/// input_of(request): what the model reads.
template <class InputOf>
std::vector<Pass> cut_into_passes(std::span<const TokenRequest> all,
                                  std::span<const std::size_t> requests,
                                  const ScorerOptions& options, const PassMemory& memory,
                                  const InputOf& input_of) {
  std::vector<Pass> passes;
  for (const std::size_t request : requests) {
    text::Tokens input = input_of(all[request]);
    const std::size_t targets = all[request].continuation.size();
    std::size_t more = input.size();
    bool fits = false;
    if (!passes.empty()) {
      const Pass& pass = passes.back();
      const text::Tokens& before = pass.inputs.back();
      const auto end = std::mismatch(before.begin(), before.end(), input.begin(), input.end());
      const bool shares = options.shares_beginnings || input == before;
      if (shares) more = static_cast<std::size_t>(input.end() - end.second);
      fits = pass.tokens + more <= options.tokens_per_pass &&
             memory(pass.tokens + more, pass.targets + targets) <= options.memory;
    }
    if (!fits) {
      passes.emplace_back();
      more = input.size();
    }
    Pass& pass = passes.back();
    pass.requests.push_back(request);
    pass.inputs.push_back(std::move(input));
    pass.tokens += more;
    pass.targets += targets;
  }
  return passes;
}

/// Throws Error if a pass of one request is too large.
inline void require_memory(std::span<const Pass> passes, const ScorerOptions& options,
                           const PassMemory& memory) {
  std::size_t most = 0, tokens = 0;
  for (const Pass& pass : passes)
    if (const std::size_t bytes = memory(pass.tokens, pass.targets); bytes > most)
      most = bytes, tokens = pass.tokens;
  const auto megabytes = [](std::size_t bytes) {
    return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MB";
  };
  if (most > options.memory)
    throw Error("expected a request to fit in the memory that is allowed for states, but one of " +
                std::to_string(tokens) + " tokens needs " + megabytes(most) + " of " +
                std::to_string(options.memory >> 20) + " MB; allow more, or shorten the request");
}

}  // namespace painters::engine

// Cuts texts into passes: each takes as many texts through the layers together as the allowed
// memory holds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <painters/engine/token_tree.hpp>
#include <painters/error.hpp>
#include <painters/text/token.hpp>

namespace painters::engine {

/// What passes may use and share.
struct PassOptions {
  /// Texts are packed up to this many tokens, with common beginnings counted once.
  std::size_t tokens_per_pass = 4096;
  /// Bytes for states and what layers need for a pass. Passes shrink to stay within it; if that is
  /// not enough, waiting states go to disk.
  std::size_t memory = std::numeric_limits<std::size_t>::max();
  /// What texts share where the model allows it. Ask for less only to see what sharing saves.
  Sharing sharing = Sharing::beginnings;
};

/// A text that goes through the layers, and how many of its last tokens are wanted.
struct PassText {
  text::Tokens tokens;   // what the model reads, at least one
  std::size_t rows = 1;  // of the last tokens, for handlers with on_rows
};

/// Bytes that a pass takes.
struct PassMemory {
  std::size_t states = 1;          // in memory at a time
  std::size_t bytes_of_state = 0;  // for each token
  std::size_t bytes_of_layer = 0;  // that a layer needs for each token
  std::size_t bytes_of_row = 0;    // for each wanted row

  /// Bytes of a pass of so many tokens of which so many rows are wanted.
  std::size_t operator()(std::size_t tokens, std::size_t rows) const {
    return tokens * (states * bytes_of_state + bytes_of_layer) + rows * bytes_of_row;
  }
};

/// Neighbouring texts that go through the layers together.
struct Pass {
  std::vector<std::size_t> texts;  // by number
  std::size_t tokens = 0;          // of all texts, what neighbours share counted once
  std::size_t rows = 0;            // wanted from all texts
};

/// Cuts the texts, in this order, into passes that stay within the options or hold a single text.
inline std::vector<Pass> cut_into_passes(std::span<const PassText> texts,
                                         const PassOptions& options, const PassMemory& memory) {
  std::vector<Pass> passes;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const text::Tokens& tokens = texts[i].tokens;
    std::size_t more = tokens.size();
    bool fits = false;
    if (!passes.empty()) {
      const Pass& pass = passes.back();
      const text::Tokens& before = texts[i - 1].tokens;
      const auto end = std::mismatch(before.begin(), before.end(), tokens.begin(), tokens.end());
      const bool shares = options.sharing == Sharing::beginnings ||
                          (options.sharing == Sharing::equal_texts && tokens == before);
      if (shares) more = static_cast<std::size_t>(tokens.end() - end.second);
      fits = pass.tokens + more <= options.tokens_per_pass &&
             memory(pass.tokens + more, pass.rows + texts[i].rows) <= options.memory;
    }
    if (!fits) {
      passes.emplace_back();
      more = tokens.size();
    }
    Pass& pass = passes.back();
    pass.texts.push_back(i);
    pass.tokens += more;
    pass.rows += texts[i].rows;
  }
  return passes;
}

/// Throws Error if a pass of one text is too large.
inline void require_memory(std::span<const Pass> passes, const PassOptions& options,
                           const PassMemory& memory) {
  std::size_t most = 0, tokens = 0;
  for (const Pass& pass : passes)
    if (const std::size_t bytes = memory(pass.tokens, pass.rows); bytes > most)
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

// Requests as tokens, the way lm-evaluation-harness encodes them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <painters/engine/request.hpp>
#include <painters/error.hpp>
#include <painters/text/python_text.hpp>
#include <painters/text/tokenizer.hpp>

namespace painters::engine {

/// The token that stands before a text without context: BOS, or EOS for a model that has no BOS.
/// Throws Error if there is neither.
inline text::TokenId prefix_token(const text::Tokenizer& tokenizer) {
  if (tokenizer.bos()) return *tokenizer.bos();
  if (tokenizer.eos()) return *tokenizer.eos();
  throw Error(
      "expected a context, found an empty one, and the tokenizer has neither a BOS nor an EOS "
      "token that could stand for it");
}

/// White space at the end of the context moves to the continuation; both are encoded as one text,
/// and the continuation's tokens are those after the first n, where n is how many tokens the
/// context has when encoded alone. An empty context becomes the prefix token. `add_bos` puts BOS
/// before a context that is not empty; throws Error if the tokenizer has none.
inline TokenRequest encode(const text::Tokenizer& tokenizer, const Request& request,
                           bool add_bos = false) {
  if (add_bos && !tokenizer.bos())
    throw Error("expected a tokenizer with a BOS token, found one without: leave --add-bos out");
  const std::string whole_text = request.context + request.continuation;
  const std::size_t context_size = text::strip_right(request.context).size();
  text::Tokens whole = tokenizer.encode(whole_text);
  if (context_size == 0) return {{prefix_token(tokenizer)}, std::move(whole)};

  text::Tokens context = tokenizer.encode(std::string_view(whole_text).substr(0, context_size));
  const auto behind =
      whole.begin() + static_cast<std::ptrdiff_t>(std::min(context.size(), whole.size()));
  text::Tokens continuation(behind, whole.end());
  if (add_bos) context.insert(context.begin(), *tokenizer.bos());
  return {std::move(context), std::move(continuation)};
}

}  // namespace painters::engine

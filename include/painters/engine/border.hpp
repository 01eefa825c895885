// What the engine asks of a backend's memory: the only places where host data crosses into it or
// out of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <painters/backend/token_likelihood.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/text/token.hpp>

namespace painters::engine::detail {

/// Rows of a state, from `first` on, to the host: as many as `host` has.
template <class S>
void download(const S& x, std::size_t first, tensor::Matrix host) {
  for (std::size_t r = 0; r < host.rows; ++r)
    std::copy_n(x.values().row(first + r), host.cols, host.row(r));
}
/// The way back.
template <class S>
void upload(tensor::ConstMatrix host, S& x, std::size_t first) {
  for (std::size_t r = 0; r < host.rows; ++r)
    std::copy_n(host.row(r), host.cols, x.values().row(first + r));
}

/// Row i of y becomes row rows[i] of x.
inline void gather(tensor::ConstMatrix x, std::span<const std::size_t> rows, tensor::Matrix y) {
  for (std::size_t r = 0; r < rows.size(); ++r) std::copy_n(x.row(rows[r]), y.cols, y.row(r));
}
/// The same of a state.
template <class S>
void take_rows(const S& x, std::span<const std::size_t> rows, tensor::Matrix y) {
  gather(x.values(), rows, y);
}

/// Of the target of each row.
template <class Model, class Buffer>
std::vector<backend::TokenLikelihood> token_likelihoods(const Model& model, const Buffer& rows,
                                                        std::span<const text::TokenId> targets) {
  std::vector<backend::TokenLikelihood> likelihoods;
  for (const text::TokenId target : targets) likelihoods.push_back({.target = target});
  model.head().token_likelihoods(model.backend(), rows.view(), likelihoods);
  return likelihoods;
}

/// What a call of a layer needs for each token, beside the state.
template <class Model>
std::size_t bytes_per_row(const Model& model) {
  const auto& c = model.config();
  return sizeof(float) * (2 * c.num_attention_heads + 2 * c.num_key_value_heads) * c.head_dim;
}

}  // namespace painters::engine::detail

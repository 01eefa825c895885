// Rows of linear maps in the orders in which files store them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <painters/tensor/buffer.hpp>

#include "support/random_block.hpp"

namespace support {

/// Rows of linear maps, all of one type and with equally many inputs.
using LinearRows = std::vector<std::pair<const RandomLinear*, std::size_t>>;

/// The linear map of these rows, with their biases.
inline RandomLinear of_rows(const LinearRows& rows) {
  const RandomLinear& first = *rows.front().first;
  RandomLinear result;
  result.weight = {first.weight.type, nullptr, rows.size(), first.weight.cols};
  result.values = painters::tensor::Buffer(rows.size(), first.weight.cols);
  result.bytes = std::make_shared<std::string>();
  const std::size_t row_bytes = first.weight.row_bytes();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto& [from, row] = rows[r];
    result.bytes->append(*from->bytes, row * row_bytes, row_bytes);
    std::copy_n(from->values.view().row(row), first.weight.cols, result.values.view().row(r));
    if (!from->bias.empty()) result.bias.push_back(from->bias[row]);
  }
  result.weight.bytes = reinterpret_cast<const std::byte*>(result.bytes->data());
  return result;
}

/// Rows i and i + head_dim / 2 of a head as neighbours: GGUF's order for queries and keys of Llama.
inline RandomLinear halves_interleaved(const RandomLinear& linear, std::size_t head_dim) {
  LinearRows rows;
  for (std::size_t head = 0; head < linear.weight.rows; head += head_dim)
    for (std::size_t i = 0; i < head_dim / 2; ++i)
      for (const std::size_t half : {std::size_t{0}, head_dim / 2})
        rows.emplace_back(&linear, head + half + i);
  return of_rows(rows);
}

/// Queries, keys and values in turns of `run` rows each: for GPT-NeoX a run is one head in Hugging
/// Face's files, and all heads in GGUF.
inline RandomLinear fused(const RandomBlock& block, std::size_t run) {
  LinearRows rows;
  for (std::size_t first = 0; first < block.query.weight.rows; first += run)
    for (const RandomLinear* part : {&block.query, &block.key, &block.value})
      for (std::size_t i = 0; i < run; ++i) rows.emplace_back(part, first + i);
  return of_rows(rows);
}

}  // namespace support

// backend::OneDnn: oneDNN's matrix products with packed weights, own vectorised kernels for what it
// lacks, OpenMP threads.
//
// Rows go through a layer in blocks that fit the cache, a thread each, so that what a block's
// operations hand to one another stays there. Where there are too few rows for that, or weights are
// made anew from the file, the threads share each operation: a product by the tiles of its weight,
// each of which is then made once for many rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <omp.h>

#include <painters/backend/concept.hpp>
#include <painters/backend/onednn/attention.hpp>
#include <painters/backend/onednn/isa.hpp>
#include <painters/backend/onednn/kernels.hpp>
#include <painters/backend/onednn/panels.hpp>
#include <painters/backend/onednn/parallel.hpp>
#include <painters/backend/onednn/products.hpp>
#include <painters/tensor/arena.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::backend::inline PAINTERS_ISA {

/// Uses as many threads as OpenMP would when it is made. One thread at a time may use an object.
class OneDnn {
 public:
  using Buffer = tensor::Buffer;           // in main memory
  using Workspace = tensor::Arena::Scope;  // scratch of one thread
  /// The file's bytes, and f32 panels where the budget allows.
  using PackedWeight = weights::PackedWeight;
  /// f32 panels in oneDNN's layout, or the file's bytes.
  using OpenWeight = weights::OpenWeight;

  /// All of a model of 140 million parameters.
  static constexpr std::size_t default_panel_budget = std::size_t{640} << 20;

  /// `panel_budget`: bytes of weights kept in f32; others come from the file for each layer call, a
  /// few outputs at a time, with the same results. `file_budget`: bytes of the file that those
  /// others leave in the system's memory; what is beyond is dropped after each use, since a file
  /// larger than memory would drive out everything else.
  explicit OneDnn(std::size_t panel_budget = default_panel_budget,
                  std::size_t file_budget = std::numeric_limits<std::size_t>::max())
      : products_(std::make_unique<onednn::Products>()),
        panels_(*products_, panel_budget, file_budget),
        arenas_(threads()) {}

  /// For reports.
  static constexpr const char* name() { return "oneDNN"; }

  /// As many as OpenMP had when this was made.
  std::size_t threads() const { return products_->max_threads(); }
  /// What the concept asks for; backend/concept.hpp says what each does.
  ///@{
  Buffer buffer(std::size_t rows, std::size_t cols) { return {rows, cols}; }
  Workspace workspace() { return Workspace(shared_arena_); }
  PackedWeight pack(tensor::StackedWeight weight) { return panels_.pack(std::move(weight)); }
  OpenWeight open(const PackedWeight& weight) { return panels_.open(weight); }

  template <class F>
  void for_row_blocks(std::size_t rows, F f) {
    if (rows == 0) return;
    const std::size_t size = block_rows(rows);
    if (panels_.any_made_anew()) return for_long_blocks(rows, size, f);
    onednn::parallel_for((rows + size - 1) / size, threads(), [&](std::size_t b) {
      Workspace scratch(arena());
      f(b * size, std::min(size, rows - b * size), scratch);
    });
  }

  /// oneDNN 2.6 does rows with gaps between them in a plain loop, a thousand times slower: they go
  /// through dense ones.
  void product(tensor::ConstMatrix x, const OpenWeight& w, tensor::Matrix y) {
    if (x.rows == 0) return;
    Workspace outer(arena());
    if (x.stride != x.cols) {
      const tensor::Matrix dense = outer.matrix(x.rows, x.cols);
      for_each_row(x.rows, [&](std::size_t r) { std::copy_n(x.row(r), x.cols, dense.row(r)); });
      x = dense;
    }
    const weights::Tiled& weight = *w.weight;
    const std::size_t step = step_ == 0 ? x.rows : step_;
    onednn::parallel_for(weight.tiles(), threads(), [&](std::size_t tile) {
      Workspace scratch(arena());
      const float* panel = panels_.panel(w, tile, scratch);
      for (std::size_t first = 0; first < x.rows; first += step) {
        Workspace of_step(arena());
        const std::size_t count = std::min(step, x.rows - first);
        const tensor::Matrix part = of_step.matrix(count, weight.size(tile));
        products_->run(x.middle_rows(first, count), panel, part);
        for (std::size_t r = 0; r < count; ++r)
          std::copy_n(part.row(r), part.cols, y.row(first + r) + weight.first(tile));
      }
    });
  }

  void add_bias(tensor::Matrix x, std::span<const float> bias) {
    for_each_row(x.rows, [&](std::size_t r) {
      float* row = x.row(r);
      for (std::size_t c = 0; c < x.cols; ++c) row[c] += bias[c];
    });
  }

  void rms_norm(tensor::ConstMatrix x, std::span<const float> weight, float eps, tensor::Matrix y) {
    const std::size_t n = weight.size();
    for_each_row(x.rows, [&](std::size_t r) {
      for (std::size_t first = 0; first < x.cols; first += n)
        kernels::rms_norm(x.row(r) + first, weight.data(), eps, n, y.row(r) + first);
    });
  }
  void layer_norm(tensor::ConstMatrix x, std::span<const float> weight, std::span<const float> bias,
                  float eps, tensor::Matrix y) {
    const std::size_t n = weight.size();
    for_each_row(x.rows, [&](std::size_t r) {
      for (std::size_t first = 0; first < x.cols; first += n)
        kernels::layer_norm(x.row(r) + first, weight.data(), bias.data(), eps, n, y.row(r) + first);
    });
  }

  void rotary(tensor::Matrix x, std::size_t heads, std::size_t head_dim, tensor::ConstMatrix table,
              std::span<const std::uint32_t> positions) {
    const std::size_t half = table.cols / 2;
    for_each_row(x.rows, [&](std::size_t r) {
      const float* cosine = table.row(positions[r]);
      kernels::rotary(x.row(r), heads, head_dim, half, cosine, cosine + half);
    });
  }

  void gate(Activation f, tensor::ConstMatrix gate_up, tensor::Matrix y) {
    for_each_row(y.rows, [&](std::size_t r) {
      kernels::gate(f, gate_up.row(r), gate_up.row(r) + y.cols, y.cols, y.row(r));
    });
  }
  void activate(Activation f, tensor::Matrix x) {
    for_each_row(x.rows, [&](std::size_t r) { kernels::activate(f, x.row(r), x.cols); });
  }

  void attention(tensor::ConstMatrix q, tensor::ConstMatrix k, tensor::ConstMatrix v,
                 const tensor::PackedBatch& batch, std::span<const std::size_t> queries,
                 const AttentionShape& shape, tensor::Matrix y) {
    const auto pieces = kernels::attention_pieces(batch, queries, shape);
    onednn::parallel_for(pieces.size(), threads(), [&](std::size_t i) {
      kernels::attend(pieces[i], q, k, v, batch, shape, y, arena());
    });
  }

  void scale(tensor::Matrix x, float a) {
    for_each_row(x.rows, [&](std::size_t r) {
      float* row = x.row(r);
      for (std::size_t c = 0; c < x.cols; ++c) row[c] *= a;
    });
  }
  void add_scaled(tensor::Matrix x, float a, tensor::ConstMatrix y) {
    for_each_row(x.rows, [&](std::size_t r) {
      float* to = x.row(r);
      const float* from = y.row(r);
      for (std::size_t c = 0; c < x.cols; ++c) to[c] += a * from[c];
    });
  }

  void token_likelihoods(tensor::ConstMatrix logits, std::int32_t first_id,
                         std::span<TokenLikelihood> rows) {
    for_each_row(logits.rows, [&](std::size_t r) {
      const float* row = logits.row(r);
      const float max = kernels::max(row, logits.cols);
      const auto best = static_cast<std::int32_t>(std::find(row, row + logits.cols, max) - row);
      rows[r].merge(max, first_id + best, kernels::sum_of_exp(row, max, logits.cols));
      const std::int32_t column = rows[r].target - first_id;
      if (column >= 0 && column < static_cast<std::int32_t>(logits.cols))
        rows[r].target_logit = row[column];
    });
  }
  ///@}

 private:
  tensor::Arena& arena() { return arenas_[static_cast<std::size_t>(omp_get_thread_num())]; }

  static constexpr std::size_t most_block_rows = 96;   // its activations fit a core's cache
  static constexpr std::size_t least_block_rows = 24;  // fewer do not pay for reading the weights
  static constexpr std::size_t block_step = 8;         // few different sizes: few primitives
  static constexpr std::size_t most_long_block_rows = 1024;  // enough for what a tile costs

  std::size_t block_rows(std::size_t rows) const {
    const std::size_t team = threads();
    if (rows < team * least_block_rows) return rows;
    const std::size_t needed = (rows + most_block_rows - 1) / most_block_rows;
    const std::size_t blocks = (needed + team - 1) / team * team;
    return ((rows + blocks - 1) / blocks + block_step - 1) / block_step * block_step;
  }

  /// Blocks of many rows, one after the other; products go through each in steps of `size` rows,
  /// and so give what they give for blocks of that size.
  template <class F>
  void for_long_blocks(std::size_t rows, std::size_t size, const F& f) {
    struct EndOfSteps {
      std::size_t& step;
      ~EndOfSteps() { step = 0; }
    };
    step_ = size;
    const EndOfSteps end{step_};
    const std::size_t all = std::max(size, most_long_block_rows / size * size);
    for (std::size_t first = 0; first < rows; first += all) {
      Workspace scratch(arena());
      f(first, std::min(all, rows - first), scratch);
    }
  }

  template <class F>
  void for_each_row(std::size_t rows, const F& f) {
    constexpr std::size_t at_once = 32;
    onednn::parallel_for((rows + at_once - 1) / at_once, threads(), [&](std::size_t i) {
      for (std::size_t r = i * at_once; r < std::min(rows, (i + 1) * at_once); ++r) f(r);
    });
  }

  std::unique_ptr<onednn::Products> products_;  // panels_ refers to it
  weights::Panels panels_;
  std::size_t step_ = 0;               // rows of a product within long blocks
  std::vector<tensor::Arena> arenas_;  // one for each thread
  tensor::Arena shared_arena_;         // of the thread that calls
};

static_assert(Backend<OneDnn>);

}  // namespace painters::backend::inline PAINTERS_ISA

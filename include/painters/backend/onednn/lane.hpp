// What backend::OneDnn gives to a block of rows: scratch, and the operations on the block.
//
// A lane belongs to one thread, or, where there are too few rows for a block each or weights are
// made anew from the file, to all of them: then they share each operation, a product by the tiles
// of its weight.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/backend/onednn/isa.hpp>
#include <painters/backend/onednn/kernels.hpp>
#include <painters/backend/onednn/panels.hpp>
#include <painters/backend/onednn/parallel.hpp>
#include <painters/backend/onednn/products.hpp>
#include <painters/backend/onednn/workers.hpp>
#include <painters/backend/token_likelihood.hpp>
#include <painters/tensor/arena.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::backend::inline PAINTERS_ISA {
namespace onednn_detail {

/// The workers of a lane: one, or those of the whole team.
class Crew {
 public:
  Crew(const onednn::Team& team, std::size_t first, std::size_t size)
      : team_(&team), first_(first), size_(size) {}

  std::size_t size() const { return size_; }
  onednn::Worker& operator[](std::size_t i) const { return (*team_)[first_ + i]; }

  /// f(r) for every row r below `rows`.
  template <class F>
  void for_each_row(std::size_t rows, const F& f) const {
    onednn::for_each_row(rows, size_, f);
  }

 private:
  const onednn::Team* team_;
  std::size_t first_, size_;
};

}  // namespace onednn_detail

/// See backend/concept.hpp for the operations.
class OneDnnLane {
 public:
  /// `step`: rows of a product at a time; 0 for all of them.
  OneDnnLane(onednn_detail::Crew crew, onednn::Products& products, weights::Panels& panels,
             std::size_t step)
      : crew_(crew), products_(products), panels_(panels), step_(step), scratch_(crew[0].arena) {}

  ///@{ As in the concept.
  tensor::Matrix matrix(std::size_t rows, std::size_t cols) { return scratch_.matrix(rows, cols); }

  /// oneDNN 2.6 multiplies rows with gaps between them in a plain loop, a thousand times slower, so
  /// they are copied to dense ones first.
  void product(tensor::ConstMatrix x, const weights::OpenWeight& w, tensor::Matrix y) {
    if (x.rows == 0) return;
    tensor::Arena::Scope outer(crew_[0].arena);
    if (x.stride != x.cols) {
      const tensor::Matrix dense = outer.matrix(x.rows, x.cols);
      crew_.for_each_row(x.rows,
                         [&](std::size_t r) { std::copy_n(x.row(r), x.cols, dense.row(r)); });
      x = dense;
    }
    const weights::Tiled& weight = *w.weight;
    const std::size_t step = step_ == 0 ? x.rows : step_;
    onednn::parallel_for(weight.tiles(), crew_.size(), [&](std::size_t tile, std::size_t i) {
      onednn::Worker& worker = crew_[i];
      tensor::Arena::Scope scratch(worker.arena);
      const float* panel = panels_.panel(w, tile, worker, scratch);
      for (std::size_t first = 0; first < x.rows; first += step) {
        tensor::Arena::Scope of_step(worker.arena);
        const std::size_t count = std::min(step, x.rows - first);
        const tensor::Matrix part = of_step.matrix(count, weight.size(tile));
        products_.run(worker, x.middle_rows(first, count), panel, part);
        for (std::size_t r = 0; r < count; ++r)
          std::copy_n(part.row(r), part.cols, y.row(first + r) + weight.first(tile));
      }
    });
  }

  void add_bias(tensor::Matrix x, const std::vector<float>& bias) {
    crew_.for_each_row(x.rows, [&](std::size_t r) {
      float* row = x.row(r);
      for (std::size_t c = 0; c < x.cols; ++c) row[c] += bias[c];
    });
  }

  void rms_norm(tensor::ConstMatrix x, const std::vector<float>& weight, float eps,
                tensor::Matrix y) {
    const std::size_t n = weight.size();
    crew_.for_each_row(x.rows, [&](std::size_t r) {
      for (std::size_t first = 0; first < x.cols; first += n)
        kernels::rms_norm(x.row(r) + first, weight.data(), eps, n, y.row(r) + first);
    });
  }
  void layer_norm(tensor::ConstMatrix x, const std::vector<float>& weight,
                  const std::vector<float>& bias, float eps, tensor::Matrix y) {
    const std::size_t n = weight.size();
    crew_.for_each_row(x.rows, [&](std::size_t r) {
      for (std::size_t first = 0; first < x.cols; first += n)
        kernels::layer_norm(x.row(r) + first, weight.data(), bias.data(), eps, n, y.row(r) + first);
    });
  }

  void rotary(tensor::Matrix x, std::size_t heads, std::size_t head_dim, tensor::ConstMatrix table,
              const tensor::PackedBatch* batch, std::size_t first) {
    const std::size_t half = table.cols / 2;
    crew_.for_each_row(x.rows, [&](std::size_t r) {
      const float* cosine = table.row(batch->positions()[first + r]);
      kernels::rotary(x.row(r), heads, head_dim, half, cosine, cosine + half);
    });
  }

  void gate(Activation f, tensor::ConstMatrix gate_up, tensor::Matrix y) {
    crew_.for_each_row(y.rows, [&](std::size_t r) {
      kernels::gate(f, gate_up.row(r), gate_up.row(r) + y.cols, y.cols, y.row(r));
    });
  }
  void activate(Activation f, tensor::Matrix x) {
    crew_.for_each_row(x.rows, [&](std::size_t r) { kernels::activate(f, x.row(r), x.cols); });
  }

  void add_scaled(tensor::Matrix x, float a, tensor::ConstMatrix y) {
    crew_.for_each_row(x.rows,
                       [&](std::size_t r) { kernels::add_scaled(x.row(r), a, y.row(r), x.cols); });
  }

  void token_likelihoods(tensor::ConstMatrix logits, std::int32_t first_id,
                         std::vector<TokenLikelihood>& all, std::size_t first) {
    crew_.for_each_row(logits.rows, [&](std::size_t r) {
      TokenLikelihood& likelihood = all[first + r];
      const float* row = logits.row(r);
      const float max = kernels::max(row, logits.cols);
      const auto best = static_cast<std::int32_t>(std::find(row, row + logits.cols, max) - row);
      likelihood.merge(max, first_id + best, kernels::sum_of_exp(row, max, logits.cols));
      const std::int32_t column = likelihood.target - first_id;
      if (column >= 0 && column < static_cast<std::int32_t>(logits.cols))
        likelihood.target_logit = row[column];
    });
  }
  ///@}

 private:
  onednn_detail::Crew crew_;
  onednn::Products& products_;
  weights::Panels& panels_;
  std::size_t step_;
  tensor::Arena::Scope scratch_;
};

}  // namespace painters::backend::inline PAINTERS_ISA

// Weights as f32 panels in oneDNN's layout: kept while a budget lasts, otherwise made anew for each
// use from the file's own precision.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <painters/backend/onednn/parallel.hpp>
#include <painters/backend/onednn/products.hpp>
#include <painters/tensor/arena.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::backend::onednn {

/// A weight of in x out that knows how to become a panel. Copies share what they keep.
struct PackedWeight {
  tensor::StackedWeight parts;
  std::size_t in = 0, out = 0;

  struct Kept {
    std::mutex mutex;
    tensor::Buffer panel;  // empty until it is first needed
  };
  std::shared_ptr<Kept> kept;  // nullptr: beyond the budget
};

/// A panel ready for products.
struct OpenWeight {
  std::shared_ptr<const tensor::Buffer> panel;
  std::size_t in = 0, out = 0;
};

class Panels {
 public:
  /// `budget`: bytes of panels that may be kept.
  Panels(Products& products, std::size_t budget) : products_(products), budget_(budget) {}

  PackedWeight pack(tensor::StackedWeight parts) {
    PackedWeight weight;
    for (const tensor::Weight& part : parts) weight.in = part.cols, weight.out += part.rows;
    weight.parts = std::move(parts);
    const std::size_t bytes = panel_bytes(weight);
    if (bytes <= budget_) {
      budget_ -= bytes;
      weight.kept = std::make_shared<PackedWeight::Kept>();
    }
    return weight;
  }

  OpenWeight open(const PackedWeight& weight) {
    if (!weight.kept) {
      auto panel = std::shared_ptr<tensor::Buffer>(new tensor::Buffer(take(panel_bytes(weight))),
                                                   [spare = spare_](tensor::Buffer* buffer) {
                                                     const std::lock_guard lock(spare->mutex);
                                                     spare->buffers.push_back(std::move(*buffer));
                                                     delete buffer;
                                                   });
      fill(weight, panel->data());
      return {std::move(panel), weight.in, weight.out};
    }
    const std::lock_guard lock(weight.kept->mutex);
    if (weight.kept->panel.size() == 0) {
      tensor::Buffer panel(1, panel_bytes(weight) / sizeof(float));
      fill(weight, panel.data());
      weight.kept->panel = std::move(panel);
    }
    return {{weight.kept, &weight.kept->panel}, weight.in, weight.out};
  }

 private:
  struct Spare {
    std::mutex mutex;
    std::vector<tensor::Buffer> buffers;
  };

  std::size_t panel_bytes(const PackedWeight& weight) {
    return products_.panel_layout(weight.in, weight.out).get_size();
  }

  /// A buffer of at least so many bytes: one that is no longer in use, if there is any.
  tensor::Buffer take(std::size_t bytes) {
    const std::lock_guard lock(spare_->mutex);
    for (auto it = spare_->buffers.begin(); it != spare_->buffers.end(); ++it)
      if (it->size() * sizeof(float) >= bytes) {
        tensor::Buffer found = std::move(*it);
        spare_->buffers.erase(it);
        return found;
      }
    spare_->buffers.clear();  // they are all too small: a larger one serves all from now on
    return tensor::Buffer(1, bytes / sizeof(float));
  }

  void fill(const PackedWeight& weight, float* panel) {
    const bool pieces = Products::in_pieces(weight.in, weight.out);
    const std::size_t rows = pieces ? Products::piece_rows : weight.out;
    parallel_for((weight.out + rows - 1) / rows, products_.max_threads(), [&](std::size_t piece) {
      const std::size_t first = piece * rows, count = std::min(rows, weight.out - first);
      thread_local tensor::Arena arena;
      tensor::Arena::Scope scratch(arena);
      const tensor::Matrix values = scratch.matrix(count, weight.in);
      std::size_t begin = 0;  // of the part within the outputs
      for (const tensor::Weight& part : weight.parts) {
        const std::size_t from = std::max(first, begin);
        const std::size_t to = std::min(first + count, begin + part.rows);
        for (std::size_t r = from; r < to; ++r)
          tensor::dequantize_row(part, r - begin, values.row(r - first));
        begin += part.rows;
      }
      products_.pack(values, first, weight.out, panel);
    });
  }

  Products& products_;
  std::size_t budget_;
  std::shared_ptr<Spare> spare_ = std::make_shared<Spare>();
};

}  // namespace painters::backend::onednn

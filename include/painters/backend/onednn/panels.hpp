// Weights as f32 panels, cut into tiles of some outputs: kept while a budget lasts, otherwise made
// anew from the file's own precision for each use, a tile at a time, in memory of the thread that
// multiplies with it, while what comes next is read.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <painters/backend/onednn/isa.hpp>
#include <painters/backend/onednn/parallel.hpp>
#include <painters/backend/onednn/products.hpp>
#include <painters/backend/onednn/workers.hpp>
#include <painters/backend/onednn/write_panel.hpp>
#include <painters/tensor/arena.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/residency.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::backend::inline PAINTERS_ISA {
namespace weights {

/// A weight of in x out and how it is cut: into tiles of equal width, but for the last. The cut
/// depends on the shape alone, so that products are the same whether panels are kept or not.
struct Tiled {
  tensor::StackedWeight parts;    // their rows, one after the other, are the outputs
  std::size_t in = 0, out = 0;    // inputs, outputs
  std::size_t width = 0;          // outputs of a tile
  std::size_t panel_floats = 0;   // of a tile's panel
  bool keeps = false;             // its panels, once they are made
  bool drops = false;             // the file's bytes after each use
  mutable std::mutex mutex;       // of `panels`
  mutable tensor::Buffer panels;  // [tiles, panel_floats]; empty until first needed

  /// How many tiles there are.
  std::size_t tiles() const { return (out + width - 1) / width; }
  /// A tile's first output.
  std::size_t first(std::size_t tile) const { return tile * width; }
  /// How many outputs a tile has.
  std::size_t size(std::size_t tile) const { return std::min(width, out - first(tile)); }

  /// f(part, first row, rows) for the parts that hold `count` outputs from `first` on.
  template <class F>
  void for_parts(std::size_t first, std::size_t count, const F& f) const {
    std::size_t begin = 0;  // of the part within the outputs
    for (const tensor::Weight& part : parts) {
      const std::size_t from = std::max(first, begin);
      const std::size_t to = std::min(first + count, begin + part.rows);
      if (from < to) f(part, from - begin, to - from);
      begin += part.rows;
    }
  }
};

/// Copies share what they keep.
struct PackedWeight {
  std::shared_ptr<const Tiled> weight;  // never null
};

/// The time for which a weight that is made anew is open: its bytes are read ahead, and dropped
/// afterwards where there is no room for them.
class Use {
 public:
  Use(std::shared_ptr<const Tiled> weight, std::shared_ptr<tensor::ReadAhead> read_ahead)
      : weight_(std::move(weight)), read_ahead_(std::move(read_ahead)) {
    for (const tensor::Weight& part : weight_->parts)
      wishes_.push_back(read_ahead_->read(part.all_bytes()));
  }
  ~Use() {
    for (const tensor::ReadAhead::Id wish : wishes_) read_ahead_->forget(wish);
    if (!weight_->drops) return;
    for (const tensor::Weight& part : weight_->parts) tensor::drop_behind(part.all_bytes());
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  std::shared_ptr<const Tiled> weight_;
  std::shared_ptr<tensor::ReadAhead> read_ahead_;
  std::vector<tensor::ReadAhead::Id> wishes_;
};

/// A weight while it is in use.
struct OpenWeight {
  std::shared_ptr<const Tiled> weight;  // never null
  std::shared_ptr<const Use> use;       // ends with the last copy; null for one that is kept
};

/// Packs weights and makes their panels.
class Panels {
 public:
  /// `panel_budget`: bytes of panels that may be kept. `file_budget`: bytes of the other weights'
  /// file that the system may keep in memory.
  Panels(onednn::Products& products, std::size_t panel_budget, std::size_t file_budget)
      : products_(products), panel_budget_(panel_budget), file_budget_(file_budget) {}

  /// Nothing is read yet.
  PackedWeight pack(tensor::StackedWeight parts) {
    const auto weight = std::make_shared<Tiled>();
    std::size_t file_bytes = 0;
    for (const tensor::Weight& part : parts) {
      weight->in = part.cols, weight->out += part.rows;
      file_bytes += part.all_bytes().size();
    }
    weight->parts = std::move(parts);
    weight->width = std::min(tile_width(weight->in), weight->out);
    weight->panel_floats = panel_floats(weight->in, weight->width);
    if (weight->out % weight->width != 0)  // a narrower panel may be padded to more
      weight->panel_floats =
          std::max(weight->panel_floats, panel_floats(weight->in, weight->out % weight->width));
    weight->keeps = take(panel_budget_, weight->tiles() * weight->panel_floats * sizeof(float));
    weight->drops = !weight->keeps && !take(file_budget_, file_bytes);
    return {weight};
  }

  /// Makes panels that are kept, once; for other weights, begins to read their bytes.
  OpenWeight open(const PackedWeight& packed, const onednn::Team& team) {
    const Tiled& weight = *packed.weight;
    if (!weight.keeps)
      return {packed.weight, std::make_shared<const Use>(packed.weight, read_ahead_)};
    const std::lock_guard lock(weight.mutex);
    if (weight.panels.size() == 0) {
      tensor::Buffer panels(weight.tiles(), weight.panel_floats);
      onednn::parallel_for(weight.tiles(), team.size(), [&](std::size_t tile, std::size_t worker) {
        write(weight, tile, team[worker], panels.view().row(tile));
      });
      weight.panels = std::move(panels);
    }
    return {packed.weight, nullptr};
  }

  /// A tile's panel, valid as long as `open` and `scratch`, which belongs to the worker's arena.
  const float* panel(const OpenWeight& open, std::size_t tile, onednn::Worker& worker,
                     tensor::Arena::Scope& scratch) {
    const Tiled& weight = *open.weight;
    if (weight.keeps) return weight.panels.view().row(tile);
    float* made = scratch.matrix(1, weight.panel_floats).data;
    write(weight, tile, worker, made);
    return made;
  }

 private:
  // A tile fits a core's cache where it can. Products with fewer than 64 outputs are slow.
  static constexpr std::size_t tile_bytes = std::size_t{1} << 20;
  static constexpr std::size_t least_width = 64, most_width = 192;

  static constexpr std::size_t at_once = 256;  // elements of a row: a whole block of any type

  static std::size_t tile_width(std::size_t in) {
    const std::size_t fits = tile_bytes / (in * sizeof(float)) / least_width * least_width;
    return std::clamp(fits, least_width, most_width);
  }

  static bool take(std::size_t& budget, std::size_t bytes) {
    const bool fits = bytes <= budget;
    if (fits) budget -= bytes;
    return fits;
  }

  std::size_t panel_floats(std::size_t in, std::size_t out) {
    return products_.panel_layout(in, out).get_size() / sizeof(float);
  }

  void write(const Tiled& weight, std::size_t tile, onednn::Worker& worker, float* panel) {
    tensor::Arena::Scope scratch(worker.arena);
    const std::size_t first = weight.first(tile), count = weight.size(tile), in = weight.in;
    struct Row {
      const tensor::Weight* part;
      std::size_t row;
    };
    std::array<Row, most_width> rows;
    std::size_t o = 0;
    weight.for_parts(first, count, [&](const tensor::Weight& part, std::size_t row, std::size_t n) {
      for (; n > 0; --n) rows[o++] = {&part, row++};
    });
    if (products_.has_blocks_of_64(in, count)) {
      const tensor::Matrix values = scratch.matrix(kernels::panel_outputs, at_once);
      for (o = 0; o < count; o += kernels::panel_outputs)
        kernels::write_panel([&](std::size_t i) { return rows[o + i]; }, in, at_once, values.data,
                             panel + o * in);
    } else {
      const tensor::Matrix values = scratch.matrix(count, in);
      for (o = 0; o < count; ++o) tensor::dequantize_row(*rows[o].part, rows[o].row, values.row(o));
      products_.pack(worker, values, panel);
    }
  }

  onednn::Products& products_;
  std::size_t panel_budget_, file_budget_;
  std::shared_ptr<tensor::ReadAhead> read_ahead_ = std::make_shared<tensor::ReadAhead>();
};

}  // namespace weights
}  // namespace painters::backend::inline PAINTERS_ISA

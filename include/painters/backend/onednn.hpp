// backend::OneDnn: oneDNN's matrix products with packed weights, our own vectorised kernels for
// what it lacks, OpenMP threads.
//
// Rows go through a layer in blocks that fit the cache, a thread each, so that what a block's
// operations hand to one another stays there. Where there are too few rows for that, or weights are
// made anew from the file, the threads share each operation: a product by the tiles of its weight,
// each of which is then made once for many rows. A block's lane knows which of the two applies.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <omp.h>

#include <painters/backend/attention.hpp>
#include <painters/backend/concept.hpp>
#include <painters/backend/host_memory.hpp>
#include <painters/backend/onednn/attention.hpp>
#include <painters/backend/onednn/dnnl.hpp>
#include <painters/backend/onednn/isa.hpp>
#include <painters/backend/onednn/kernels.hpp>
#include <painters/backend/onednn/lane.hpp>
#include <painters/backend/onednn/panels.hpp>
#include <painters/backend/onednn/parallel.hpp>
#include <painters/backend/onednn/products.hpp>
#include <painters/backend/onednn/workers.hpp>
#include <painters/machine_limits.hpp>
#include <painters/tensor/arena.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::backend::inline PAINTERS_ISA {

/// Any number of threads may use one object at once, each with its own matrices.
///
/// A signal handler must not run in a thread that computes, unless it has a stack of its own
/// (sigaltstack and SA_ONSTACK): kernels of oneDNN point the stack pointer at the heap while they
/// work, and the handler's frame would overwrite what lies there. Block the signals before the
/// first thread begins and wait for them in another one, as examples/cli/interrupt.hpp does.
class OneDnn : public HostMemory {
 public:
  /// Scratch that nobody else uses.
  class Workspace {
   public:
    /// Borrows one of `arenas`.
    explicit Workspace(onednn::Pool<tensor::Arena>& arenas)
        : arena_(arenas, 1, [] { return std::make_unique<tensor::Arena>(); }), scope_(arena_[0]) {}
    /// Uninitialised rows x cols.
    tensor::Matrix matrix(std::size_t rows, std::size_t cols) { return scope_.matrix(rows, cols); }

   private:
    onednn::Pool<tensor::Arena>::Loan arena_;
    tensor::Arena::Scope scope_;
  };
  /// Belongs to one thread or to all.
  using Lane = OneDnnLane;
  /// The file's bytes, and f32 panels where the budget allows.
  using PackedWeight = weights::PackedWeight;
  /// f32 panels in oneDNN's layout, or the file's bytes.
  using OpenWeight = weights::OpenWeight;

  /// Enough for all weights of a model of 140 million parameters.
  static constexpr std::size_t default_panel_budget = std::size_t{640} << 20;

  /// `panel_budget`: bytes of weights kept in f32; others come from the file for each layer call, a
  /// few outputs at a time, with the same results. `file_budget`: bytes of the file that those
  /// others may leave in the system's memory; the rest is dropped after each use, because a file
  /// larger than memory would drive out everything else. `threads`: that compute; 0: as many as
  /// OpenMP would use now, or fewer where a container has less processor time. While they wait for
  /// one another they keep their cores busy, unless OMP_WAIT_POLICY=passive is in the environment
  /// when the program starts: better where others compute on the same cores.
  explicit OneDnn(std::size_t panel_budget = default_panel_budget,
                  std::size_t file_budget = std::numeric_limits<std::size_t>::max(),
                  std::size_t threads = 0)
      : own_(std::make_unique<Own>(panel_budget, file_budget, threads)) {}

  /// Names the library's version and the instruction set that our own kernels were compiled for.
  static std::string name() {
    return "oneDNN " + onednn::library_version() + ", compiled for " + compiled_isa();
  }
  /// The precision of sums and products.
  static std::string precision() { return "f32"; }
  /// As many threads as it was made with.
  std::size_t threads() const { return own_->threads; }

  /// What the concept asks for; backend/concept.hpp says what each does.
  ///@{
  Workspace workspace() { return Workspace(own_->arenas); }
  PackedWeight pack(tensor::StackedWeight weight) { return own_->panels.pack(std::move(weight)); }
  OpenWeight open(const PackedWeight& weight) { return own_->panels.open(weight, team()); }

  using HostMemory::download;
  tensor::Buffer download(const PackedWeight& weight) {
    return tensor::dequantize(weight.weight->parts);
  }

  template <class F>
  void for_row_blocks(std::size_t rows, std::initializer_list<const OpenWeight*> weights, F f) {
    if (rows == 0) return;
    const onednn::Team all = team();
    const auto lane = [&](std::size_t first, std::size_t count, std::size_t step) {
      return Lane({all, first, count}, own_->products, own_->panels, step);
    };
    const std::size_t size = block_rows(rows);
    const bool makes_panels = any_made_anew(weights);
    if (size < rows && !makes_panels) {
      onednn::parallel_for((rows + size - 1) / size, threads(), [&](std::size_t b, std::size_t i) {
        Lane own = lane(i, 1, 0);
        f(b * size, std::min(size, rows - b * size), own);
      });
      return;
    }
    // Long blocks, one after the other. Where panels are made, products go through each in steps
    // of `size` rows, and so give what they give for blocks of that size.
    const std::size_t long_size = std::max(size, most_long_block_rows / size * size);
    const std::size_t at_once = makes_panels ? long_size : rows;
    for (std::size_t first = 0; first < rows; first += at_once) {
      Lane everybody = lane(0, all.size(), makes_panels ? size : 0);
      f(first, std::min(at_once, rows - first), everybody);
    }
  }

  template <class F>
  void for_all_rows(std::size_t rows, std::initializer_list<const OpenWeight*> weights, F f) {
    if (rows == 0) return;
    const onednn::Team all = team();
    Lane everybody({all, 0, all.size()}, own_->products, own_->panels,
                   any_made_anew(weights) ? block_rows(rows) : 0);
    f(std::size_t{0}, rows, everybody);
  }

  void attention(tensor::ConstMatrix q, tensor::ConstMatrix k, tensor::ConstMatrix v, Batch batch,
                 std::span<const std::size_t> queries, const AttentionShape& shape,
                 tensor::Matrix y) {
    const onednn::Team all = team();
    const auto pieces = kernels::attention_pieces(*batch, queries, shape);
    onednn::parallel_for(pieces.size(), threads(), [&](std::size_t i, std::size_t worker) {
      kernels::attend(pieces[i], q, k, v, *batch, shape, y, all[worker].arena);
    });
  }

  void scale(tensor::Matrix x, float a) {
    for_each_row(x.rows, [&](std::size_t r) {
      float* row = x.row(r);
      for (std::size_t c = 0; c < x.cols; ++c) row[c] *= a;
    });
  }
  void add_scaled(tensor::Matrix x, float a, tensor::ConstMatrix y) {
    for_each_row(x.rows,
                 [&](std::size_t r) { kernels::add_scaled(x.row(r), a, y.row(r), x.cols); });
  }
  ///@}

 private:
  static constexpr std::size_t most_block_rows = 96;   // its activations fit a core's cache
  static constexpr std::size_t least_block_rows = 24;  // fewer do not pay for reading the weights
  static constexpr std::size_t block_step = 8;         // few different sizes: few primitives
  static constexpr std::size_t most_long_block_rows = 1024;  // enough to pay for making a tile

  /// What must stay where it is when the backend moves.
  struct Own {
    Own(std::size_t panel_budget, std::size_t file_budget, std::size_t chosen)
        : threads(chosen != 0 ? chosen : default_threads()),
          panels(products, panel_budget, file_budget) {}

    std::size_t threads;
    onednn::Products products;
    weights::Panels panels;
    onednn::Pool<onednn::Worker> workers;
    onednn::Pool<tensor::Arena> arenas;
  };

  /// A number that somebody set, other than that of all processors, stays.
  static std::size_t default_threads() {
    const auto threads = static_cast<std::size_t>(omp_get_max_threads());
    return threads == static_cast<std::size_t>(omp_get_num_procs()) ? machine_threads(threads)
                                                                    : threads;
  }

  onednn::Team team() {
    return onednn::Team(own_->workers, threads(), [this] {
      return std::make_unique<onednn::Worker>(own_->products.engine());
    });
  }

  /// Whether panels are made for this use alone.
  static bool any_made_anew(std::initializer_list<const OpenWeight*> weights) {
    return std::any_of(weights.begin(), weights.end(),
                       [](const OpenWeight* w) { return w && !w->weight->keeps; });
  }

  std::size_t block_rows(std::size_t rows) const {
    const std::size_t team = threads();
    if (rows < team * least_block_rows) return rows;
    const std::size_t needed = (rows + most_block_rows - 1) / most_block_rows;
    const std::size_t blocks = (needed + team - 1) / team * team;
    return ((rows + blocks - 1) / blocks + block_step - 1) / block_step * block_step;
  }

  template <class F>
  void for_each_row(std::size_t rows, const F& f) const {
    onednn::for_each_row(rows, threads(), f);
  }

  std::unique_ptr<Own> own_;
};

static_assert(Backend<OneDnn>);

}  // namespace painters::backend::inline PAINTERS_ISA

// Matrix products with packed weights: oneDNN primitives, made once for every shape and run from
// any thread.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include <omp.h>

#include <painters/backend/onednn/dnnl.hpp>
#include <painters/backend/onednn/workers.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::backend::onednn {

/// y[rows, out] = x[rows, in] W, W packed in the layout that oneDNN prefers for in x out.
class Products {
 public:
  Products() : engine_(dnnl::engine::kind::cpu, 0) {}

  /// The engine that workers make their streams for.
  const dnnl::engine& engine() const { return engine_; }

  /// The layout of packed weights; get_size() is what a panel needs in bytes.
  const dnnl::memory::desc& panel_layout(std::size_t in, std::size_t out) {
    const std::lock_guard lock(mutex_);
    auto found = layouts_.find({in, out});
    if (found != layouts_.end()) return found->second;
    return checked(
        "the layout of a weight of " + shape_text(in, out), [&]() -> const dnnl::memory::desc& {
          const ThreadsOfPrimitive one(1);
          const auto any =
              dnnl::memory::desc({dim(in), dim(out)}, f32, dnnl::memory::format_tag::any);
          const auto primitive = matmul_description(engine_, dense(layout_rows, in, in), any,
                                                    dense(layout_rows, out, out), attributes());
          return layouts_.emplace(Shape{in, out}, primitive.weights_desc()).first->second;
        });
  }

  /// Whether the panel of in x out is blocks of 64 outputs, one after another, and within a block
  /// input i of output o lies at 64 i + o.
  bool has_blocks_of_64(std::size_t in, std::size_t out) {
    if (in % 16 != 0 || out % 64 != 0) return false;
    const dnnl::memory::desc blocks({dim(in), dim(out)}, f32, dnnl::memory::format_tag::BA16a64b);
    return panel_layout(in, out) == blocks;
  }

  /// Packs all outputs, given as rows [out, in], into a panel.
  void pack(Worker& worker, tensor::ConstMatrix rows, float* panel) {
    const std::size_t in = rows.cols, out = rows.rows;
    const dnnl::memory::desc& layout = panel_layout(in, out);
    checked("the packing of a weight of " + shape_text(in, out), [&] {
      const ThreadsOfPrimitive one(1);
      const dnnl::memory::desc from({dim(in), dim(out)}, f32,
                                    dnnl::memory::dims{1, dim(rows.stride)});
      dnnl::memory source(from, engine_, const_cast<float*>(rows.data));
      dnnl::memory target(layout, engine_, panel);
      dnnl::reorder(source, target).execute(worker.stream, source, target);
    });
  }

  /// y = x W, by the calling thread, with its worker, or by more threads if `threads` is above 1.
  void run(Worker& worker, tensor::ConstMatrix x, const float* panel, tensor::Matrix y,
           int threads = 1) {
    const ThreadsOfPrimitive set(threads);
    const Primitive& p = primitive({x.rows, x.cols, y.cols, x.stride, y.stride, threads});
    if (worker.scratchpad.size() < p.scratch_bytes) worker.scratchpad.resize(p.scratch_bytes);
    checked("a product of " + std::to_string(x.rows) + " rows with " + shape_text(x.cols, y.cols),
            [&] {
              p.matmul.execute(
                  worker.stream,
                  {{DNNL_ARG_SRC, {p.src, engine_, const_cast<float*>(x.data)}},
                   {DNNL_ARG_WEIGHTS, {p.weights, engine_, const_cast<float*>(panel)}},
                   {DNNL_ARG_DST, {p.dst, engine_, y.data}},
                   {DNNL_ARG_SCRATCHPAD, {p.scratchpad, engine_, worker.scratchpad.data()}}});
              worker.stream.wait();
            });
  }

 private:
  // The layout is queried for a typical number of rows and suits all.
  static constexpr std::size_t layout_rows = 128;
  static constexpr auto f32 = dnnl::memory::data_type::f32;

  struct Shape {
    std::size_t in, out;
    auto operator<=>(const Shape&) const = default;
  };
  struct Key {
    std::size_t rows, in, out, x_stride, y_stride;
    int threads;
    auto operator<=>(const Key&) const = default;
  };
  struct Primitive {
    dnnl::matmul matmul;
    dnnl::memory::desc src, weights, dst, scratchpad;
    std::size_t scratch_bytes = 0;
  };
  /// oneDNN plans a primitive for the number of threads that is set while it is made, and some of
  /// its implementations use as many as are set while it runs.
  struct ThreadsOfPrimitive {
    explicit ThreadsOfPrimitive(int threads) { omp_set_num_threads(threads); }
    ~ThreadsOfPrimitive() { omp_set_num_threads(before); }
    int before = omp_get_max_threads();
  };

  static dnnl::memory::dim dim(std::size_t n) { return static_cast<dnnl::memory::dim>(n); }
  static std::string shape_text(std::size_t in, std::size_t out) {
    return std::to_string(in) + " x " + std::to_string(out);
  }
  static dnnl::memory::desc dense(std::size_t rows, std::size_t cols, std::size_t stride) {
    return {{dim(rows), dim(cols)}, f32, dnnl::memory::dims{dim(stride), 1}};
  }
  static dnnl::primitive_attr attributes() {
    dnnl::primitive_attr result;
    // One primitive may run in many threads at once.
    result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return result;
  }

  const Primitive& primitive(const Key& key) {
    const dnnl::memory::desc& layout = panel_layout(key.in, key.out);
    const std::lock_guard lock(mutex_);
    auto found = primitives_.find(key);
    if (found != primitives_.end()) return found->second;
    const Primitive* made = nullptr;
    checked(
        "a product of " + std::to_string(key.rows) + " rows with " + shape_text(key.in, key.out),
        [&] {
          const auto d = matmul_description(engine_, dense(key.rows, key.in, key.x_stride), layout,
                                            dense(key.rows, key.out, key.y_stride), attributes());
          made = &primitives_
                      .emplace(key, Primitive{dnnl::matmul(d), d.src_desc(), layout, d.dst_desc(),
                                              d.scratchpad_desc(), d.scratchpad_desc().get_size()})
                      .first->second;
        });
    return *made;
  }

  dnnl::engine engine_;
  std::mutex mutex_;
  std::map<Shape, dnnl::memory::desc> layouts_;
  std::map<Key, Primitive> primitives_;
};

}  // namespace painters::backend::onednn

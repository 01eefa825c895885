// A backend whose memory the host cannot touch: its matrices are handles without a pointer that
// anybody could follow, so that code which dereferences them does not compile. It computes with the
// reference backend inside, and proves that the concept suits a device with memory of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/attention.hpp>
#include <painters/backend/concept.hpp>
#include <painters/backend/reference.hpp>
#include <painters/backend/token_likelihood.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/tensor/weight.hpp>

namespace support {

class Device;
class DeviceLane;

/// A handle of some rows and columns in the device's memory.
template <class T>
class DeviceMatrix {
 public:
  std::size_t rows = 0, cols = 0;

  DeviceMatrix() = default;
  operator DeviceMatrix<const T>() const requires(!std::is_const_v<T>) {
    return DeviceMatrix<const T>(inside_);
  }
  DeviceMatrix middle_rows(std::size_t first, std::size_t count) const {
    return DeviceMatrix(inside_.middle_rows(first, count));
  }
  DeviceMatrix middle_cols(std::size_t first, std::size_t count) const {
    return DeviceMatrix(inside_.middle_cols(first, count));
  }

 private:
  template <class>
  friend class DeviceMatrix;
  friend class Device;
  friend class DeviceLane;
  friend class DeviceBuffer;
  template <class>
  friend class DeviceScratch;
  using Inside = painters::tensor::BasicMatrix<T>;

  explicit DeviceMatrix(Inside inside) : rows(inside.rows), cols(inside.cols), inside_(inside) {}

  Inside inside_;
};

/// Memory of the device. A copy copies the elements.
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  DeviceBuffer(std::size_t rows, std::size_t cols) : inside_(rows, cols) {}

  std::size_t rows() const { return inside_.rows(); }
  std::size_t cols() const { return inside_.cols(); }
  DeviceMatrix<float> view() { return DeviceMatrix<float>(inside_.view()); }
  DeviceMatrix<const float> view() const { return DeviceMatrix<const float>(inside_.view()); }

 private:
  painters::tensor::Buffer inside_;
};

/// Values or objects of the reference backend, shut away.
template <class T>
class OnDevice {
 public:
  OnDevice() = default;
  std::size_t size() const requires requires(const T& t) { t.size(); }
  { return inside_.size(); }

 private:
  friend class Device;
  friend class DeviceLane;
  explicit OnDevice(T inside) : inside_(std::move(inside)) {}

  T inside_;
};

/// Scratch of the reference backend, as handles.
template <class Scratch>
class DeviceScratch {
 public:
  DeviceMatrix<float> matrix(std::size_t rows, std::size_t cols) {
    return DeviceMatrix<float>(inside_.matrix(rows, cols));
  }

 protected:
  Scratch inside_;
};

/// Operations on a block of rows.
class DeviceLane : public DeviceScratch<painters::backend::Reference::Lane> {
  using Inner = painters::backend::Reference;
  using Activation = painters::backend::Activation;
  using Matrix = DeviceMatrix<float>;
  using ConstMatrix = DeviceMatrix<const float>;
  using Vector = OnDevice<Inner::Vector>;

 public:
  void product(ConstMatrix x, const OnDevice<Inner::OpenWeight>& w, Matrix y) {
    inside_.product(x.inside_, w.inside_, y.inside_);
  }
  void add_bias(Matrix x, const Vector& bias) { inside_.add_bias(x.inside_, bias.inside_); }
  void rms_norm(ConstMatrix x, const Vector& weight, float eps, Matrix y) {
    inside_.rms_norm(x.inside_, weight.inside_, eps, y.inside_);
  }
  void layer_norm(ConstMatrix x, const Vector& weight, const Vector& bias, float eps, Matrix y) {
    inside_.layer_norm(x.inside_, weight.inside_, bias.inside_, eps, y.inside_);
  }
  void rotary(Matrix x, std::size_t heads, std::size_t head_dim, ConstMatrix table,
              const OnDevice<Inner::Batch>& batch, std::size_t first) {
    inside_.rotary(x.inside_, heads, head_dim, table.inside_, batch.inside_, first);
  }
  void gate(Activation f, ConstMatrix gate_up, Matrix y) {
    inside_.gate(f, gate_up.inside_, y.inside_);
  }
  void activate(Activation f, Matrix x) { inside_.activate(f, x.inside_); }
  void add_scaled(Matrix x, float a, ConstMatrix y) { inside_.add_scaled(x.inside_, a, y.inside_); }
  void token_likelihoods(ConstMatrix logits, std::int32_t first_id,
                         OnDevice<Inner::Likelihoods>& all, std::size_t first) {
    inside_.token_likelihoods(logits.inside_, first_id, all.inside_, first);
  }
};

class Device {
  using Inner = painters::backend::Reference;

 public:
  using Matrix = DeviceMatrix<float>;
  using ConstMatrix = DeviceMatrix<const float>;
  using Buffer = DeviceBuffer;
  using Vector = OnDevice<Inner::Vector>;
  using Batch = OnDevice<Inner::Batch>;
  using PackedWeight = OnDevice<Inner::PackedWeight>;
  using OpenWeight = OnDevice<Inner::OpenWeight>;
  using Likelihoods = OnDevice<Inner::Likelihoods>;
  using Workspace = DeviceScratch<Inner::Workspace>;
  using Lane = DeviceLane;

  static std::string name() { return "device"; }
  static std::string precision() { return "f32"; }
  static std::size_t threads() { return 1; }

  Buffer buffer(std::size_t rows, std::size_t cols) { return {rows, cols}; }
  Vector vector(std::span<const float> values) { return Vector(inner_.vector(values)); }
  Batch batch(const painters::tensor::PackedBatch& packed) { return Batch(inner_.batch(packed)); }
  PackedWeight pack(painters::tensor::StackedWeight weight) {
    return PackedWeight(inner_.pack(std::move(weight)));
  }
  OpenWeight open(const PackedWeight& weight) { return OpenWeight(inner_.open(weight.inside_)); }
  Workspace workspace() { return {}; }
  Likelihoods likelihoods(std::span<const std::int32_t> targets) {
    return Likelihoods(inner_.likelihoods(targets));
  }

  void upload(painters::tensor::ConstMatrix host, Matrix y) { inner_.upload(host, y.inside_); }
  void download(ConstMatrix x, painters::tensor::Matrix host) { inner_.download(x.inside_, host); }
  std::vector<painters::backend::TokenLikelihood> download(const Likelihoods& likelihoods) {
    return inner_.download(likelihoods.inside_);
  }
  std::vector<float> download(const Vector& values) { return values.inside_; }
  painters::tensor::Buffer download(const PackedWeight& weight) {
    return inner_.download(weight.inside_);
  }
  void embed(const painters::tensor::Weight& table, std::span<const std::int32_t> ids, Matrix y) {
    inner_.embed(table, ids, y.inside_);
  }
  double dot(ConstMatrix x, ConstMatrix y) { return inner_.dot(x.inside_, y.inside_); }
  bool is_finite(ConstMatrix x) { return inner_.is_finite(x.inside_); }
  void synchronise() {}

  void copy(ConstMatrix x, Matrix y) { inner_.copy(x.inside_, y.inside_); }
  void gather(ConstMatrix x, std::span<const std::size_t> rows, Matrix y) {
    inner_.gather(x.inside_, rows, y.inside_);
  }
  void scale(Matrix x, float a) { inner_.scale(x.inside_, a); }
  void add_scaled(Matrix x, float a, ConstMatrix y) { inner_.add_scaled(x.inside_, a, y.inside_); }
  void attention(ConstMatrix q, ConstMatrix k, ConstMatrix v, const Batch& batch,
                 std::span<const std::size_t> queries,
                 const painters::backend::AttentionShape& shape, Matrix y) {
    inner_.attention(q.inside_, k.inside_, v.inside_, batch.inside_, queries, shape, y.inside_);
  }

  /// Blocks of a few rows, which expose callers that forget where their block begins.
  template <class F>
  void for_row_blocks(std::size_t rows, std::initializer_list<const OpenWeight*>, F f) {
    constexpr std::size_t at_once = 7;
    for (std::size_t first = 0; first < rows; first += at_once) {
      Lane lane;
      f(first, rows - first < at_once ? rows - first : at_once, lane);
    }
  }

  /// One block, whose matrices the host can still not touch.
  template <class F>
  void for_all_rows(std::size_t rows, std::initializer_list<const OpenWeight*>, F f) {
    Lane lane;
    if (rows != 0) f(std::size_t{0}, rows, lane);
  }

 private:
  Inner inner_;
};

static_assert(painters::backend::Backend<Device>);

}  // namespace support

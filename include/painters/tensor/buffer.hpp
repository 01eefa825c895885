// Owned f32 memory for matrices, aligned for the widest vectors and left uninitialised.
#pragma once

#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include <painters/error.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::tensor {

/// A dense row-major matrix. A copy copies the elements.
class Buffer {
 public:
  static constexpr std::align_val_t alignment{64};  // bytes

  Buffer() = default;
  /// Uninitialised. Throws Error if no memory can hold so many elements.
  Buffer(std::size_t rows, std::size_t cols) : rows_(rows), cols_(cols) {
    if (cols != 0 && rows > std::numeric_limits<std::size_t>::max() / sizeof(float) / cols)
      throw Error("expected a matrix that memory can hold, found one of " + std::to_string(rows) +
                  " x " + std::to_string(cols) + " elements: make it smaller");
    if (size() != 0) data_ = static_cast<float*>(::operator new(size() * sizeof(float), alignment));
  }
  Buffer(const Buffer& other) : Buffer(other.rows_, other.cols_) {
    if (size() != 0) std::memcpy(data_, other.data_, size() * sizeof(float));
  }
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(const Buffer& other) {
    if (this == &other) return *this;
    if (size() != other.size()) return *this = Buffer(other);
    rows_ = other.rows_, cols_ = other.cols_;
    if (size() != 0) std::memcpy(data_, other.data_, size() * sizeof(float));
    return *this;
  }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() { ::operator delete(data_, alignment); }

  float* data() { return data_; }
  const float* data() const { return data_; }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  std::size_t size() const { return rows_ * cols_; }

  /// All of it.
  Matrix view() { return {data_, rows_, cols_}; }
  /// All of it.
  ConstMatrix view() const { return {data_, rows_, cols_}; }

 private:
  void swap(Buffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(rows_, other.rows_);
    std::swap(cols_, other.cols_);
  }

  float* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
};

}  // namespace painters::tensor

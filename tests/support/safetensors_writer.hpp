// Writes safetensors files for tests, tensors in the order in which they are added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/sparse_bytes.hpp"

namespace support {

class SafetensorsWriter {
 public:
  SafetensorsWriter& tensor(std::string_view name, std::string_view dtype,
                            const std::vector<std::size_t>& shape, std::string_view bytes) {
    header(name, dtype, shape, bytes.size());
    data_.append(bytes);
    return *this;
  }
  /// A matrix of zeros except for some rows, given by their numbers, each of cols * element_bytes
  /// bytes.
  SafetensorsWriter& sparse_tensor(std::string_view name, std::string_view dtype,
                                   std::size_t element_bytes, std::size_t rows, std::size_t cols,
                                   const std::map<std::size_t, std::string>& numbers) {
    const std::uint64_t row_bytes = cols * element_bytes;
    header(name, dtype, {rows, cols}, rows * row_bytes);
    for (const auto& [row, bytes] : numbers) data_.put(data_.size() + row * row_bytes, bytes);
    data_.append_hole(rows * row_bytes);
    return *this;
  }
  SafetensorsWriter& tensor(std::string_view name, const std::vector<std::size_t>& shape,
                            std::span<const float> values) {
    return tensor(name, "F32", shape,
                  {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }

  std::string bytes() const { return file("{" + header_ + "}", data_.bytes()); }
  void write(const std::filesystem::path& path) const {
    data_.write(path, file("{" + header_ + "}", ""));
  }

  /// A file whose header is `text`, whatever that is.
  static std::string file(std::string_view header, std::string_view data) {
    const std::uint64_t length = header.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length)
        .append(header)
        .append(data);
  }

 private:
  void header(std::string_view name, std::string_view dtype, const std::vector<std::size_t>& shape,
              std::uint64_t bytes) {
    header_ += (header_.empty() ? "\"" : ",\"") + std::string(name) + "\":{\"dtype\":\"" +
               std::string(dtype) + "\",\"shape\":[";
    for (std::size_t i = 0; i < shape.size(); ++i)
      header_ += (i == 0 ? "" : ",") + std::to_string(shape[i]);
    header_ += "],\"data_offsets\":[" + std::to_string(data_.size()) + "," +
               std::to_string(data_.size() + bytes) + "]}";
  }

  std::string header_;
  SparseBytes data_;
};

}  // namespace support

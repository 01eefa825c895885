// Writes small safetensors files for tests, tensors in the order in which they are added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace support {

class SafetensorsWriter {
 public:
  SafetensorsWriter& tensor(std::string_view name, std::string_view dtype,
                            const std::vector<std::size_t>& shape, std::string_view bytes) {
    header_ += (header_.empty() ? "\"" : ",\"") + std::string(name) + "\":{\"dtype\":\"" +
               std::string(dtype) + "\",\"shape\":[";
    for (std::size_t i = 0; i < shape.size(); ++i)
      header_ += (i == 0 ? "" : ",") + std::to_string(shape[i]);
    header_ += "],\"data_offsets\":[" + std::to_string(data_.size()) + "," +
               std::to_string(data_.size() + bytes.size()) + "]}";
    data_ += bytes;
    return *this;
  }
  SafetensorsWriter& tensor(std::string_view name, const std::vector<std::size_t>& shape,
                            std::span<const float> values) {
    return tensor(name, "F32", shape,
                  {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }

  std::string bytes() const { return file("{" + header_ + "}", data_); }
  void write(const std::filesystem::path& path) const {
    std::ofstream(path, std::ios::binary) << bytes();
  }

  /// A file with any text as its header.
  static std::string file(std::string_view header, std::string_view data) {
    const std::uint64_t length = header.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length)
        .append(header)
        .append(data);
  }

 private:
  std::string header_, data_;
};

}  // namespace support

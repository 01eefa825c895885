// Writes GGUF files, version 3, for tests: metadata and tensors in the order in which they are
// added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <painters/formats/gguf_value.hpp>
#include <painters/tensor/element_type.hpp>

#include "support/sparse_bytes.hpp"

namespace support {

/// Numbers and lengths as bytes, the way GGUF stores them.
class GgufBytes {
 public:
  template <class T>
  GgufBytes& number(T value) {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  GgufBytes& string(std::string_view text) {
    number(std::uint64_t{text.size()});
    bytes_ += text;
    return *this;
  }
  GgufBytes& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class GgufWriter {
 public:
  /// ggml's type numbers.
  static constexpr std::uint32_t f32 = 0, f16 = 1, q4_0 = 2, q4_1 = 3, q5_0 = 6, q5_1 = 7, q8_0 = 8,
                                 q2_k = 10, q3_k = 11, q4_k = 12, q5_k = 13, q6_k = 14, iq4_nl = 20,
                                 iq4_xs = 23, bf16 = 30;
  static std::uint32_t number(painters::tensor::ElementType type) {
    using Element = painters::tensor::ElementType;
    static const std::map<Element, std::uint32_t> numbers{
        {Element::f32, f32},   {Element::f16, f16},       {Element::bf16, bf16},
        {Element::q8_0, q8_0}, {Element::q4_0, q4_0},     {Element::q4_1, q4_1},
        {Element::q5_0, q5_0}, {Element::q5_1, q5_1},     {Element::q2_k, q2_k},
        {Element::q3_k, q3_k}, {Element::q4_k, q4_k},     {Element::q5_k, q5_k},
        {Element::q6_k, q6_k}, {Element::iq4_nl, iq4_nl}, {Element::iq4_xs, iq4_xs}};
    return numbers.at(type);
  }

  /// T is bool, a number, a string, or a std::vector of these; arrays of arrays are allowed.
  template <class T>
  GgufWriter& metadata(std::string_view key, const T& value) {
    metadata_.string(key).number(type_of<T>());
    put(metadata_, value);
    ++metadata_count_;
    return *this;
  }

  /// `shape` has the outermost length first, as everywhere in painters; `bytes` are blocks of the
  /// type.
  GgufWriter& tensor(std::string_view name, std::uint32_t type,
                     const std::vector<std::size_t>& shape, std::string_view bytes) {
    header(name, type, shape);
    data_.append(bytes).align(32);
    return *this;
  }
  /// A matrix of zeros except for some rows, given by their numbers as blocks of the type.
  GgufWriter& sparse_tensor(std::string_view name, painters::tensor::ElementType type,
                            std::size_t rows, std::size_t cols,
                            const std::map<std::size_t, std::string>& numbers) {
    header(name, number(type), {rows, cols});
    const std::uint64_t row_bytes = painters::tensor::row_bytes(type, cols);
    for (const auto& [row, bytes] : numbers) data_.put(data_.size() + row * row_bytes, bytes);
    data_.append_hole(rows * row_bytes).align(32);
    return *this;
  }
  GgufWriter& tensor(std::string_view name, const std::vector<std::size_t>& shape,
                     std::span<const float> values) {
    return tensor(name, f32, shape,
                  {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }

  std::string bytes() const { return head() + data_.bytes(); }
  void write(const std::filesystem::path& path) const { data_.write(path, head()); }

 private:
  using Type = painters::formats::GgufType;

  void header(std::string_view name, std::uint32_t type, const std::vector<std::size_t>& shape) {
    headers_.string(name).number(static_cast<std::uint32_t>(shape.size()));
    for (std::size_t i = shape.size(); i-- > 0;) headers_.number(std::uint64_t{shape[i]});
    headers_.number(type).number(data_.size());
    ++tensor_count_;
  }

  /// Everything that comes before the tensors.
  std::string head() const {
    GgufBytes file;
    file.raw("GGUF").number(std::uint32_t{3}).number(tensor_count_).number(metadata_count_);
    file.raw(metadata_.bytes()).raw(headers_.bytes());
    std::string result = file.bytes();
    result.resize((result.size() + 31) / 32 * 32);
    return result;
  }

  template <class T>
  static constexpr Type type_of() {
    if constexpr (std::is_same_v<T, bool>)
      return Type::boolean;
    else if constexpr (std::is_same_v<T, std::uint8_t>)
      return Type::uint8;
    else if constexpr (std::is_same_v<T, std::int8_t>)
      return Type::int8;
    else if constexpr (std::is_same_v<T, std::uint16_t>)
      return Type::uint16;
    else if constexpr (std::is_same_v<T, std::int16_t>)
      return Type::int16;
    else if constexpr (std::is_same_v<T, std::uint32_t>)
      return Type::uint32;
    else if constexpr (std::is_same_v<T, std::int32_t>)
      return Type::int32;
    else if constexpr (std::is_same_v<T, std::uint64_t>)
      return Type::uint64;
    else if constexpr (std::is_same_v<T, std::int64_t>)
      return Type::int64;
    else if constexpr (std::is_same_v<T, float>)
      return Type::float32;
    else if constexpr (std::is_same_v<T, double>)
      return Type::float64;
    else if constexpr (std::is_convertible_v<T, std::string_view>)
      return Type::string;
    else
      return Type::array;
  }

  template <class T>
  static void put(GgufBytes& out, const T& value) {
    if constexpr (std::is_arithmetic_v<T>) {
      out.number(value);
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      out.string(value);
    } else {
      out.number(type_of<typename T::value_type>()).number(std::uint64_t{value.size()});
      for (const auto& element : value) put<typename T::value_type>(out, element);
    }
  }

  GgufBytes metadata_, headers_;
  SparseBytes data_;
  std::uint64_t metadata_count_ = 0, tensor_count_ = 0;
};

}  // namespace support

// Arrays of f32 in NumPy's .npy format (little-endian, C order), for those who continue in Python.
// Format: numpy.lib.format, versions 1.0 to 3.0: magic, version, length of the header, a Python
// dict as text padded to a multiple of 64 bytes, the elements.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <painters/atomic_file.hpp>
#include <painters/error.hpp>

namespace painters::tensor {

static_assert(std::endian::native == std::endian::little,
              "painters: .npy files are written as little-endian numbers");

/// Elements in C order: the last index of `shape` runs fastest. An empty shape is a single number.
struct NpyArray {
  std::vector<std::size_t> shape;  // outermost first
  std::vector<float> values;       // product(shape) of them
};

/// Writes the array whole or not at all. Throws Error if the file cannot be written.
/// `values` holds product(shape) elements.
inline void write_npy(const std::filesystem::path& path, std::span<const std::size_t> shape,
                      const float* values) {
  std::size_t elements = 1;
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (const std::size_t n : shape) {
    elements *= n;
    header += std::to_string(n) + ", ";
  }
  if (shape.size() > 1)
    header.resize(header.size() - 2);  // (2, 3); but (2, ) is a tuple only with its comma
  header += "), }";
  constexpr std::size_t prefix = 10;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';

  AtomicFile file(path);
  const std::uint16_t length = static_cast<std::uint16_t>(header.size());
  file.stream().write("\x93NUMPY\x01\x00", 8);
  file.stream().write(reinterpret_cast<const char*>(&length), sizeof length);
  file.stream() << header;
  file.stream().write(reinterpret_cast<const char*>(values),
                      static_cast<std::streamsize>(elements * sizeof(float)));
  file.commit();
}

namespace detail {

/// The text after 'key': in the header's dict; empty if the key is not there.
inline std::string_view npy_entry(std::string_view header, std::string_view key) {
  const std::size_t at = header.find("'" + std::string(key) + "':");
  if (at == std::string_view::npos) return {};
  header.remove_prefix(at + key.size() + 3);
  const std::size_t value = header.find_first_not_of(' ');
  return value == std::string_view::npos ? std::string_view{} : header.substr(value);
}

/// The tuple of lengths at the beginning of `text`; false if it is not one.
inline bool npy_shape(std::string_view text, std::vector<std::size_t>& shape) {
  if (text.empty() || text.front() != '(') return false;
  std::size_t i = 1, value = 0;
  for (bool digits = false; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      if (value > (std::size_t{1} << 56)) return false;
      value = value * 10 + static_cast<std::size_t>(c - '0'), digits = true;
    } else if (c == ',' || c == ')') {
      if (digits) shape.push_back(value);
      if (c == ')') return true;
      if (!digits) return false;
      value = 0, digits = false;
    } else if (c != ' ') {
      return false;
    }
  }
  return false;
}

}  // namespace detail

/// Reads an array of little-endian f32 in C order. Throws Error for any other file.
inline NpyArray read_npy(const std::filesystem::path& path) {
  const auto fail = [&path](const std::string& found) {
    throw Error("expected an .npy file of little-endian float32 in C order at " + path.string() +
                ", found " + found + "; write it with numpy.save(file, array.astype('<f4'))");
  };
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Error("expected an .npy file at " + path.string() +
                ", found none that can be read; check the path");
  char magic[8] = {};
  std::uint32_t length = 0;
  file.read(magic, sizeof magic);
  if (!file || std::memcmp(magic, "\x93NUMPY", 6) != 0 || magic[6] < 1 || magic[6] > 3)
    fail("another format");
  file.read(reinterpret_cast<char*>(&length), magic[6] == 1 ? 2 : 4);
  if (!file || length > (1u << 20)) fail("a header that is cut short");
  std::string header(length, ' ');
  file.read(header.data(), length);
  if (!file) fail("a header that is cut short");
  if (!detail::npy_entry(header, "descr").starts_with("'<f4'")) fail("elements of another type");
  if (!detail::npy_entry(header, "fortran_order").starts_with("False"))
    fail("another order of elements");

  NpyArray array;
  if (!detail::npy_shape(detail::npy_entry(header, "shape"), array.shape)) fail("no shape");
  const std::uint64_t begin = static_cast<std::uint64_t>(file.tellg());
  file.seekg(0, std::ios::end);
  const std::uint64_t available =
      (static_cast<std::uint64_t>(file.tellg()) - begin) / sizeof(float);
  std::uint64_t elements = 1;
  for (const std::size_t n : array.shape) {
    if (n != 0 && elements > std::numeric_limits<std::uint64_t>::max() / n)
      fail("a shape beyond the file's size");
    elements *= n;
  }
  if (elements > available)
    fail(std::to_string(available) + " elements where the shape needs " + std::to_string(elements));
  array.values.resize(elements);
  file.seekg(static_cast<std::streamoff>(begin));
  file.read(reinterpret_cast<char*>(array.values.data()),
            static_cast<std::streamsize>(elements * sizeof(float)));
  if (!file) fail("fewer elements than its shape needs");
  return array;
}

}  // namespace painters::tensor

// A GGUF file: every value of its metadata as every type, a row of every tensor in f32, and as a
// model.
#include <cstdint>
#include <string>
#include <vector>

#include <painters/formats/gguf.hpp>
#include <painters/formats/gguf_value.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/weight.hpp>

#include "fuzz/model.hpp"
#include "fuzz/support.hpp"

using namespace painters;

PAINTERS_FUZZ {
  const auto path = fuzz::file("model.gguf", input);
  const formats::Gguf file = formats::Gguf::open(path);
  for (const auto& [key, value] : file.all_metadata()) {
    (void)formats::gguf_found(value);
    (void)formats::gguf_as<bool>(value);
    (void)formats::gguf_as<std::int8_t>(value);
    (void)formats::gguf_as<std::uint64_t>(value);
    (void)formats::gguf_as<float>(value);
    (void)formats::gguf_as<double>(value);
    (void)formats::gguf_as<std::string>(value);
    (void)formats::gguf_as<std::vector<std::int32_t>>(value);
    (void)formats::gguf_as<std::vector<float>>(value);
    (void)formats::gguf_as<std::vector<std::string_view>>(value);
    (void)formats::gguf_as<std::vector<std::vector<std::string>>>(value);
  }
  std::vector<float> row;
  for (const auto& [name, stored] : file.tensors()) {
    const bool has_rows =
        !stored.bytes.empty() && stored.type && !stored.shape.empty() && stored.shape.size() <= 2;
    if (!has_rows) continue;
    const std::size_t rows = stored.shape.size() == 2 ? stored.shape[0] : 1;
    const tensor::Weight weight = stored.weight(rows, stored.shape.back());
    row.resize(weight.cols);
    for (const std::size_t r : {std::size_t{0}, rows - 1})
      tensor::dequantize_row(weight, r, row.data());
  }
  fuzz::use_model(path);
}

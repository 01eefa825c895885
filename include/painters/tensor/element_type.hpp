// The element types of weights as files store them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace painters::tensor {

/// Scalars and the block formats of GGUF: a block holds 32 consecutive elements of a row.
enum class ElementType : std::uint8_t { f32, f16, bf16, q8_0, q4_0, q4_1, q5_0, q5_1 };

/// How elements of a type lie in memory.
struct ElementTraits {
  std::string_view name;       // as in GGUF
  std::size_t block_elements;  // 1 for scalars
  std::size_t block_bytes;     // of a block, or of a scalar
};

/// Those of `type`.
constexpr ElementTraits traits(ElementType type) {
  switch (type) {
    case ElementType::f32:
      return {"F32", 1, 4};
    case ElementType::f16:
      return {"F16", 1, 2};
    case ElementType::bf16:
      return {"BF16", 1, 2};
    case ElementType::q8_0:
      return {"Q8_0", 32, 34};
    case ElementType::q4_0:
      return {"Q4_0", 32, 18};
    case ElementType::q4_1:
      return {"Q4_1", 32, 20};
    case ElementType::q5_0:
      return {"Q5_0", 32, 22};
    case ElementType::q5_1:
      return {"Q5_1", 32, 24};
  }
  return {"?", 1, 0};
}

/// Bytes of a row of `elements` elements; `elements` is a multiple of block_elements.
constexpr std::size_t row_bytes(ElementType type, std::size_t elements) {
  const ElementTraits t = traits(type);
  return elements / t.block_elements * t.block_bytes;
}

}  // namespace painters::tensor

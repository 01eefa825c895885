// The element types of weights as files store them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace painters::tensor {

/// Scalars and the block formats of GGUF: a block holds 32 or 256 consecutive elements of a row.
enum class ElementType : std::uint8_t {
  f32,
  f16,
  bf16,
  q8_0,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q2_k,
  q3_k,
  q4_k,
  q5_k,
  q6_k,
  iq4_nl,
  iq4_xs
};

/// Every element type.
inline constexpr std::array element_types{
    ElementType::f32,  ElementType::f16,    ElementType::bf16,  ElementType::q8_0,
    ElementType::q4_0, ElementType::q4_1,   ElementType::q5_0,  ElementType::q5_1,
    ElementType::q2_k, ElementType::q3_k,   ElementType::q4_k,  ElementType::q5_k,
    ElementType::q6_k, ElementType::iq4_nl, ElementType::iq4_xs};

/// How elements of a type lie in memory.
struct ElementTraits {
  std::string_view name;       // as in GGUF
  std::size_t block_elements;  // 1 for scalars
  std::size_t block_bytes;     // of a block, or of a scalar
};

/// The traits of `type`.
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
    case ElementType::q2_k:
      return {"Q2_K", 256, 84};
    case ElementType::q3_k:
      return {"Q3_K", 256, 110};
    case ElementType::q4_k:
      return {"Q4_K", 256, 144};
    case ElementType::q5_k:
      return {"Q5_K", 256, 176};
    case ElementType::q6_k:
      return {"Q6_K", 256, 210};
    case ElementType::iq4_nl:
      return {"IQ4_NL", 32, 18};
    case ElementType::iq4_xs:
      return {"IQ4_XS", 256, 136};
  }
  return {"?", 1, 0};
}

/// The type of that name; empty if there is none.
constexpr std::optional<ElementType> element_type_named(std::string_view name) {
  for (const ElementType type : element_types)
    if (traits(type).name == name) return type;
  return std::nullopt;
}

/// Bytes of a row of `elements` elements; `elements` is a multiple of block_elements.
constexpr std::size_t row_bytes(ElementType type, std::size_t elements) {
  const ElementTraits t = traits(type);
  return elements / t.block_elements * t.block_bytes;
}

}  // namespace painters::tensor

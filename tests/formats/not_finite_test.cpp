#include <painters/formats/not_finite.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace painters;
using formats::StoredTensor;
using tensor::ElementType;

namespace {

StoredTensor tensor_of(const std::string& name, const std::vector<std::size_t>& shape,
                       const std::vector<float>& values) {
  return {name, "F32", ElementType::f32, shape, std::as_bytes(std::span(values))};
}

}  // namespace

TEST_CASE("the first row with NaN or infinity is found", "[formats][damaged_weights]") {
  std::vector<float> values(12, 1);
  const auto found = [&] { return formats::first_row_not_finite(tensor_of("w", {4, 3}, values)); };
  CHECK_FALSE(found());
  values[11] = std::numeric_limits<float>::infinity();
  CHECK(found() == 3);
  values[4] = std::nanf("");
  CHECK(found() == 1);
  CHECK(formats::first_row_not_finite(tensor_of("w", {12}, values)) == 0);
  StoredTensor unknown = tensor_of("w", {4, 3}, values);
  unknown.type.reset();
  CHECK_FALSE(formats::first_row_not_finite(unknown));
  CHECK_FALSE(formats::first_row_not_finite(tensor_of("w", {0, 3}, {})));
}

TEST_CASE("only the tensors that are asked for are searched", "[formats][damaged_weights]") {
  const std::vector<float> good(4, 1), bad(4, -std::numeric_limits<float>::infinity());
  formats::TensorTable tensors;
  tensors.add(tensor_of("a.weight", {2, 2}, good));
  tensors.add(tensor_of("b.weight", {2, 2}, bad));
  tensors.add(tensor_of("c.bias", {4}, bad));
  const auto place = [&](std::string_view beginning) {
    return formats::place_not_finite(
        tensors.all(), [&](std::string_view name) { return name.starts_with(beginning); });
  };
  CHECK_FALSE(place("a"));
  CHECK(place("b") == "row 0 of 'b.weight'");
  CHECK(place("c") == "'c.bias'");
  CHECK(place("") == "row 0 of 'b.weight'");
}

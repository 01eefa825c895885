#include <painters/models/stored_linear.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <painters/backend/reference.hpp>
#include <painters/error.hpp>
#include <painters/tensor/weight.hpp>

#include "support/catch.hpp"

using namespace painters;

TEST_CASE("matrices that do not belong together are no linear map", "[models][linear]") {
  backend::Reference backend;
  const std::array<float, 24> values{};
  const auto matrix = [&](std::size_t rows, std::size_t cols) {
    return tensor::Weight{tensor::ElementType::f32, std::as_bytes(std::span(values)).data(), rows,
                          cols};
  };
  const auto make = [&](tensor::StackedWeight weight, std::size_t biases) {
    return models::linear(backend, {std::move(weight), std::vector<float>(biases)});
  };
  CHECK(make({matrix(2, 8), matrix(1, 8)}, 3).bias.size() == 3);
  CHECK_NOTHROW(make({matrix(2, 8)}, 0));
  CHECK_THROWS_AS(make({}, 0), Error);
  CHECK_THROWS_AS(make({matrix(0, 8)}, 0), Error);
  CHECK_THROWS_AS(make({matrix(2, 8), matrix(2, 4)}, 0), Error);
  CHECK_THROWS_AS(make({matrix(2, 8), matrix(1, 8)}, 2), Error);
}

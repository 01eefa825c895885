#include <painters/pipeline/apply_call.hpp>

#include <cstddef>
#include <span>
#include <vector>

#include "pipeline/toys.hpp"
#include "support/catch.hpp"

#include <painters/pipeline/pipeline.hpp>

using painters::CallSite;
using painters::Part;

namespace {

/// A state whose rows are numbers. Counts its copies.
struct Column {
  static inline int copies = 0;
  toys::Vector values;

  explicit Column(toys::Vector v) : values(std::move(v)) {}
  Column(const Column& other) : values(other.values) { ++copies; }
  Column& operator=(const Column&) = default;

  friend void take_rows(const Column& x, std::span<const std::size_t> rows, std::span<double> y) {
    for (std::size_t i = 0; i < rows.size(); ++i) y[i] = x.values[rows[i]];
  }
};

/// x_j += its number times x_0, in two parts of which the second is a negation.
struct Whole {
  static constexpr Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }
  static double row(Part part, const Column& x, std::size_t j) {
    const double sum = x.values[j] + static_cast<double>(j) * x.values[0];
    return part == 0 ? -sum : part == 1 ? sum : -x.values[j];
  }
  void apply(Part part, Column& x) const {
    const Column before = x;
    for (std::size_t j = 0; j < x.values.size(); ++j) x.values[j] = row(part, before, j);
  }
  void operator()(Column& x) const { apply(painters::whole, x); }
};

/// The same, row by row.
struct ByRows : Whole {
  void apply_at(Part part, const Column& x, std::span<const std::size_t> rows,
                std::span<double> y) const {
    for (std::size_t i = 0; i < rows.size(); ++i) y[i] = row(part, x, rows[i]);
  }
};

static_assert(painters::LayerAtRows<ByRows, Column, std::span<double>>);
static_assert(!painters::LayerAtRows<Whole, Column, std::span<double>>);

}  // namespace

TEST_CASE("wanted rows of a call are those rows of the state after it", "[apply_call]") {
  const auto net = painters::pipeline(Whole{}, ByRows{});
  const Column x({1, 2, 3, 4});
  const std::vector<std::size_t> rows{0, 1, 3};
  for (const std::uint32_t layer : {0u, 1u})
    for (const Part part : {Part{0}, Part{1}, Part{2}}) {
      CAPTURE(layer, int(part));
      const CallSite site{.layer = layer, .part = part};
      Column all = x;
      painters::apply_call(net, site, all);
      toys::Vector y(3);
      Column::copies = 0;
      painters::apply_call(net, site, x, rows, std::span<double>(y));
      CHECK(Column::copies == (layer == 0 ? 2 : 0));  // one of them is the layer's own
      CHECK(y == toys::Vector{all.values[0], all.values[1], all.values[3]});
      CHECK(x.values == toys::Vector{1, 2, 3, 4});
    }
}

TEST_CASE("wanted rows of a part that a layer does not have are refused", "[apply_call]") {
  struct NoParts {
    void operator()(Column&) const {}
  };
  const auto net = painters::pipeline(NoParts{});
  std::vector<double> y(1);
  CHECK_THROWS_AS(painters::apply_call(net, CallSite{.layer = 0, .part = 1}, Column({1}),
                                       std::vector<std::size_t>{0}, std::span<double>(y)),
                  painters::UsageError);
}

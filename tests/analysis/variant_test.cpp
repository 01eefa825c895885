#include <painters/analysis/variant.hpp>

#include <string>

#include "support/catch.hpp"

using namespace painters::analysis;

TEST_CASE("variants are named in files after their methods, except for parallel",
          "[analysis][variant]") {
  std::string names;
  for (const VariantRow& row : variants) names += std::string(row.name()) + ' ';
  CHECK(names ==
        "baseline skip_one switch_two skip middle_repeat reverse random parallel looped_parallel ");
}

TEST_CASE("a variant fixes what its list fixes and leaves place and seed open",
          "[analysis][variant]") {
  using painters::paper::Values;
  CHECK(about(Variant::skip).values(4, 7) == Values{4, 0});
  CHECK(about(Variant::random).values(4, 7) == Values{4, 7});
  CHECK(about(Variant::parallel).values(4, 7) == Values{4, 1});
  CHECK(about(Variant::looped_parallel).values(4, 7) == Values{4, 3});
  for (const VariantRow& row : variants) CHECK(row.has_seeds() == (row.variant == Variant::random));
}

TEST_CASE("variants of windows and of single layers are told apart", "[analysis][variant]") {
  CHECK(window_variants == std::array{Variant::skip, Variant::middle_repeat, Variant::reverse,
                                      Variant::random, Variant::parallel,
                                      Variant::looped_parallel});
  CHECK(layer_variants == std::array{Variant::skip_one, Variant::switch_two});
  CHECK_FALSE(about(Variant::baseline).changes_window());
}

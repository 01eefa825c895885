#include <painters/backend/built_in_all.hpp>

#include <cstddef>
#include <string>
#include <type_traits>

#include "support/catch.hpp"

using namespace painters;

namespace {

std::string name_of(const backend::Choice& choice) {
  return backend::with_built_in(choice, [](auto row) { return std::string(row.name); });
}

}  // namespace

TEST_CASE("a backend is chosen by its name, the first one by default", "[backend][built_in]") {
  for (const std::string_view name : backend::built_in_names())
    CHECK(name_of({.backend = std::string(name), .precision = "f32"}) == name);
  CHECK(backend::built_in_names().back() == "reference");
  CHECK(name_of({.backend = {}, .precision = {}}) == backend::built_in_names().front());
#ifdef PAINTERS_HAS_ONEDNN
  CHECK(name_of({.backend = {}, .precision = {}}) == "onednn");
  CHECK(std::is_same_v<backend::Default, backend::OneDnn>);
#else
  CHECK(std::is_same_v<backend::Default, backend::Reference>);
#endif
}

TEST_CASE("every backend of the build can be made and computes", "[backend][built_in]") {
  for (const std::string_view name : backend::built_in_names())
    backend::with_built_in({.backend = std::string(name), .precision = {}}, [](auto row) {
      auto made = backend::make<typename decltype(row)::Backend>({.weights = 0, .file = 0});
      auto x = made.buffer(2, 3);
      CHECK(x.rows() == 2);
    });
}

TEST_CASE("a backend or precision that a build lacks is refused with those that it has",
          "[backend][built_in]") {
  CHECK_THROWS_WITH(name_of({.backend = "abacus", .precision = {}}),
                    Catch::Matchers::StartsWith("expected a backend that this build has, ") &&
                        Catch::Matchers::EndsWith("reference, found \"abacus\""));
  CHECK_THROWS_WITH(name_of({.backend = "reference", .precision = "bf16"}),
                    "expected a precision that the backend reference has, f32, found \"bf16\"");
  CHECK_THROWS_AS(name_of({.backend = "", .precision = "f64"}), UsageError);
}

// The table of methods against the functions that it names, and as texts.
#include <painters/plan/method_text.hpp>
#include <painters/plan/paper_methods.hpp>

#include <set>
#include <string>

#include "support/catch.hpp"

#include <painters/error.hpp>
#include <painters/plan/method.hpp>
#include <painters/plan/parse.hpp>

using namespace painters;

namespace {

constexpr const paper::Method& skip = paper::method_named("skip");

static_assert(paper::plan_of(skip, 32, {12, 0}) == (Sequence<32>{} | paper::skip(12)));
static_assert(paper::find_method("skips") == paper::methods.size() &&
              paper::find_method("") == paper::methods.size());
static_assert(paper::method_of("@skip(start=3)") == &skip);

}  // namespace

TEST_CASE("every method of the table is read as it is written", "[plan][paper]") {
  std::set<std::string_view> names;
  for (const paper::Method& method : paper::methods) {
    CAPTURE(method.name);
    CHECK(names.insert(method.name).second);
    CHECK_FALSE(method.meaning.empty());
    for (const std::uint64_t first : paper::figure_values(method.arguments[0], 9))
      for (const std::uint64_t second : paper::figure_values(method.arguments[1], 9)) {
        const std::string text = paper::to_string(method, {first, second});
        CHECK(parse_plan(text, 9) == paper::plan_of(method, 9, {first, second}));
        CHECK(paper::method_of(text) == &method);
      }
    CHECK_NOTHROW(parse_plan(paper::usage(method), 32));
  }
}

TEST_CASE("figures have every value for which a method has a meaning", "[plan][paper]") {
  for (const paper::Method& method : paper::methods)
    for (const std::size_t layers : {1, 2, 3, 24, 31}) {
      CAPTURE(method.name, layers);
      const auto values = paper::figure_values(method.arguments[0], layers);
      if (method.arguments[0].name.empty()) continue;
      for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == i);
      CHECK_THROWS_AS(paper::plan_of(method, layers, {values.size(), 1}), UsageError);
    }
  CHECK(paper::figure_values(paper::arguments::repeats, 24).front() == 1);
  CHECK(paper::figure_values(paper::arguments::repeats, 24).back() == 28);
  CHECK(paper::figure_values(paper::arguments::seed, 24).back() == 9);
}

TEST_CASE("a method's text has its arguments in order", "[plan][paper]") {
  CHECK(paper::to_string(paper::method_named("baseline"), {}) == "@baseline");
  CHECK(paper::to_string(paper::method_named("random"), {3, 18446744073709551615u}) ==
        "@random(start=3, seed=18446744073709551615)");
  CHECK(paper::usage(paper::method_named("looped_parallel")) ==
        "@looped_parallel(start=12, repeats=3)");
  CHECK_THROWS_AS(paper::method_named("parallel"), UsageError);
}

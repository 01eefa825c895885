#include <painters/pipeline/slot.hpp>

#include <memory>
#include <utility>
#include <vector>

#include "support/catch.hpp"

TEST_CASE("a slot makes its value at first use and keeps it", "[slot]") {
  painters::Slot slot;
  CHECK(slot.empty());
  CHECK(slot.get<std::vector<int>>().empty());
  slot.get<std::vector<int>>().push_back(3);
  CHECK_FALSE(slot.empty());
  CHECK(std::as_const(slot).get<std::vector<int>>() == std::vector<int>{3});
}

TEST_CASE("a slot refuses to show its value as another type, or a value that it lacks", "[slot]") {
  painters::Slot slot;
  CHECK_THROWS_AS(std::as_const(slot).get<int>(), painters::Error);
  slot.get<int>() = 1;
  CHECK_THROWS_AS(slot.get<long>(), painters::Error);
}

TEST_CASE("a slot destroys its value once, moved or not", "[slot]") {
  const auto watched = std::make_shared<int>(1);
  {
    painters::Slot a, b;
    a.get<std::shared_ptr<int>>() = watched;
    painters::Slot c(std::move(a));
    b.get<int>() = 2;
    b = std::move(c);
    CHECK(watched.use_count() == 2);
    CHECK(b.get<std::shared_ptr<int>>() == watched);
  }
  CHECK(watched.use_count() == 1);
}

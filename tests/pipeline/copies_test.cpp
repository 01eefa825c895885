// Whatever the build, copies are checked here.
#undef PAINTERS_CHECK_COPIES
#define PAINTERS_CHECK_COPIES 1
#include <painters/pipeline/copies.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"

#include <painters/pipeline/backward.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/combinators.hpp>

namespace {

/// A view whose type does not give it away.
class Hidden {
 public:
  Hidden(double* values, std::size_t size) : values_(values), size_(size) {}
  double& operator[](std::size_t i) { return values_[i]; }
  friend void scale(Hidden& x, double a) {
    for (std::size_t i = 0; i < x.size_; ++i) x.values_[i] *= a;
  }
  friend void add_scaled(Hidden& x, double a, const Hidden& y) {
    for (std::size_t i = 0; i < x.size_; ++i) x.values_[i] += a * y.values_[i];
  }

 protected:
  double* values_;
  std::size_t size_;
};
/// The same, with an inner product.
class HiddenWithDot : public Hidden {
 public:
  using Hidden::Hidden;
  friend double dot(const HiddenWithDot& x, const HiddenWithDot& y) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size_; ++i) sum += x.values_[i] * y.values_[i];
    return sum;
  }
};
/// Values that are shared through a smart pointer.
class Shared {
 public:
  explicit Shared(double value) : value_(std::make_shared<double>(value)) {}
  double& operator[](std::size_t) { return *value_; }
  friend void scale(Shared& x, double a) { *x.value_ *= a; }
  friend void add_scaled(Shared& x, double a, const Shared& y) { *x.value_ += a * *y.value_; }

 private:
  std::shared_ptr<double> value_;
};

/// Copies when it is written to.
class CopyOnWrite {
 public:
  explicit CopyOnWrite(double value) : value_(std::make_shared<double>(value)) {}
  double& operator[](std::size_t) {
    value_ = std::make_shared<double>(*value_);
    return *value_;
  }
  friend void scale(CopyOnWrite& x, double a) { x[0] *= a; }
  friend void add_scaled(CopyOnWrite& x, double a, const CopyOnWrite& y) { x[0] += a * *y.value_; }

 protected:
  std::shared_ptr<double> value_;
};
/// Owners of every kind, all with a pointer that copies have in common.
class Owner {
 public:
  explicit Owner(double value)
      : inside_(value), values_{value}, name_("x"), context_(&inside_of_all) {}
  double& operator[](std::size_t) { return values_[0]; }
  friend void scale(Owner& x, double a) { x.values_[0] *= a; }
  friend void add_scaled(Owner& x, double a, const Owner& y) { x.values_[0] += a * y.values_[0]; }

 protected:
  static inline double inside_of_all = 0;
  double inside_;
  std::vector<double> values_;
  std::string name_;
  double* context_;
};
class Inside {
 public:
  explicit Inside(double value) : value_(value), context_(&of_all) {}
  double& operator[](std::size_t) { return value_; }
  friend void scale(Inside& x, double a) { x.value_ *= a; }
  friend void add_scaled(Inside& x, double a, const Inside& y) { x.value_ += a * y.value_; }

 protected:
  static inline double of_all = 0;
  double value_;
  double* context_;
};

struct Increment {
  template <class State>
  void operator()(State& x) const {
    x[0] += 1;
  }
};

constexpr auto group = painters::mean(painters::call(0), painters::Sequence<0, 1>{});
const auto net = painters::pipeline(Increment{}, Increment{});
constexpr const char* sentence =
    "a copy of the state was expected to own its values, found that writing to the copy changes "
    "the "
    "original, as with a view: run plans over a type whose copies are deep";

template <class State>
double after(painters::PlanView plan, State x) {
  painters::run(plan, net, x);
  return x[0];
}

}  // namespace

TEST_CASE("a view that its type does not give away is found at the first copy", "[state][view]") {
  double value = 3;
  CHECK_THROWS_WITH(after(group, Hidden(&value, 1)), sentence);
  value = 0;
  CHECK_THROWS_WITH(after(group, Hidden(&value, 1)), sentence);
  value = 3;
  CHECK_THROWS_WITH(after(group, HiddenWithDot(&value, 1)), sentence);
  CHECK(value == 3);
  CHECK_THROWS_WITH(after(painters::sum(painters::call(0) * 0.5f), Hidden(&value, 1)), sentence);
  CHECK_THROWS_WITH(after(group, Shared(3)), sentence);
  CHECK_THROWS_AS(after(group, Shared(3)), painters::UsageError);
}

TEST_CASE("a view runs where nothing is copied", "[state][view]") {
  double value = 3;
  CHECK(after(painters::Sequence<2>{}, Hidden(&value, 1)) == 5);
  CHECK(after(painters::mean(painters::call(0)), Hidden(&value, 1)) == 6);
}

TEST_CASE("owners of values are not taken for views", "[state][view]") {
  for (const double start : {0.0, 3.0}) {
    CHECK(after(group, Owner(start)) == start + 1.5);
    CHECK(after(group, Inside(start)) == start + 1.5);
    CHECK(after(group, CopyOnWrite(start)) == start + 1.5);
  }
}

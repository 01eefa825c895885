// Toy states and layers, plans out of random bytes, and an executor that is too simple to be wrong.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <painters/pipeline/concepts.hpp>
#include <painters/plan/build.hpp>
#include <painters/plan/plan.hpp>

namespace toys {

using Vector = std::vector<double>;

/// x_j += tanh(a x_(j+1) + b): the order of such layers matters. Each part does half of it, the
/// second after the first.
struct Mixing {
  double a = 0.5;
  double b = 0.1;

  static constexpr painters::Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }

  void apply(painters::Part part, Vector& x) const {
    for (std::size_t j = part - 1u; j < x.size(); j += 2)
      x[j] += std::tanh(a * x[(j + 1) % x.size()] + b);
  }
  void operator()(Vector& x) const {
    apply(1, x);
    apply(2, x);
  }
};

/// x_j <- x_j * factor
struct Scaling {
  double factor = 0.9;
  void operator()(Vector& x) const {
    for (double& value : x) value *= factor;
  }
};

/// A plan over `layers` layers, decoded from bytes so that a failing one shrinks with them.
class PlanFromBytes {
 public:
  PlanFromBytes(const std::vector<std::uint8_t>& bytes, std::uint32_t layers, painters::Part parts)
      : bytes_(bytes), layers_(layers), parts_(parts) {}

  painters::Plan make() {
    painters::Plan plan;
    while (at_ < bytes_.size()) plan.append(element(0));
    return plan;
  }

 private:
  std::uint32_t next() { return at_ < bytes_.size() ? bytes_[at_++] : 0; }

  painters::Plan element(int depth) {
    const std::uint32_t kind = depth < 4 ? next() % 8 : 0;
    painters::Plan plan;
    if (kind < 4) {
      const std::uint32_t layer = next();
      plan.append(
          painters::Node{.part = static_cast<painters::Part>(layer / layers_ % (parts_ + 1u)),
                         .value = layer % layers_});
    } else if (kind < 6) {
      const std::uint32_t times = 1 + next() % 3;
      painters::plan_detail::append_repeat(plan, times, body(depth));
    } else {
      painters::Plan branches;
      for (std::uint32_t n = 1 + next() % 3; n > 0; --n) {
        const float weight = 0.25f * static_cast<float>(1 + next() % 6);
        painters::plan_detail::append_branch(branches, weight, body(depth));
      }
      painters::plan_detail::append_group(
          plan, kind == 6 ? painters::NodeKind::mean : painters::NodeKind::sum, branches);
    }
    return plan;
  }
  painters::Plan body(int depth) {
    painters::Plan plan;
    for (std::uint32_t n = next() % 4; n > 0; --n) plan.append(element(depth + 1));
    return plan;
  }

  const std::vector<std::uint8_t>& bytes_;
  std::uint32_t layers_;
  painters::Part parts_;
  std::size_t at_ = 0;
};

inline painters::Plan plan_from(const std::vector<std::uint8_t>& bytes, std::uint32_t layers,
                                painters::Part parts = 0) {
  return PlanFromBytes(bytes, layers, parts).make();
}

/// What a plan means, straight from the definition: call(layer, part, x) returns the state after a
/// call.
template <class Call>
Vector meaning(painters::PlanView plan, Vector h, const Call& call) {
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) {
    const painters::Node& node = plan[i];
    const painters::PlanView below = plan.below(i);
    if (node.kind == painters::NodeKind::call) {
      h = call(node.value, node.part, h);
    } else if (node.kind == painters::NodeKind::repeat) {
      for (std::uint32_t t = 0; t < node.value; ++t) h = meaning(below, h, call);
    } else {
      double weights = 0;
      for (std::size_t b = 0; b < below.size(); b = below.next(b)) weights += below[b].weight;
      const bool mean = node.kind == painters::NodeKind::mean;
      Vector result(h.size());
      if (!mean) result = h;
      for (std::size_t b = 0; b < below.size(); b = below.next(b)) {
        const Vector f = meaning(below.below(b), h, call);
        for (std::size_t j = 0; j < h.size(); ++j)
          result[j] += mean ? below[b].weight * f[j] / weights : below[b].weight * (f[j] - h[j]);
      }
      h = result;
    }
  }
  return h;
}

inline double distance(const Vector& a, const Vector& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t j = 0; j < a.size(); ++j) largest = std::fmax(largest, std::fabs(a[j] - b[j]));
  return largest;
}

}  // namespace toys

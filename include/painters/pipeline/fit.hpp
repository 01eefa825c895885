// Checks a plan against a network before anything runs: do the layers and parts exist, and do the
// widths of neighbours fit? One check serves plans known at compile time and all others.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <painters/pipeline/facts.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/plan/fail.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/validate.hpp>
#include <type_traits>

namespace painters {

namespace pipeline_detail {

/// The first thing in a plan that does not fit the layers.
struct Misfit {
  enum Kind : std::uint8_t { none, part, neighbours, branches } kind = none;
  std::uint32_t layer =
      0;  // part, neighbours: the layer that is called; branches: that gave the later width
  Part called = whole;       // part: the one called
  Part parts = 0;            // part: how many the layer has
  std::uint32_t before = 0;  // the layer that gave the earlier width
  std::size_t gives = 0;     // that width
  std::size_t takes = 0;     // neighbours: what `layer` takes; branches: what `layer` gives
};

/// `facts(i)` gives the LayerFacts of layer i. Widths flow through the plan. The width that a
/// loop's body gives depends on its last layer only, so a second pass, where one is needed, finds
/// all that later ones could.
template <class Facts>
class FitCheck {
 public:
  constexpr explicit FitCheck(const Facts& facts) : facts_(facts) {}

  constexpr Misfit check(PlanView plan) {
    sequence(plan, Width{});
    return misfit_;
  }

 private:
  struct Width {
    std::size_t value = 0;  // 0: not known
    std::uint32_t layer = 0;
  };

  constexpr Width sequence(PlanView plan, Width width) {
    for (std::size_t i = 0; i < plan.size() && misfit_.kind == Misfit::none; i = plan.next(i)) {
      const Node& node = plan[i];
      if (node.kind == NodeKind::call)
        width = call(node, width);
      else if (node.kind == NodeKind::repeat)
        width = loop(plan.below(i), width);
      else
        width = group(node, plan.below(i), width);
    }
    return width;
  }

  constexpr Width loop(PlanView body, Width start) {
    const Width once = sequence(body, start);
    return once.value == start.value ? once : sequence(body, once);
  }

  constexpr Width call(const Node& node, Width width) {
    const LayerFacts layer = facts_(node.value);
    if (node.part > layer.parts && !layer.parts_open) {
      misfit_ = Misfit{Misfit::part, node.value, node.part, layer.parts, 0, 0, 0};
    } else if (width.value != 0 && layer.takes != 0 && width.value != layer.takes) {
      misfit_ = Misfit{Misfit::neighbours, node.value,  node.part,  layer.parts,
                       width.layer,        width.value, layer.takes};
    }
    return {layer.gives, node.value};
  }

  constexpr Width group(const Node& node, PlanView branches, Width start) {
    Width result =
        node.kind == NodeKind::sum ? start : Width{};  // a sum adds its branches to its start
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i)) {
      const Width end = sequence(branches.below(i), start);
      if (misfit_.kind != Misfit::none) return {};
      if (result.value == 0) {
        result = end;
      } else if (end.value != 0 && end.value != result.value) {
        misfit_ =
            Misfit{Misfit::branches, end.layer, whole, 0, result.layer, result.value, end.value};
        return {};
      }
    }
    return result;
  }

  const Facts& facts_;
  Misfit misfit_;
};

struct ReadFacts {
  LayerFacts& result;
  template <class L>
  void operator()(const L& layer) const {
    result = facts(layer);
  }
};
template <class Net>
struct FactsOf {
  const Net& net;
  LayerFacts operator()(std::size_t i) const {
    LayerFacts result;
    net.visit(i, ReadFacts{result});
    return result;
  }
};
template <class Net>
struct StaticFactsOf {
  constexpr LayerFacts operator()(std::size_t i) const { return Net::static_facts(i); }
};

template <class Net>
concept StaticSize = requires {
  typename std::integral_constant<std::size_t, Net::size()>;
};
template <class Net>
concept SaysStaticFacts = requires {
  { Net::static_facts(std::size_t{}) } -> std::same_as<LayerFacts>;
  { Net::facts_are_static } -> std::convertible_to<bool>;
};

constexpr void require_fit(const Misfit& found) {
  if (found.kind == Misfit::part)
    plan_detail::fail(
        "the plan calls part {} of layer {}, which has {} parts: call the whole layer or a part "
        "that it has",
        {found.called, found.layer, found.parts});
  if (found.kind == Misfit::neighbours)
    plan_detail::fail(
        "layer {} takes states of width {}, but layer {}, which the plan calls before it, gives "
        "{}: put a layer from {} to {} between them",
        {found.layer, found.takes, found.before, found.gives, found.gives, found.takes});
  if (found.kind == Misfit::branches)
    plan_detail::fail(
        "the branches of a parallel group must give states of one width, but layer {} gives {} and "
        "layer {} gives {}: end both with layers of the same width",
        {found.before, found.gives, found.layer, found.takes});
}

/// Checks a plan against what is known about Net at compile time, if Net has the plan's layers.
template <class Net>
constexpr Misfit misfit_when_compiling(PlanView plan) {
  if constexpr (StaticSize<Net> && SaysStaticFacts<Net>) {
    const StaticFactsOf<Net> facts;
    if (layers_needed(plan) <= Net::size()) return FitCheck<StaticFactsOf<Net>>(facts).check(plan);
  }
  return {};
}

/// check_fit for a plan that is known at compile time, as far as the network is known then: true if
/// nothing is left to check.
template <class Net>
constexpr bool check_fit_when_compiling(PlanView plan) {
  if constexpr (StaticSize<Net>) validate(plan, Net::size());
  require_fit(misfit_when_compiling<Net>(plan));
  if constexpr (StaticSize<Net> && SaysStaticFacts<Net>)
    return Net::facts_are_static;
  else
    return false;
}

}  // namespace pipeline_detail

/// Throws UsageError if `plan` cannot run on `net`: because a layer or part does not exist, the
/// widths of neighbours do not fit, or the plan itself is invalid.
template <Network Net>
void check_fit(PlanView plan, const Net& net) {
  validate(plan, net.size());
  const pipeline_detail::FactsOf<Net> facts{net};
  pipeline_detail::require_fit(
      pipeline_detail::FitCheck<pipeline_detail::FactsOf<Net>>(facts).check(plan));
}

}  // namespace painters

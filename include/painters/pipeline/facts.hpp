// What a layer says about itself: numbers that a plan can be checked against, and the names of its
// parts.
#pragma once

#include <concepts>
#include <cstddef>
#include <painters/pipeline/network.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/part_names.hpp>
#include <string_view>
#include <type_traits>
#include <vector>

namespace painters {

/// Widths and parts of one layer. 0 stands for a width that the layer does not state.
struct LayerFacts {
  std::size_t takes = 0;    // the width of the states that it takes; 0: any
  std::size_t gives = 0;    // the width of those that it leaves; 0: any
  Part parts = 0;           // the largest number of a part
  bool parts_open = false;  // whether they are known only at run time
};

namespace pipeline_detail {

// A member function can be called without an object, in a constant, if it is static constexpr.
template <class L>
concept StaticTakes = requires {
  typename std::integral_constant<std::size_t, L::takes()>;
};
template <class L>
concept StaticGives = requires {
  typename std::integral_constant<std::size_t, L::gives()>;
};
template <class L>
concept StaticParts = requires {
  typename std::integral_constant<Part, L::parts()>;
};
template <class L>
concept SaysTakes = requires(const L& layer) {
  layer.takes();
};
template <class L>
concept SaysGives = requires(const L& layer) {
  layer.gives();
};
template <class L>
concept SaysParts = requires(const L& layer) {
  layer.parts();
};

/// Whether static_facts says all that facts() says.
template <class L>
inline constexpr bool facts_are_static = (StaticTakes<L> || !SaysTakes<L>)&&(
    StaticGives<L> || !SaysGives<L>)&&(StaticParts<L> || !SaysParts<L>);

}  // namespace pipeline_detail

/// What `layer` says about itself.
template <class L>
constexpr LayerFacts facts(const L& layer) {
  LayerFacts result;
  if constexpr (pipeline_detail::SaysTakes<L>) result.takes = layer.takes();
  if constexpr (pipeline_detail::SaysGives<L>) result.gives = layer.gives();
  if constexpr (pipeline_detail::SaysParts<L>) result.parts = layer.parts();
  return result;
}

/// What is known about every layer of type L at compile time.
template <class L>
constexpr LayerFacts static_facts() {
  LayerFacts result;
  if constexpr (pipeline_detail::StaticTakes<L>) result.takes = L::takes();
  if constexpr (pipeline_detail::StaticGives<L>) result.gives = L::gives();
  if constexpr (pipeline_detail::StaticParts<L>)
    result.parts = L::parts();
  else
    result.parts_open = pipeline_detail::SaysParts<L>;
  return result;
}

namespace pipeline_detail {

/// A range of std::string_view: names held by the layer, in static storage or written into the
/// program.
template <class Names>
concept PartNameRange = requires(const Names& names) {
  requires std::same_as<std::remove_cvref_t<decltype(*std::begin(names))>, std::string_view>;
  std::end(names);
};

struct ReadPartNames {
  std::vector<std::string_view>& result;
  template <class L>
  void operator()(const L& layer) const {
    if constexpr (requires { layer.part_names(); }) {
      using Names = std::remove_cvref_t<decltype(layer.part_names())>;
      static_assert(PartNameRange<Names>,
                    "painters: part_names() of a layer gives a range of std::string_view, the name "
                    "of part 1 first; what they view must live as long as the layer");
      if constexpr (PartNameRange<Names>)
        for (const std::string_view name : layer.part_names()) result.push_back(name);
    }
  }
};

}  // namespace pipeline_detail

/// The names that the layers of `net`, which must outlive the result, give their parts: for
/// parse_plan(text, net.size(), part_names(net)).
template <Network Net>
PartNames part_names(const Net& net) {
  PartNames names;
  std::vector<std::string_view> of_layer;
  for (std::size_t i = 0; i < net.size(); ++i) {
    of_layer.clear();
    net.visit(i, pipeline_detail::ReadPartNames{of_layer});
    names.add_layer(of_layer);
  }
  return names;
}

}  // namespace painters

// A network of layers of different types: pipeline(Mixer{...}, Residual{...}, Mixer{...}).
// pipeline(a, b, c), pipeline(a) | b | c and pipeline(a) | pipeline(b, c) have one type and are
// flat.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <painters/pipeline/facts.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/plan/fail.hpp>
#include <utility>

namespace painters {

template <class... Ls>
class Pipeline;

namespace pipeline_detail {

template <class T>
inline constexpr bool is_pipeline = false;
template <class... Ls>
inline constexpr bool is_pipeline<Pipeline<Ls...>> = true;

// Indexed leaves instead of a tuple, which dominates compile time when there are many layers.
template <std::size_t I, class L>
struct Leaf {
  L layer;
};
template <class Indices, class... Ls>
struct Leaves;
template <std::size_t... I, class... Ls>
struct Leaves<std::index_sequence<I...>, Ls...> : Leaf<I, Ls>... {};

constexpr bool require_layer_inside(std::size_t layer, std::size_t layers) {
  if (layer >= layers)
    plan_detail::fail("layer {} is outside the pipeline, which has {} layers, counted from 0",
                      {layer, layers});
  return true;
}

template <std::size_t I, class L>
const L& layer_of(const Leaf<I, L>& leaf) {
  return leaf.layer;
}
template <std::size_t I, class L>
L& layer_of(Leaf<I, L>& leaf) {
  return leaf.layer;
}

}  // namespace pipeline_detail

/// Layers of types Ls in a flat object. Make one with pipeline().
template <class... Ls>
class Pipeline {
  static_assert(
      !(pipeline_detail::is_pipeline<Ls> || ...),
      "painters: a pipeline is flat: join pipelines with | instead of putting one into another");

 public:
  /// The types of the layers, for errors that name them.
  using Layers = LayerTypes<Ls...>;
  /// Whether all that layers say about themselves is known at compile time.
  static constexpr bool facts_are_static = (pipeline_detail::facts_are_static<Ls> && ...);

  /// See pipeline().
  explicit Pipeline(Ls... layers) : Pipeline(Indices{}, std::move(layers)...) {}

  static constexpr std::size_t size() { return sizeof...(Ls); }

  /// What is known about layer i at compile time.
  static constexpr LayerFacts static_facts(std::size_t i) {
    constexpr std::array<LayerFacts, sizeof...(Ls)> all{painters::static_facts<Ls>()...};
    return all[i];
  }

  /// Layer I.
  template <std::size_t I>
  const auto& get() const {
    static_assert(pipeline_detail::require_layer_inside(I, size()));
    return pipeline_detail::layer_of<I>(leaves_);
  }
  /// Layer I.
  template <std::size_t I>
  auto& get() {
    static_assert(pipeline_detail::require_layer_inside(I, size()));
    return pipeline_detail::layer_of<I>(leaves_);
  }

  /// Calls f with layer i, which must be less than size(): one jump through a table.
  template <class F>
  void visit(std::size_t i, F&& f) const {
    visit_in(*this, i, f, Indices{});
  }
  /// Calls f with layer i, which must be less than size().
  template <class F>
  void visit(std::size_t i, F&& f) {
    visit_in(*this, i, f, Indices{});
  }

  template <class... More>
  friend Pipeline<Ls..., More...> operator|(Pipeline front, Pipeline<More...> back) {
    return front.join(back, Indices{}, std::index_sequence_for<More...>{});
  }
  template <class L>
  requires(!pipeline_detail::is_pipeline<L>) friend Pipeline<Ls..., L> operator|(Pipeline front,
                                                                                 L layer) {
    return front.append(layer, Indices{});
  }

 private:
  template <class... Others>
  friend class Pipeline;

  using Indices = std::index_sequence_for<Ls...>;

  template <std::size_t... I>
  explicit Pipeline(std::index_sequence<I...>, Ls&&... layers)
      : leaves_{pipeline_detail::Leaf<I, Ls>{std::move(layers)}...} {}

  template <class Self, class F, std::size_t... I>
  static void visit_in(Self& self, std::size_t i, F& f, std::index_sequence<I...>) {
    static constexpr void (*table[])(Self&, F&) = {&visit_leaf<I, Self, F>...};
    assert(i < size());
    table[i](self, f);
  }
  template <std::size_t I, class Self, class F>
  static void visit_leaf(Self& self, F& f) {
    f(self.template get<I>());
  }

  // Both move out of *this and name the leaves directly, because every | of a chain is compiled
  // anew.
  template <class... More, std::size_t... I, std::size_t... J>
  Pipeline<Ls..., More...> join(Pipeline<More...>& back, std::index_sequence<I...>,
                                std::index_sequence<J...>) {
    return Pipeline<Ls..., More...>(
        std::index_sequence_for<Ls..., More...>{},
        std::move(static_cast<pipeline_detail::Leaf<I, Ls>&>(leaves_).layer)...,
        std::move(static_cast<pipeline_detail::Leaf<J, More>&>(back.leaves_).layer)...);
  }
  template <class L, std::size_t... I>
  Pipeline<Ls..., L> append(L& layer, std::index_sequence<I...>) {
    return Pipeline<Ls..., L>(
        std::index_sequence_for<Ls..., L>{},
        std::move(static_cast<pipeline_detail::Leaf<I, Ls>&>(leaves_).layer)..., std::move(layer));
  }

  pipeline_detail::Leaves<Indices, Ls...> leaves_;
};

/// A network of these layers, which are moved or copied into it. For layers of one type see
/// stack().
template <class... Ls>
requires(sizeof...(Ls) > 0) Pipeline<Ls...> pipeline(Ls... layers) {
  return Pipeline<Ls...>(std::move(layers)...);
}

}  // namespace painters

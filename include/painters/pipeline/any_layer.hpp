// A layer of any type as a value of one type: for networks whose layers are chosen at run time.
#pragma once

#include <concepts>
#include <memory>
#include <painters/error.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/facts.hpp>
#include <painters/plan/node.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace painters {

/// Calls a layer for states of type S. Copies share the layer. What the layer offers beside parts
/// (memory, some rows, training) is out of reach; callers fall back to the whole call.
template <class S>
class AnyLayer {
 public:
  /// Keeps the layer.
  template <Layer<S> L>
  requires(!std::same_as<L, AnyLayer>) AnyLayer(L layer)
      : layer_(std::make_shared<const Of<L>>(std::move(layer))) {}

  /// Changes the state as the layer does.
  void operator()(S& x) const { layer_->call(x); }
  /// One part, or the whole layer. Throws UsageError for a part that the layer lacks.
  void apply(Part part, S& x) const { layer_->apply(part, x); }

  /// As the layer says, each.
  ///@{
  std::size_t takes() const { return layer_->facts.takes; }
  std::size_t gives() const { return layer_->facts.gives; }
  Part parts() const { return layer_->facts.parts; }
  bool parts_in_sequence() const { return layer_->parts_in_sequence; }
  const std::vector<std::string_view>& part_names() const { return layer_->names; }
  ///@}

 private:
  struct Erased {
    virtual ~Erased() = default;
    virtual void call(S& x) const = 0;
    virtual void apply(Part part, S& x) const = 0;

    LayerFacts facts;
    bool parts_in_sequence = false;
    std::vector<std::string_view> names;
  };

  template <class L>
  struct Of final : Erased {
    explicit Of(L l) : layer(std::move(l)) {
      this->facts = painters::facts(layer);
      if constexpr (LayerWithParts<L, S>)
        this->parts_in_sequence = layer.parts_in_sequence();
      else
        this->facts.parts = 0;
      pipeline_detail::ReadPartNames{this->names}(layer);
    }
    void call(S& x) const override { layer(x); }
    void apply(Part part, S& x) const override {
      if (part == whole) return call(x);
      if constexpr (LayerWithParts<L, S>)
        layer.apply(part, x);
      else
        throw UsageError(
            "expected a call of the whole layer, found one of a part: this layer has "
            "none");
    }

    L layer;
  };

  std::shared_ptr<const Erased> layer_;
};

}  // namespace painters
